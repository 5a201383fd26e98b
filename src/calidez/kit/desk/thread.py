"""The thread: what a record comes from and what follows from it, along the links that the parts declare.

kit draws the nearest records both ways, and further ones when asked. It shows what the reader may see and is silent
about the rest: a number of hidden records would tell that they exist.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calidez.kit.catalog import catalog
from calidez.kit.core.blocks import PanelSource
from calidez.kit.core.cells import cell
from calidez.kit.core.edges import ANY, Carrier, Edge, Way, carrier, edges_of, every_edge_of
from calidez.kit.core.trail import Look, Values
from calidez.kit.desk.gaps import Gap as BrokenKind
from calidez.kit.desk.gaps.finding import beside, may_mend, own
from calidez.kit.desk.gaps.mending import way as way_to_mend
from calidez.kit.desk.thread_past import Then, follow_past, of_then, values_then
from calidez.kit.platform.display import Badge, Header, Link, Panel, Row, Tone

MOST_DRAWN = 5  # records of one edge that are drawn


def follow(edge: Edge, record: Any, user: Any) -> list[Any]:
    """The records at the other end that the reader may see, one more than are drawn."""
    records = edge.records(record)
    entity = _entity(records.model) if records is not None else None
    if entity is None or records is None or not entity.may(user, "view"):
        return []
    visible = entity.queryset(user).filter(pk__in=records.values("pk"))
    return list(visible.select_related(*entity.related()).order_by(*entity.ordering)[: MOST_DRAWN + 1])


@dataclass(frozen=True)
class Node:
    """A record on the thread; `further_url` asks for what lies beyond it, `again` says that it was passed already.

    `broken` says how many of its own links are broken; without `url` it exists no more.
    """

    key: str
    kind: str
    text: str
    url: str
    state: Badge | None
    further_url: str = ""
    again: bool = False
    day: dt.date | None = None
    day_label: str = ""
    broken: str = ""


@dataclass(frozen=True)
class Gap:
    """Where a record may stand and none does; `mend` leads to the form, where the reader may use it.

    `broken` says that one should stand there by now.
    """

    kind: str
    text: str
    mend: Link | None = None
    broken: bool = True


@dataclass(frozen=True)
class Strand:
    """The records of one edge; `more` leads to all of them where only the first are drawn."""

    label: str
    nodes: tuple[Node, ...]
    gaps: tuple[Gap, ...] = ()
    more: Link | None = None

    @property
    def all(self) -> tuple[Node | Gap, ...]:
        return (*self.nodes, *self.gaps)


@dataclass(frozen=True)
class ThreadPage:
    """`said` names the moment where the thread of the past is drawn, `blind` the edges that no trail keeps."""

    kind: str
    text: str
    state: Badge | None
    up: tuple[Strand, ...]
    down: tuple[Strand, ...]
    broken: str = ""
    said: str = ""
    blind: tuple[str, ...] = ()
    headers: tuple[Header, ...] = ()
    rows: tuple[Row, ...] = ()


class Thread(PanelSource):
    """The record between what it comes from and what follows from it."""

    key = "thread"
    title = gettext_lazy("Where it comes from and what follows")
    later = True

    def expected(self, entity: Any, record: Any, user: Any) -> bool:
        return any(edges_of(type(record), way) for way in Way)

    def build(self, entity: Any, record: Any, user: Any, request: Any = None) -> Panel | None:
        met = {way: _met(record, way, user) for way in (Way.UP, Way.DOWN)}
        broken = beside([one for found in met.values() for one in _drawn(found)])
        broken[record.uid] = own(record)
        up, down = (_strands(record, way, user, met[way], broken, {str(record.uid)}) for way in met)
        return _panel(entity, record, up, down, broken=_count(len(broken[record.uid])))

    def build_past(
        self, entity: Any, record: Any, user: Any, look: Look, request: Any = None
    ) -> Panel | None:
        values = values_then(record, look)
        if values is None:
            return None
        up, down = (
            strands_then(record, values, way, user, look, passed=(record,)) for way in (Way.UP, Way.DOWN)
        )
        blind = tuple(str(edge.label) for edge in every_edge_of(type(record)) if not _carried(record, edge))
        return _panel(entity, of_then(record, values, ("state",)), up, down, blind=blind, past=True)


def strands(record: Any, way: Way, user: Any, *, passed: Iterable[Any]) -> tuple[Strand, ...]:
    """One query per edge and one for broken links. Records passed already end the walk: a circle is walked once."""
    met = _met(record, way, user)
    return _strands(record, way, user, met, beside([record, *_drawn(met)]), _uids(record, passed))


Met = Sequence[tuple[Edge, list[Any]]]


def _met(record: Any, way: Way, user: Any) -> Met:
    return [(edge, follow(edge, record, user)) for edge in edges_of(type(record), way)]


def _drawn(met: Met) -> list[Any]:
    return [one for _edge, records in met for one in records[:MOST_DRAWN]]


def _strands(
    record: Any,
    way: Way,
    user: Any,
    met: Met,
    broken: Mapping[Any, tuple[BrokenKind, ...]],
    uids: set[str],
) -> tuple[Strand, ...]:
    found = []
    for edge, records in met:
        nodes = tuple(
            _node(record, one, way, uids, broken=_count(len(broken.get(one.uid, ()))))
            for one in records[:MOST_DRAWN]
        )
        gaps = _gaps(edge, record, broken.get(record.uid, ()), user, none=not nodes)
        if nodes or gaps:
            more = _more(edge, record) if len(records) > MOST_DRAWN else None
            found.append(Strand(str(edge.label), nodes, gaps, more))
    return tuple(found)


def strands_then(
    record: Any, values: Values, way: Way, user: Any, look: Look, *, passed: Iterable[Any]
) -> tuple[Strand, ...]:
    """The strands of one side as they were at the moment looked at; `values` are the record's own of then."""
    uids, found = _uids(record, passed), []
    for edge in edges_of(type(record), way):
        by = _carried(record, edge)
        if by is None:
            continue
        then, more = follow_past(edge, by, record, values, user, look, MOST_DRAWN)
        nodes = tuple(_node_then(record, one, way, uids, look) for one in then)
        if nodes:
            found.append(Strand(str(edge.label), nodes, more=Link(_("and others"), "") if more else None))
    return tuple(found)


