"""Lists: search, filters, sort and pages as one query over the entity's door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from calidez.kit import cells
from calidez.kit.display import Button, Chip, Filter, Header, Link, ListPage, Option, Pager, Row

PAGE_SIZE = 25
MAX_OPTIONS = 400


@dataclass(frozen=True)
class ListQuery:
    """What the address asks for; unknown or malformed parts are ignored, never an error page."""

    params: Mapping[str, str]

    @property
    def search(self) -> str:
        return self.params.get("q", "").strip()[:200]

    @property
    def page(self) -> int:
        number = self.params.get("page", "1")
        return max(1, int(number)) if number.isdecimal() and len(number) < 7 else 1

    @property
    def sort(self) -> str:
        return self.params.get("sort", "")

    def url(self, **changes: str | None) -> str:
        """The address with some parts changed; any change but of the page goes back to the first page."""
        merged = {k: v for k, v in self.params.items() if v and k != "page"}
        for name, value in changes.items():
            if value:
                merged[name] = value
            else:
                merged.pop(name, None)
        return "?" + urlencode(merged)


def select(entity: Any, user: Any, query: ListQuery, verb: str = "view") -> models.QuerySet[Any]:
    """The records that the list shows, in order, before paging."""
    records = entity.queryset(user, verb)
    if query.search and entity.search:
        condition = Q()
        for path in entity.search:
            condition |= Q(**{f"{path}__icontains": query.search})
        records = records.filter(condition)
    for name in entity.filters:
        records = _filter(records, entity, name, query)
    if query.search and any(_reaches_many(entity, path) for path in entity.search):
        records = records.distinct()
    return (
        records.select_related(*entity.related())
        .prefetch_related(*_many(entity))
        .order_by(*_order(entity, query))
    )


def list_page(entity: Any, user: Any, params: Mapping[str, str]) -> ListPage:
    query = ListQuery(params)
    records = select(entity, user, query)
    total = records.order_by().count()
    last_page = max(1, -(-total // PAGE_SIZE))
    number = min(query.page, last_page)
    start = (number - 1) * PAGE_SIZE
    rows = tuple(_row(entity, record) for record in records[start : start + PAGE_SIZE])
    filters = tuple(_filter_choice(entity, user, name, query) for name in entity.filters)
    chips = _chips(filters, query)
    creating = entity.creation is not None and entity.created_in_form and entity.may(user, "create")
    primary = (
        Button(entity.create_label, entity.list_url() + "new/", icon="plus", primary=True)
        if creating
        else None
    )
    exporting = entity.may(user, "export")
    return ListPage(
        key=entity.key,
        title=entity.label_plural[:1].upper() + entity.label_plural[1:],
        help=str(entity.help),
        headers=tuple(_header(entity, column, query) for column in entity.columns),
        rows=rows,
        pager=Pager(
            total,
            min(start + 1, total),
            start + len(rows),
            query.url(page=str(number - 1)) if number > 1 else "",
            query.url(page=str(number + 1)) if number < last_page else "",
        ),
        search=query.search,
        search_label=_("Search in %(kind)s") % {"kind": entity.label_plural},
        filters=filters,
        chips=chips,
        clear_url=entity.list_url(),
        primary=primary,
        actions=(Button(_("Download CSV"), entity.list_url() + "export.csv" + query.url(), icon="download"),)
        if exporting and total
        else (),
        empty=None if rows else _empty(entity, user, bool(chips or query.search), primary),
        crumbs=(),
    )


def _reaches_many(entity: Any, path: str) -> bool:
    """Whether a search path passes through a relation to many, and so may find a record twice."""
    steps = ["__".join(path.split("__")[:depth]) for depth in range(1, path.count("__") + 2)]
    return any(cells.field_of(entity.model, step).many_to_many for step in steps)


def _row(entity: Any, record: Any) -> Row:
    url = entity.url(record)
    built = []
    for position, column in enumerate(entity.columns):
        cell = cells.cell_of(entity, record, column)
        if position == 0:
            cell = cells.cell(Link(str(cells.plain(cell)) or str(record), url))
        built.append(cell)
    return Row(url, tuple(built), str(record))


def _header(entity: Any, column: Any, query: ListQuery) -> Header:
    sort = cells.column_sort(entity, column)
    current = query.sort
    state = {sort: "ascending", f"-{sort}": "descending"}.get(current, "") if sort else ""
    next_sort = f"-{sort}" if state == "ascending" else sort
    return Header(
        cells.column_label(entity, column),
        query.url(sort=next_sort) if sort else "",
        state,
        numeric=_numeric(entity, column),
    )


def _numeric(entity: Any, column: Any) -> bool:
    if isinstance(column, cells.Column):
        return column.numeric
    field = cells.field_of(entity.model, column)
    return (
        isinstance(field, (models.IntegerField, models.FloatField, models.DecimalField)) and not field.choices
    )


def _order(entity: Any, query: ListQuery) -> list[str]:
    allowed = {cells.column_sort(entity, c) for c in entity.columns} - {""}
    chosen = [query.sort] if query.sort.lstrip("-") in allowed else []
    return [*chosen, *entity.ordering, "pk"]


def _many(entity: Any) -> list[str]:
    names = [c for c in entity.columns if isinstance(c, str)]
    return [n for n in names if cells.field_of(entity.model, n).many_to_many]


def _filter(records: Any, entity: Any, name: str, query: ListQuery) -> Any:
    field = cells.field_of(entity.model, name)
    if isinstance(field, models.DateField):
        for suffix, lookup in (("_from", "gte"), ("_to", "lte")):
            day = _day(query.params.get(name + suffix, ""))
            if day is not None:
                part = f"{name}__date" if isinstance(field, models.DateTimeField) else name
                records = records.filter(**{f"{part}__{lookup}": day})
        return records
    value = query.params.get(name, "")
    if not value:
        return records
    if field.is_relation:
        if _has_path(field.related_model):
            unit = field.related_model._default_manager.filter(uid=_uid(value)).first()
            return records.filter(**{f"{name}__path__startswith": unit.path}) if unit else records.none()
        return records.filter(**{f"{name}__uid": _uid(value)})
    if isinstance(field, models.BooleanField):
        return records.filter(**{name: value == "yes"})
    return records.filter(**{name: value}) if value in dict(field.flatchoices or ()) else records.none()


def _filter_choice(entity: Any, user: Any, name: str, query: ListQuery) -> Filter:
    field = cells.field_of(entity.model, name)
    label = cells.column_label(entity, name)
    if isinstance(field, models.DateField):
        return Filter(
            name,
            label,
            "dates",
            value_from=query.params.get(f"{name}_from", ""),
            value_to=query.params.get(f"{name}_to", ""),
        )
    chosen = query.params.get(name, "")
    if field.is_relation:
        pairs = _related_options(field.related_model, user)
    elif isinstance(field, models.BooleanField):
        pairs = [("yes", _("yes")), ("no", _("no"))]
    else:
        pairs = [(str(v), str(t)) for v, t in field.flatchoices]
    options = tuple(Option(v, t, v == chosen) for v, t in pairs)
    return Filter(name, label, "choice", options)


def _related_options(model: Any, user: Any) -> list[tuple[str, str]]:
    from calidez.kit.catalog import catalog

    entity = catalog.get(model)
    records = entity.queryset(user) if entity else model._default_manager.all()
    ordering = entity.ordering if entity else ("pk",)
    return [(str(r.uid), str(r)) for r in records.order_by(*ordering)[:MAX_OPTIONS]]


def _chips(filters: tuple[Filter, ...], query: ListQuery) -> tuple[Chip, ...]:
    chips = []
    if query.search:
        chips.append(Chip(_("contains “%(text)s”") % {"text": query.search}, query.url(q=None)))
    for item in filters:
        for suffix, word in (("_from", _("from %(date)s")), ("_to", _("until %(date)s"))):
            value = item.value_from if suffix == "_from" else item.value_to
            day = _day(value)
            if day is not None:
                text = f"{item.label} {word % {'date': date_format(day)}}"
                chips.append(Chip(text, query.url(**{item.name + suffix: None})))
        chosen = next((o for o in item.options if o.selected), None)
        if chosen is not None:
            chips.append(Chip(f"{item.label}: {chosen.text}", query.url(**{item.name: None})))
    return tuple(chips)


def _empty(entity: Any, user: Any, narrowed: bool, primary: Button | None) -> Any:
    from calidez.kit.display import Empty

    if narrowed:
        return Empty(_("Nothing matches these filters."), Button(_("Show all"), entity.list_url()))
    page = entity.empty_page(user)
    return Empty(page.text, page.action or primary, page.example)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _uid(text: str) -> Any:
    import uuid

    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)


def _has_path(model: Any) -> bool:
    return cells.has_field(model, "path")
