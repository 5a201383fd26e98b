"""The charter for everybody: no sign-in, no script, no cookie; what was published and nothing else."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from calidez.charter.composing import compose
from calidez.charter.models import Charter, CharterVersion
from calidez.charter.published import PublicCharter, address_of, code_of, shown
from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.platform.display import Link
from calidez.kit.platform.formats import day

# A new release may say things differently: what was cached before it is asked for again.
STARTED = int(timezone.now().timestamp()) // 60
CACHED_FOR = 300  # seconds: a charter that was withdrawn is gone everywhere soon after


@dataclass(frozen=True)
class Page:
    """`problems` and `unpublished` are of the preview alone; `newer` of an older version."""

    charter: PublicCharter
    language: str
    listed: bool
    number: int | None
    published: dt.date | None
    until: dt.date | None
    newest_url: str
    older: tuple[Link, ...]
    address: str
    code: Any
    unpublished: bool = False
    problems: tuple[str, ...] = ()
    back_url: str = ""


@login_not_required
@require_safe
def public(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """The newest version, or the one with this number; nothing at all where the charter is not published."""
    charter = Charter.objects.filter(slug=slug, state=Charter.State.PUBLISHED).first()
    versions = list(charter.versions.all()) if charter is not None else []
    version = next((v for v in versions if number in {None, v.number}), None)
    if charter is None or version is None:
        raise Http404(_("There is no page at this address."))
    newest = versions[0]
    tag = f'"{version.digest[:20]}-{newest.number}-{STARTED}"'
    unchanged = get_conditional_response(request, etag=tag)
    if unchanged is not None:
        return _with_headers(unchanged, charter, version, tag)
    address = address_of(charter, request)
    with translation.override(version.content["language"]):
        html = render_to_string("charter/public.html", {"page": _page(charter, version, versions, address)})
    return _with_headers(HttpResponse(html), charter, version, tag)


@require_safe
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """How it would look, for those who may write it."""
    entity = catalog.of(Charter)
    charter = (
        entity.queryset(request.user, access.EDIT).select_related("policy", "unit").filter(slug=slug).first()
    )
    if charter is None:
        raise Http404(_("There is no page at this address."))
    composed = compose(charter)
    back, address = entity.url(charter), address_of(charter, request)
    with translation.override(charter.language):
        page = Page(
            charter=shown(composed.content),
            language=charter.language,
            listed=False,
            number=None,
            published=None,
            until=None,
            newest_url="",
            older=(),
            address=address,
            code=code_of(address),
            unpublished=True,
            problems=composed.problems,
            back_url=back,
        )
        response = HttpResponse(render_to_string("charter/public.html", {"page": page}))
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Content-Language"] = charter.language
    return response


def _page(charter: Charter, version: CharterVersion, versions: list[CharterVersion], address: str) -> Page:
    newest = versions[0]
    newer = next((v for v in reversed(versions) if v.number > version.number), None)
    listed = bool(newest.content["listed"]) and version == newest
    return Page(
        charter=shown(version.content),
        language=version.content["language"],
        listed=listed,
        number=version.number,
        published=_day(version),
        until=_day(newer) if newer is not None else None,
        newest_url="" if version == newest else reverse("charter:public", args=[charter.slug]),
        older=tuple(
            Link(
                _("Version %(number)s, %(day)s") % {"number": v.number, "day": day(_day(v))},
                reverse("charter:version", args=[charter.slug, v.number]),
            )
            for v in versions
            if v != version and v != newest
        ),
        address=address,
        code=code_of(address),
    )


def _day(version: CharterVersion) -> dt.date:
    return timezone.localdate(version.made_at)


def _with_headers(
    response: HttpResponse, charter: Charter, version: CharterVersion, tag: str
) -> HttpResponse:
    response["ETag"] = tag
    response["Cache-Control"] = f"public, max-age={CACHED_FOR}"
    response["Content-Language"] = version.content["language"]
    if not version.content["listed"]:
        response["X-Robots-Tag"] = "noindex"
    return response