def _panel(
    entity: Any,
    record: Any,
    up: tuple[Strand, ...],
    down: tuple[Strand, ...],
    *,
    broken: str = "",
    blind: tuple[str, ...] = (),
    past: bool = False,
) -> Panel | None:
    if not up and not down and not blind:
        return None
    rows = tuple(
        _row(_("Where it comes from") if side is up else _("What follows"), strand, node)
        for side in (up, down)
        for strand in side
        for node in strand.all
    )
    texts = (_("Record"), _("Kind"), _("State"), _("How it is linked"), _("Which way"), _("Day"))
    content = ThreadPage(
        kind=_capital(entity.label),
        text=entity.title(record),
        state=entity.state_badge(record),
        up=up,
        down=down,
        broken=broken,
        said=_("As it was then") if past else "",
        blind=blind,
        headers=tuple(Header(text) for text in texts),
        rows=rows,
    )
    return Panel(Thread.key, str(Thread.title), "kit/panels/thread.html", content)


def _row(side: str, strand: Strand, node: Node | Gap) -> Row:
    """A line of the list twin: what the diagram says, in words."""
    if isinstance(node, Gap):
        what = cell(node.mend) if node.mend else cell(None)
        missing = cell(
            Badge(_("Broken link"), Tone.CONCERN) if node.broken else Badge(_("None yet"), Tone.QUIET)
        )
        return Row("", (cell(node.text), cell(node.kind), missing, cell(strand.label), cell(side), what))
    named = cell(Link(node.text, node.url)) if node.url else cell(node.text)
    return Row("", (named, cell(node.kind), cell(node.state), cell(strand.label), cell(side), cell(node.day)))


