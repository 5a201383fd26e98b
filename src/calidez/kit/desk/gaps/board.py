"""The page of all broken links as values: each kind with how many, the first records, who can mend them and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from calidez.kit.desk.gaps import Gap
from calidez.kit.desk.gaps.finding import entity_of, may_mend, menders, records, seen
from calidez.kit.desk.gaps.mending import ask_whom, names, way
from calidez.kit.platform.display import Badge, Link, Pager

FIRST = 5  # records of each kind, where all kinds are shown
PAGE_SIZE = 25


@dataclass(frozen=True)
class Asked:
    """What the address and the frame ask for."""

    kind: str = ""
    mine: bool = False
    unit: str | None = None
    page: int = 1

    def url(self, **changes: Any) -> str:
        values = {"kind": self.kind, "mine": "1" if self.mine else "", **changes}
        query = urlencode({name: value for name, value in values.items() if value})
        return reverse("kit:broken-links") + (f"?{query}" if query else "")


@dataclass(frozen=True)
class Line:
    """One record whose link is broken."""

    link: Link
    state: Badge | None
    unit: str
    owner: str
    sentence: str  # where each record has its own
    who: str
    mend: Link | None
    ask: str = ""


@dataclass(frozen=True)
class Block:
    """One kind of broken link."""

    key: str
    label: str
    kind: str
    sentence: str
    count: int
    lines: tuple[Line, ...]
    more: str = ""  # the address of all of them, where only the first are shown
    pager: Pager | None = None


@dataclass(frozen=True)
class Board:
    blocks: tuple[Block, ...]
    total: int
    looked: tuple[str, ...]  # the kinds of broken link that were looked for
    sound: tuple[str, ...]  # those of which there is none
    views: tuple[Link, ...]
    all_url: str  # set where one kind is shown
    mine: bool


def counts(user: Any, *, unit: str | None = None, mine: bool = False) -> dict[Gap, int]:
    """How many of each kind; one query for each."""
    return {gap: records(gap, user, unit=unit, mine=mine).count() for gap in seen(user)}


def board(user: Any, asked: Asked) -> Board:
    found = counts(user, unit=asked.unit, mine=asked.mine)
    shown = [gap for gap, count in found.items() if count and asked.kind in ("", gap.key)]
    pages = {gap: _page(gap, found[gap], asked) for gap in shown}
    rows = {gap: _records(gap, user, asked, pages[gap]) for gap in shown}
    people = menders((gap, record) for gap, many in rows.items() for record in many)
    views = (
        Link(_("All"), asked.url(mine=""), current=not asked.mine),
        Link(_("Only what I can mend"), asked.url(mine="1"), current=asked.mine),
    )
    return Board(
        blocks=tuple(_block(gap, found[gap], rows[gap], people, user, asked, pages[gap]) for gap in shown),
        total=sum(found.values()),
        looked=tuple(str(gap.label) for gap in found),
        sound=tuple(str(gap.label) for gap, count in found.items() if not count),
        views=views,
        all_url=asked.url(kind="") if asked.kind else "",
        mine=asked.mine,
    )


def line(gap: Gap, record: Any, user: Any, people: Mapping[Any, list[Any]]) -> Line:
    entity = entity_of(gap.subject)
    able = people.get((gap.key, record.uid), [])
    may = may_mend(gap, record, user)
    owner = getattr(record, "owner", None)
    unit = unit_of(entity, record)
    return Line(
        link=Link(entity.title(record), entity.url(record)),
        state=entity.state_badge(record),
        unit="" if unit is None else str(unit),
        owner="" if owner is None else str(owner),
        sentence=gap.said_of(record) if callable(gap.sentence) else "",
        who=names(able, user) if able else "",
        mend=way(gap, record) if may else None,
        ask="" if may else ask_whom(gap, record, able, user),
    )


def unit_of(entity: Any, record: Any) -> Any:
    """The unit a record belongs to; None for what belongs to the whole organisation, and for units themselves."""
    found = record if entity.scope else None
    for name in (entity.scope or "").split("__") if entity.scope else ():
        found = getattr(found, name, None)
    return found


def _block(
    gap: Gap, count: int, many: list[Any], people: Any, user: Any, asked: Asked, page: tuple[int, int]
) -> Block:
    alone = bool(asked.kind)
    start, size = page
    pager, more = None, ""
    if alone and count > PAGE_SIZE:
        number = start // PAGE_SIZE + 1
        pager = Pager(
            count,
            start + 1,
            start + len(many),
            asked.url(page=number - 1) if number > 1 else "",
            asked.url(page=number + 1) if start + size < count else "",
        )
    elif not alone and count > len(many):
        more = asked.url(kind=gap.key)
    return Block(
        key=gap.key,
        label=str(gap.label),
        kind=capfirst(entity_of(gap.subject).label_plural),
        sentence="" if callable(gap.sentence) else str(gap.sentence),
        count=count,
        lines=tuple(line(gap, record, user, people) for record in many),
        more=more,
        pager=pager,
    )


def _page(gap: Gap, count: int, asked: Asked) -> tuple[int, int]:
    """Where the records shown begin, and how many; a page beyond the end is the last."""
    if not asked.kind:
        return 0, FIRST
    last = max(1, -(-count // PAGE_SIZE))
    return (min(max(1, asked.page), last) - 1) * PAGE_SIZE, PAGE_SIZE


def _records(gap: Gap, user: Any, asked: Asked, page: tuple[int, int]) -> list[Any]:
    """The keys first: the order is found among all, and everything else is read for the few that are shown."""
    entity, (start, size) = entity_of(gap.subject), page
    found = records(gap, user, unit=asked.unit, mine=asked.mine).order_by(*entity.ordering, "pk")
    keys = list(found.values_list("pk", flat=True)[start : start + size])
    every = entity.model._default_manager.filter(pk__in=keys).select_related(*entity.related())
    by_key = {record.pk: record for record in every}
    return [by_key[key] for key in keys if key in by_key]
