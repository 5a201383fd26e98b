"""The thread: what a record comes from and what follows from it, along edges that the parts declare.

    add_edge("monitoring.indicator", Way.UP, _("proves"), Standard, lambda i: Standard.objects.filter(pk=i.standard_id))

kit draws the nearest records both ways, and further ones when asked. It shows what the reader may see and is silent
about the rest: a number of hidden records would tell that they exist.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from calidez.kit.display import Badge, Link, Panel
from calidez.kit.panels import PanelSource

MOST = 5  # records of one edge that are drawn


class Way(StrEnum):
    UP = "up"  # where it comes from
    DOWN = "down"  # what follows from it


@dataclass(frozen=True)
class Edge:
    """From a kind of record to another: `records` gives those at the other end, or None where there can be none.

    `filter` is the filter of the other kind's list that shows them all; `missing` the sentence where none is there
    and one is expected. `field` names the foreign key or many-to-many field, on either kind, that carries the
    relation: by it the edge is followed into the past. Empty, it is found where only one can be meant; None says that
    no field carries it.
    """

    way: Way
    label: Any
    target: type[models.Model]
    records: Callable[[Any], models.QuerySet[Any] | None]
    filter: str = ""
    missing: Any = ""
    field: str | None = ""


_edges: dict[str, list[Edge]] = defaultdict(list)


def add_edge(
    subject: str,
    way: Way,
    label: Any,
    target: type[models.Model],
    records: Callable[[Any], models.QuerySet[Any] | None],
    *,
    filter: str = "",
    missing: Any = "",
    field: str | None = "",
) -> None:
    """`subject` is a kind of record, as "standards.standard"; `label` says how it stands to the other end."""
    _edges[subject].append(Edge(way, label, target, records, filter, missing, field))


def edges_of(model: type[models.Model], way: Way) -> tuple[Edge, ...]:
    return tuple(edge for edge in _edges[model._meta.label_lower] if edge.way == way)


def follow(edge: Edge, record: Any, user: Any) -> list[Any]:
    """The records at the other end that the reader may see, one more than are drawn."""
    entity = _entity(edge.target)
    records = edge.records(record)
    if entity is None or records is None or not entity.may(user, "view"):
        return []
    visible = entity.queryset(user).filter(pk__in=records.values("pk"))
    return list(visible.select_related(*entity.related()).order_by(*entity.ordering)[: MOST + 1])


@dataclass(frozen=True)
class Node:
    """A record on the thread; `further_url` asks for what lies beyond it, `again` says that it was passed already."""

    key: str
    kind: str
    text: str
    url: str
    state: Badge | None
    further_url: str = ""
    again: bool = False


@dataclass(frozen=True)
class Strand:
    """The records of one edge; `more` leads to all of them where only the first are drawn."""

    label: str
    nodes: tuple[Node, ...]
    missing: str = ""
    more: Link | None = None


@dataclass(frozen=True)
class ThreadPage:
    kind: str
    text: str
    up: tuple[Strand, ...]
    down: tuple[Strand, ...]


class Thread(PanelSource):
    """The record between what it comes from and what follows from it."""

    def build(self, entity: Any, record: Any, user: Any, request: Any = None) -> Panel | None:
        up, down = (strands(record, way, user, passed=(record,)) for way in (Way.UP, Way.DOWN))
        if not up and not down:
            return None
        content = ThreadPage(_capital(entity.label), entity.title(record), up, down)
        return Panel("thread", _("Where it comes from and what follows"), "kit/panels/thread.html", content)


def strands(record: Any, way: Way, user: Any, *, passed: Iterable[Any]) -> tuple[Strand, ...]:
    """One query per edge. Records on the way already passed end the walk, so that a circle is walked once."""
    uids = {str(getattr(p, "uid", p)) for p in passed} | {str(record.uid)}
    found = []
    for edge in edges_of(type(record), way):
        records = follow(edge, record, user)
        nodes = tuple(_node(edge, record, one, way, uids) for one in records[:MOST])
        if nodes or edge.missing:
            missing = "" if nodes else str(edge.missing)
            more = _more(edge, record) if len(records) > MOST else None
            found.append(Strand(str(edge.label), nodes, missing, more))
    return tuple(found)


def _node(edge: Edge, origin: Any, record: Any, way: Way, passed: set[str]) -> Node:
    entity = _entity(edge.target)
    assert entity is not None
    again = str(record.uid) in passed
    further = "" if again or not edges_of(edge.target, way) else _further(entity, record, way, passed)
    return Node(
        key=f"{way}-{origin.uid.hex[:8]}-{record.uid.hex}",
        kind=_capital(entity.label),
        text=entity.title(record),
        url=entity.url(record),
        state=entity.state_badge(record),
        further_url=further,
        again=again,
    )


def _further(entity: Any, record: Any, way: Way, passed: set[str]) -> str:
    address = reverse("kit:thread", args=[entity.slug, record.uid, str(way)])
    return f"{address}?{urlencode({'passed': ','.join(sorted(passed))})}"


def _more(edge: Edge, record: Any) -> Link:
    entity = _entity(edge.target)
    assert entity is not None
    url = entity.list_url() + (f"?{urlencode({edge.filter: record.uid})}" if edge.filter else "")
    return Link(_("and others"), url)


def _entity(model: type[models.Model]) -> Any:
    from calidez.kit.catalog import catalog  # the catalog imports the panels

    return catalog.get(model)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