def _node(origin: Any, record: Any, way: Way, passed: set[str], *, broken: str = "") -> Node:
    entity = _entity(type(record))
    assert entity is not None
    again = str(record.uid) in passed
    further = "" if again or not edges_of(type(record), way) else _further(entity, record, way, passed)
    day, day_label = _dated(entity, record)
    return Node(
        key=_key(way, origin, record.uid),
        kind=_capital(entity.label),
        text=entity.title(record),
        url=entity.url(record),
        state=entity.state_badge(record),
        further_url=further,
        again=again,
        day=day,
        day_label=day_label,
        broken=broken,
    )


def _node_then(origin: Any, then: Then, way: Way, passed: set[str], look: Look) -> Node:
    if then.record is None:
        return Node(_key(way, origin, then.uid), then.kind, then.text, "", None)
    entity = _entity(type(then.record))
    assert entity is not None
    again = str(then.uid) in passed
    ends = again or not edges_of(type(then.record), way)
    further = "" if ends else _further(entity, then.record, way, passed, **look.query)
    day, day_label = _dated(entity, then.record)
    return Node(
        key=_key(way, origin, then.uid),
        kind=_capital(entity.label),
        text=then.text,
        url=f"{entity.url(then.record)}?{urlencode(look.query)}",
        state=entity.state_badge(then.record),
        further_url=further,
        again=again,
        day=day,
        day_label=day_label,
    )


def _gaps(edge: Edge, record: Any, own: Iterable[BrokenKind], user: Any, *, none: bool) -> tuple[Gap, ...]:
    """The broken links of the record that belong to this edge, or else what the edge itself says where it is empty."""
    entity = _entity(edge.target) if edge.target is not None else None
    here = edge.target._meta.label_lower if edge.target is not None else ANY
    kind = _capital(entity.label) if entity is not None else _("Record")
    found = tuple(
        Gap(kind, gap.said_of(record), way_to_mend(gap, record) if may_mend(gap, record, user) else None)
        for gap in own
        if gap.edge == here
    )
    return found or ((Gap(kind, str(edge.missing), broken=False),) if none and edge.missing else ())


def _dated(entity: Any, record: Any) -> tuple[dt.date | None, str]:
    """The day that matters for this kind, else since when it exists."""
    name = entity.dated or "created_at"
    value = getattr(record, name)
    day = timezone.localdate(value) if isinstance(value, dt.datetime) else value
    return day, _capital(str(record._meta.get_field(name).verbose_name))


def _carried(record: Any, edge: Edge) -> Carrier | None:
    return carrier(type(record), edge)


def _count(number: int) -> str:
    if not number:
        return ""
    return ngettext("%(count)s broken link", "%(count)s broken links", number) % {"count": number}


def _uids(record: Any, passed: Iterable[Any]) -> set[str]:
    return {str(getattr(p, "uid", p)) for p in passed} | {str(record.uid)}


def _key(way: Way, origin: Any, uid: Any) -> str:
    return f"{way}-{origin.uid.hex[:8]}-{uid.hex}"


def _further(entity: Any, record: Any, way: Way, passed: set[str], **look: str) -> str:
    address = reverse("kit:thread", args=[entity.slug, record.uid, str(way)])
    return f"{address}?{urlencode({'passed': ','.join(sorted(passed)), **look})}"


def _more(edge: Edge, record: Any) -> Link:
    assert edge.target is not None  # a field that names any record names one
    narrowing = edge.narrowing(record)
    url = _entity(edge.target).list_url() + (f"?{urlencode(narrowing)}" if narrowing else "")
    return Link(_("and others"), url)


def _entity(model: type[models.Model]) -> Any:
    return catalog.get(model)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
