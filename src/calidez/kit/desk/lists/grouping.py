"""Groups: which rows of a list belong together, how many there are on all pages, and which are folded away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Case, Count, Q, Value, When
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.core import cells
from calidez.kit.desk.lists import columns
from calidez.kit.desk.lists.months import Month
from calidez.kit.desk.lists.query import ListQuery
from calidez.kit.desk.lists.selecting import by_words
from calidez.kit.platform.display import GroupHead

NONE = "none"  # in the address: the group of records without a value


@dataclass(frozen=True)
class Group:
    """One value, how it is named in the address, which records have it, and how many."""

    key: str
    value: Any
    condition: Q
    count: int
    closed: bool = False


@dataclass(frozen=True)
class Layout:
    """All groups in their order; the rows of the open ones follow each other over the pages."""

    groups: tuple[Group, ...]
    name: str
    label: Any  # names the groups of one page: a function of their values

    @property
    def total(self) -> int:
        return sum(group.count for group in self.groups)

    @property
    def open(self) -> int:
        return sum(group.count for group in self.groups if not group.closed)

    def pages(self, size: int) -> int:
        return max(1, -(-self.open // size))

    def page_at(self, number: int, size: int) -> Part:
        """The groups that meet the rows of a page, and the folded ones between them."""
        number = min(number, self.pages(size))
        start = (number - 1) * size
        placed, before = [], 0
        for group in self.groups:
            length = 0 if group.closed else group.count
            here = before < start + size and before + length > start
            if group.closed:
                # A folded group has no rows: it stands where its first would.
                here = start <= before < start + size or (before == self.open and start + size >= before)
            if here:
                placed.append((group, before))
            before += length
        return Part(self, tuple(placed), number, start, min(size, max(0, self.open - start)))


@dataclass(frozen=True)
class Part:
    """What stands on one page."""

    layout: Layout
    placed: tuple[tuple[Group, int], ...]  # each group with the number of rows before it
    number: int
    start: int
    size: int

    @property
    def _open(self) -> list[tuple[Group, int]]:
        return [(group, before) for group, before in self.placed if not group.closed]

    @property
    def found(self) -> int:
        """Rows of all groups that meet this page."""
        return sum(group.count for group, _before in self._open)

    @property
    def skip(self) -> int:
        """Rows of the first group that stand on earlier pages."""
        return max(0, self.start - self._open[0][1]) if self._open else 0

    def records(self, records: Any, order: list[str]) -> Any:
        """Only the groups of this page are sorted, in their order and then as the list is."""
        if not self._open:
            return records.none()
        if len(self._open) == 1:
            return records.filter(self._open[0][0].condition).order_by(*order)
        condition, ranks = Q(), []
        for rank, (group, _before) in enumerate(self._open):
            condition |= group.condition
            ranks.append(When(group.condition, then=Value(rank)))
        return records.filter(condition).order_by(Case(*ranks, default=Value(len(ranks))), *order)

    def heads(self, query: ListQuery) -> tuple[dict[int, tuple[GroupHead, ...]], tuple[GroupHead, ...]]:
        """Headings by the place of the row before which they stand, and those after the last row."""
        names = self.layout.label([group.value for group, _before in self.placed])
        at: dict[int, tuple[GroupHead, ...]] = {}
        tail: tuple[GroupHead, ...] = ()
        for (group, before), text in zip(self.placed, names, strict=True):
            place = max(0, before - self.start)
            folded = query.closed ^ {group.key}
            head = GroupHead(
                text,
                group.count,
                query.url(closed=",".join(sorted(folded)) or None),
                group.closed,
                continued=before < self.start and not group.closed,
            )
            if place >= self.size:
                tail = (*tail, head)
            else:
                at[place] = (*at.get(place, ()), head)
        return at, tail


def groupable(entity: Any) -> tuple[str, ...]:
    """Fields by which a list can be grouped: choices, yes or no, references and dates."""
    # A column that is drawn in its own way may still be a field by its name.
    return tuple(name for name in columns.available(entity) if _kind(entity, name))


def layout(entity: Any, user: Any, records: Any, query: ListQuery) -> Layout | None:
    """The groups of the whole result, in one question; None where no grouping is asked for."""
    name = query.group
    if not name or name not in groupable(entity):
        return None
    field = cells.field_of(entity.model, name)
    kind = _kind(entity, name)
    build = {"choice": _by_choice, "yes_no": _by_choice, "reference": _by_reference, "month": _by_month}[kind]
    groups = tuple(
        Group(key, value, condition, count, key in query.closed)
        for key, value, condition, count in build(records, field)
    )
    return Layout(groups, name, lambda values: _names(field, kind, values))


def _kind(entity: Any, name: str) -> str:
    if "__" in name or not cells.has_field(entity.model, name):
        return ""
    field = cells.field_of(entity.model, name)
    if isinstance(field, models.ForeignKey):
        return "reference"
    if field.many_to_many:
        return ""
    if field.flatchoices:
        return "choice"
    if isinstance(field, models.BooleanField):
        return "yes_no"
    return "month" if isinstance(field, models.DateField) else ""


Found = Iterator[tuple[str, Any, Q, int]]


def _by_choice(records: Any, field: Any) -> Found:
    """In the order in which the choices are declared: that of a life cycle, mostly."""
    name = field.name
    places = {value: place for place, (value, _text) in enumerate(field.flatchoices or ())}
    if isinstance(field, models.BooleanField):
        places = {True: 0, False: 1}
    counted = list(records.values_list(name).annotate(n=Count("pk")).order_by())
    for value, count in sorted(counted, key=lambda pair: (places.get(pair[0], len(places)), str(pair[0]))):
        condition = Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
        yield NONE if value in (None, "") else str(value).lower(), value, condition, count


def _by_reference(records: Any, field: Any) -> Found:
    """As the referred kind is sorted in its own list; those without one come last."""
    name, key = field.name, field.attname
    words = by_words(field.model, name)
    counted = records.order_by().values_list(key).annotate(n=Count("pk"))
    numbers = dict(counted)
    related = field.related_model._default_manager.filter(pk__in=[pk for pk in numbers if pk is not None])
    places = related.order_by(*(word.replace(f"{name}__", "", 1) for word in words))
    for pk, uid in places.values_list("pk", "uid"):
        yield str(uid), pk, Q(**{key: pk}), numbers[pk]
    if None in numbers:
        yield NONE, None, Q(**{f"{key}__isnull": True}), numbers[None]


def _by_month(records: Any, field: Any) -> Found:
    """The newest month first."""
    name = field.name
    moments = isinstance(field, models.DateTimeField)
    months: dict[dt.date | None, int] = {}
    # Days are few and counted by an index; their months are put together here.
    value = Month(name, output_field=models.DateField()) if moments else models.F(name)
    counted = records.annotate(_group=value)
    for day, count in counted.order_by().values_list("_group").annotate(n=Count("pk")):
        month = day if day is None else dt.date(day.year, day.month, 1)
        months[month] = months.get(month, 0) + count
    for month in sorted((month for month in months if month is not None), reverse=True):
        first: Any = month
        after: Any = (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
        if moments:
            first, after = (timezone.make_aware(dt.datetime(d.year, d.month, 1)) for d in (first, after))
        yield f"{month:%Y-%m}", month, Q(**{f"{name}__gte": first, f"{name}__lt": after}), months[month]
    if None in months:
        yield NONE, None, Q(**{f"{name}__isnull": True}), months[None]


def _names(field: Any, kind: str, values: list[Any]) -> list[str]:
    """How the groups of one page are called, in one question for references."""
    if kind == "reference":
        manager = field.related_model._default_manager
        found = manager.select_related(*_own_names(field.related_model)).in_bulk(
            [v for v in values if v is not None]
        )
        return [str(found[v]) if v in found else _nothing(field) for v in values]
    if kind == "month":
        return [_nothing(field) if v is None else date_format(v, "YEAR_MONTH_FORMAT") for v in values]
    if kind == "yes_no":
        words = {True: _("yes"), False: _("no")}
        return [f"{_word(field)}: {words[v]}" if v in words else _nothing(field) for v in values]
    texts = dict(field.flatchoices)
    return [str(texts.get(v, v)) if v not in (None, "") else _nothing(field) for v in values]


def _nothing(field: Any) -> str:
    return _("%(field)s: not given") % {"field": _word(field)}


def _word(field: Any) -> str:
    text = str(field.verbose_name)
    return text[:1].upper() + text[1:]


def _own_names(model: Any) -> list[str]:
    """What a record's name may read along."""
    declared = catalog.get(model)
    return declared.related() if declared else []
