"""Blocks of a detail page. A part may add a panel to the page of a lower part's record by `add_panel`."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calidez.kit.core import cells, reach
from calidez.kit.core.any_record import Named, kind_of, visible
from calidez.kit.core.blocks import PanelSource
from calidez.kit.core.children import in_words, texts_of
from calidez.kit.core.trail import BESIDE, Look, events_of
from calidez.kit.desk.gaps.panel import broken_links
from calidez.kit.platform.display import (
    Cell,
    CellKind,
    Change,
    FieldRow,
    HistoryEntry,
    HistoryPage,
    Panel,
    Place,
)
from calidez.kit.platform.formats import moment, number

WHOLE = "whole"  # in the address: everything at once, to print it or without scripts
NEWEST = 8  # entries of the history that stand open
_BESIDE_WORDS = {
    "attach_file": gettext_lazy("added a file"),
    "withdraw_file": gettext_lazy("withdrew a file"),
}
TOLD_ELSEWHERE = {"comment", "edit_comment", "withdraw_comment"}  # the comments stand on the page themselves

# What kit itself does with any record, and what it notes beside the record's fields.
VERBS = {
    "delegate": gettext_lazy("handed the work on"),
    "hand_over": gettext_lazy("handed it over"),
    "give_back": gettext_lazy("gave the work back"),
    "take_back_work": gettext_lazy("took the work back"),
    "take_back": gettext_lazy(
        "took the work back"
    ),  # as trails of before say it; a step of that name goes before
    "delete": gettext_lazy("deleted"),
    "create_calendar_address": gettext_lazy("made a calendar address"),
    "revoke_calendar_address": gettext_lazy("revoked the calendar address"),
}
NAMES = {"with": gettext_lazy("with")}


@dataclass(frozen=True)
class Fields(PanelSource):
    """The record's fields; `names` defaults to what the entity shows."""

    names: tuple[Any, ...] = ()  # of fields, or columns of its own
    title: Any = gettext_lazy("Details")  # noqa: RUF009 - a lazy text is as constant as a literal
    key: str = "fields"
    later: bool = False
    filled: bool = False  # only those that say something: for kinds with many fields that few records need

    def build(self, entity: Any, record: Any, user: Any, request: Any = None) -> Panel | None:
        names = self.names or tuple(entity.shown or entity.all_fields)
        withheld = entity.withheld(record, user)
        names = tuple(n for n in names if n not in withheld)
        rows = tuple(
            FieldRow(cells.column_label(entity, n), self._cell(entity, record, n, user)) for n in names
        )
        inside = tuple(
            FieldRow(str(child.label), cells.cell(Cell(CellKind.LONG, "\n".join(texts)) if texts else None))
            for child, texts in (
                (c, [in_words(c, text) for text in texts_of(c, record)])
                for c in (() if self.names else entity.children)
            )
        )
        told = rows + inside
        if self.filled:
            told = tuple(row for row in told if row.cell.kind != CellKind.EMPTY)
            if not told:
                return None
        return Panel(self.key, str(self.title), "kit/panels/fields.html", told)

    @staticmethod
    def _cell(entity: Any, record: Any, name: Any, user: Any) -> Cell:
        shown = reach.within(cells.cell_of(entity, record, name), record, name, user)
        return Cell(CellKind.EMPTY) if shown.value == "" else shown


@dataclass(frozen=True)
class History(PanelSource):
    """Who changed what and when, before and after in words."""

    key = "history"
    title = gettext_lazy("History")
    place = Place.RAIL
    later = True

    def build(self, entity: Any, record: Any, user: Any, request: Any = None) -> Panel:
        asked = request.GET.dict() if request is not None else {}
        after, url = asked.pop("after", ""), entity.url(record)
        for name in ("on", WHOLE):
            asked.pop(name, "")
        address = f"{url}?{urlencode(asked)}&after=" if asked else f"{url}?after="
        events = [event for event in events_of(record) if event.verb not in TOLD_ELSEWHERE]
        titles = titles_for(user, *(values for event in events for values in (event.before, event.after)))
        withheld = entity.withheld(record, user)
        entries = tuple(_entry(entity, event, address, after, titles, withheld) for event in events)
        content = HistoryPage(entries[:NEWEST], entries[NEWEST:])
        return Panel(self.key, str(self.title), "kit/panels/history.html", content, self.place)

    def build_past(self, entity: Any, record: Any, user: Any, look: Look, request: Any = None) -> Panel:
        return self.build(entity, record, user, request)


@dataclass(frozen=True)
class Custom(PanelSource):
    """A panel built by a function of the part: `content(record, user, request)`; None hides it.

    One that can tell the past says so by `past(record, user, day)`, drawn by `past_template` or else the same template.
    """

    key: str
    title: Any
    template: str
    content: Callable[[Any, Any, Any], Any]
    place: Place = Place.MAIN
    past: Callable[[Any, Any, dt.date], Any] | None = None
    past_template: str = ""
    later: bool = False

    @property
    def tells_the_past(self) -> bool:
        return self.past is not None

    def build(self, entity: Any, record: Any, user: Any, request: Any = None) -> Panel | None:
        content = self.content(record, user, request)
        if content is None:
            return None
        return Panel(self.key, str(self.title), self.template, content, self.place)

    def build_past(
        self, entity: Any, record: Any, user: Any, look: Look, request: Any = None
    ) -> Panel | None:
        content = self.past(record, user, look.day) if self.past is not None else None
        if content is None:
            return None
        return Panel(self.key, str(self.title), self.past_template or self.template, content, self.place)


