"""Standards that somebody proposed and that wait for a second person."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from calidez.kit import access
from calidez.kit.catalog import catalog
from calidez.kit.inbox import Pending
from calidez.standards.models import Standard

MOST = 50


def proposals(user: Any) -> tuple[Pending, ...]:
    """For those who may put them in force and did not propose them."""
    if not access.scope(user, "standard", "put_in_force"):
        return ()
    entity = catalog.of(Standard)
    found = entity.queryset(user, "put_in_force").filter(state=Standard.State.PROPOSED)
    waiting = found.exclude(proposed_by=user).select_related("proposed_by").order_by("code")[:MOST]
    return tuple(
        Pending(
            text=_("%(person)s proposes: %(standard)s")
            % {"person": standard.proposed_by or "–", "standard": standard},
            url=entity.url(standard),
            kind=entity.label[:1].upper() + entity.label[1:],
            subject="standards.standard",
            uid=standard.uid,
        )
        for standard in waiting
    )
