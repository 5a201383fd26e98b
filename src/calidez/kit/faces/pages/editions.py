"""Two editions of a record side by side: what each says that the other does not."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from calidez.kit.core import editions
from calidez.kit.desk.editions import differences, name_of
from calidez.kit.faces.pages.common import crumbs, record_or_404, viewable_entity
from calidez.kit.platform.display import Change, Link, Option


@dataclass(frozen=True)
class Comparison:
    title: str
    crumbs: tuple[Link, ...]
    before: tuple[Option, ...]
    after: tuple[Option, ...]
    before_head: str
    after_head: str
    differences: tuple[Change, ...]


def compare(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """The newest two, until somebody chooses others."""
    entity = viewable_entity(request, slug)
    record = record_or_404(request, entity, uid)
    found = list(editions.of(record)) if entity.editions is not None else []
    if len(found) < 2:
        raise Http404(_("There are no two versions to compare."))
    after = _chosen(found, request.GET.get("after", ""), found[0])
    before = _chosen(found, request.GET.get("before", ""), found[1])
    hidden = entity.withheld(record, request.user)
    page = Comparison(
        title=_("What changed: %(record)s") % {"record": record},
        crumbs=crumbs(entity, record),
        before=_options(found, before),
        after=_options(found, after),
        before_head=name_of(before),
        after_head=name_of(after),
        differences=differences(entity, before.content, after.content, hidden),
    )
    return render(request, "kit/editions.html", {"page": page})


def _chosen(found: list[Any], number: str, otherwise: Any) -> Any:
    return next((one for one in found if str(one.number) == number), otherwise)


def _options(found: list[Any], chosen: Any) -> tuple[Option, ...]:
    return tuple(Option(str(one.number), name_of(one), one == chosen) for one in found)