class BrokenLinks(PanelSource):
    """What the record should lead to and does not; nothing where all is well."""

    key = "gaps"
    title = gettext_lazy("Broken links")

    def build(self, entity: Any, record: Any, user: Any, request: Any = None) -> Panel | None:
        return broken_links(entity, record, user)


Titles = Mapping[str, str]  # of records, by identifier


@dataclass(frozen=True)
class Placed:
    """A panel of one kind of record's page, and whether that page fetches it later."""

    source: PanelSource
    later: bool


_added: dict[str, list[Placed]] = defaultdict(list)
_added_first: dict[str, list[Placed]] = defaultdict(list)


def add_panel(subject: str, panel: PanelSource, *, first: bool = False, later: bool | None = None) -> None:
    """An upper part adds a panel to records of `subject` (as "standards.standard"); `first` puts it on top.

    It is fetched later unless it stands on top: a lower part's page must not grow with the parts above it.
    """
    placed = Placed(panel, not first if later is None else later)
    (_added_first if first else _added)[subject].append(placed)


def panels_for(entity: Any) -> Iterator[Placed]:
    """What is missing first, then the declared panels, those that others add, and what closes the page of every kind."""
    subject = entity.model._meta.label_lower
    yield Placed(BrokenLinks(), later=False)
    yield from _added_first[subject]
    yield from (Placed(one, one.later) for one in entity.panels)
    yield from _added[subject]
    yield from (Placed(one, one.later) for one in entity.closing)


def _entry(
    entity: Any, event: Any, address: str, looked_at: str, titles: Titles, withheld: Collection[str]
) -> HistoryEntry:
    before, after = event.before or {}, event.after or {}
    changes = tuple(
        change
        for name, value in after.items()
        if name not in withheld and (event.before is not None or value not in (None, "", []))
        for change in _changes(entity, name, before.get(name), value, titles)
    )
    return HistoryEntry(
        actor=event.actor or _("Calidez"),
        verb=verb_in_words(entity, event.verb),
        moment=event.at,
        changes=changes if event.before is not None else (),
        note=event.note,
        url="" if event.verb in BESIDE else f"{address}{event.pk}",
        shown=looked_at == str(event.pk),
    )


def _changes(entity: Any, name: str, before: Any, after: Any, titles: Titles) -> Sequence[Change]:
    if name in entity.differences:
        told: Sequence[Change] = entity.differences[name](before, after)
        return told
    said = (readable(entity, name, value, titles) for value in (before, after))
    return (Change(label_of(entity, name), *said),)


def titles_for(user: Any, *kept: Mapping[str, Any] | None) -> Titles:
    """The titles of the records of any kind that kept values name, as far as this reader may see them."""
    named: dict[str, set[Named]] = defaultdict(set)
    for value in (value for values in kept for value in (values or {}).values()):
        if isinstance(value, dict) and value.keys() == {"kind", "uid"}:
            named[value["kind"]].add(Named(value["kind"], uuid.UUID(value["uid"])))
    return {str(uid): str(one) for many in named.values() for uid, one in visible(many, user).items()}


def readable(entity: Any, name: str, value: Any, titles: Titles = MappingProxyType({})) -> str:
    """A stored value in the reader's words: the label of a choice, the name of a related record."""
    if value is None or value == "":
        return "–"
    if isinstance(value, dict) and value.keys() == {"kind", "uid"}:
        return titles.get(value["uid"]) or kind_of(value["kind"])
    if isinstance(value, dict) and "label" in value:
        return _said(value)
    if isinstance(value, dict):
        # A structure of its own (a mapping, a schema): the trail holds it whole, the page says how much.
        return ngettext("%(count)s entry", "%(count)s entries", len(value)) % {"count": len(value)}
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        child = next((c for c in entity.children if c.name == name), None)
        told = (in_words(child, str(one)) if child is not None else _said(one) for one in value)
        return ", ".join(told) or "–"
    if cells.has_field(entity.model, name):
        field = entity.model._meta.get_field(name)
        choices = dict(field.flatchoices or ())
        return str(choices[value]) if value in choices else _written(field, value)
    return str(value)


def _said(value: Any) -> str:
    """One related record, or one line; earlier events tell many related records by their names alone."""
    return str(value["label"]) if isinstance(value, dict) and "label" in value else str(value)


def _written(field: Any, value: Any) -> str:
    """Dates and numbers as the rest of the page writes them."""
    if isinstance(field, models.DateField):
        return moment(field.to_python(value))
    if isinstance(field, models.FloatField):
        value = field.to_python(value)  # the trail keeps such figures as text
    return number(value) if isinstance(value, (int, float)) else str(value)


def label_of(entity: Any, name: str) -> str:
    """What a field of the trail is called on the page; rows inside a form have the label of their declaration."""
    if cells.has_field(entity.model, name):
        return cells.column_label(entity, name)
    inside = {child.name: child.label for child in entity.children}
    return str(inside.get(name) or NAMES.get(name, name))


def verb_in_words(entity: Any, verb: str) -> str:
    if verb in entity.verbs:
        return str(entity.verbs[verb])
    if verb == "create":
        return _("created")
    if verb == "edit":
        return _("edited")
    if verb in _BESIDE_WORDS:
        return str(_BESIDE_WORDS[verb])
    step = entity.step(verb)
    if step is not None:
        return str(step.label)
    return str(VERBS.get(verb, verb))
