"""Broken links for other programs: how many of each kind, and the records of one kind page by page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from ninja import Field, Query, Router, Schema

from calidez.kit.desk.gaps.board import PAGE_SIZE, counts, unit_of
from calidez.kit.desk.gaps.finding import entity_of, may_mend, records, seen
from calidez.kit.desk.gaps.mending import way
from calidez.kit.faces.api import records as representation
from calidez.kit.faces.api.problems import missing

router = Router()


class BrokenKind(Schema):
    """One kind of broken link: how many records have it, and the address of those records."""

    key: str
    label: str
    kind: str = Field(description="The kind of record, as in the addresses of this interface.")
    count: int
    url: str


class BrokenLinks(Schema):
    total: int
    kinds: list[BrokenKind]


class BrokenRecord(Schema):
    uid: str
    url: str
    name: str
    unit: str
    owner: str
    sentence: str
    may_mend: bool
    mend_page: str = Field(description="The page where it is mended; empty where the caller may not.")


class BrokenPage(Schema):
    key: str
    count: int
    items: list[BrokenRecord]
    next: str


class OfKind(Schema):
    mine: bool = Field(False, description="Only what the caller can mend.")
    page: int = Field(1, ge=1, le=10_000_000)


@router.get(
    "/broken-links",
    response=BrokenLinks,
    tags=["broken-links"],
    operation_id="broken_links",
    openapi_extra={"summary": gettext_lazy("Broken links")},
)
def index(request: HttpRequest, mine: bool = False) -> Any:
    """What should lead on and does not, counted within the caller's units."""
    found = counts(request.user, mine=mine)
    kinds = [
        {
            "key": gap.key,
            "label": str(gap.label),
            "kind": entity_of(gap.subject).slug,
            "count": count,
            "url": f"{request.path}/{gap.key}",
        }
        for gap, count in found.items()
    ]
    return {"total": sum(found.values()), "kinds": kinds}


@router.get(
    "/broken-links/{key}",
    response=BrokenPage,
    tags=["broken-links"],
    operation_id="broken_links_of_a_kind",
    openapi_extra={"summary": gettext_lazy("Records with a broken link")},
)
def of_kind(request: HttpRequest, key: str, asked: Query[OfKind]) -> Any:
    """Those of one kind, in pages: follow “next”."""
    gap = next((one for one in seen(request.user) if one.key == key), None)
    if gap is None:
        raise missing()
    entity, start = entity_of(gap.subject), (asked.page - 1) * PAGE_SIZE
    found = records(gap, request.user, mine=asked.mine)
    many = found.order_by(*entity.ordering, "pk").select_related(*entity.related())
    page = list(many[start : start + PAGE_SIZE + 1])
    mine = "&mine=true" if asked.mine else ""
    return {
        "key": gap.key,
        "count": found.count(),
        "items": [_shown(gap, entity, record, request.user) for record in page[:PAGE_SIZE]],
        "next": f"{request.path}?page={asked.page + 1}{mine}" if len(page) > PAGE_SIZE else "",
    }


def _shown(gap: Any, entity: Any, record: Any, user: Any) -> dict[str, Any]:
    may, unit = may_mend(gap, record, user), unit_of(entity, record)
    link = way(gap, record) if may else None
    owner = getattr(record, "owner", None)
    return {
        "uid": str(record.uid),
        "url": representation.address(entity, record.uid),
        "name": entity.title(record),
        "unit": "" if unit is None else str(unit),
        "owner": "" if owner is None else str(owner),
        "sentence": gap.said_of(record),
        "may_mend": may,
        "mend_page": link.url if link is not None else "",
    }
