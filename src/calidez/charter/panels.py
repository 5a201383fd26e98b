"""What the page of a charter says of the public one: where it is, and what is still to be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from calidez.charter import rules
from calidez.charter.composing import compose
from calidez.charter.models import Charter
from calidez.charter.published import address_of, code_of
from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.platform.display import Link


@dataclass(frozen=True)
class PublicPage:
    address: str
    code: Any
    is_public: bool
    preview_url: str
    problems: tuple[str, ...]
    changed: bool
    old: str


def public_page(charter: Charter, user: Any, request: Any) -> PublicPage:
    composed = compose(charter)
    is_public = charter.state == Charter.State.PUBLISHED
    last = charter.versions.first()
    may_write = access.scope(user, "charter", access.EDIT).covers(charter.unit.path)
    address = address_of(charter, request)
    return PublicPage(
        address=address,
        code=code_of(address) if is_public else "",
        is_public=is_public,
        preview_url=reverse("charter:preview", args=[charter.slug]) if may_write else "",
        problems=composed.problems,
        changed=is_public and last is not None and last.digest != rules.digest_of(composed.content),
        old=_old(charter) if is_public else "",
    )


def _old(charter: Charter) -> str:
    if charter.stale_from is not None and charter.stale_from <= timezone.localdate():
        return _("Its results are older than two periods: publish the newer ones.")
    return ""


def page_of(charter: Charter) -> Link:
    """Where it is published or withdrawn: its page says what is known before anybody tries."""
    return Link(_("Open the charter"), catalog.of(Charter).url(charter))
