"""The rows of a dataset as one person may see them: those of their units, in their language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from calidez import engine
from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.platform.display import Cell, CellKind, Empty, Header, Option, Row, Table
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.formats import day, moment, number
from calidez.monitoring.defining.proposals import is_identifier
from calidez.monitoring.measuring.definitions import sentence
from calidez.monitoring.measuring.services.rollup import branch_units
from calidez.monitoring.models import Dataset
from calidez.monitoring.store import store
from calidez.people.models import Unit

SHOWN = 50
MOST_PAGES = 100  # whoever looks for older rows says from which days
NUMBERS = (engine.ColumnType.NUMBER, engine.ColumnType.INTEGER)


@dataclass(frozen=True)
class Asked:
    """What the address asks for; nonsense is left out."""

    since: dt.date | None
    until: dt.date | None
    unit: Unit | None
    page: int

    def address(self, **changes: Any) -> str:
        values = {
            "since": self.since,
            "until": self.until,
            "unit": self.unit.code if self.unit else None,
            "page": self.page if self.page > 1 else None,
            **changes,
        }
        kept = {name: str(value) for name, value in values.items() if value}
        return f"?{urlencode(kept)}" if kept else "?"


@dataclass(frozen=True)
class RowsPage:
    asked: Asked
    table: Table
    units: tuple[Option, ...]
    dated: bool
    first: int
    last: int
    newer: str
    older: str
    error: str = ""


def asked_of(values: Mapping[str, str], dataset: Dataset, user: Any) -> Asked:
    number = values.get("page", "")
    code = values.get("unit", "")
    unit = _units(dataset, user).filter(code=code).first() if code else None
    return Asked(
        _day(values.get("since", "")),
        _day(values.get("until", "")),
        unit,
        min(int(number), MOST_PAGES) if number.isdecimal() and 0 < len(number) < 6 and int(number) else 1,
    )


def rows_page(dataset: Dataset, asked: Asked, user: Any, *, count: int = SHOWN) -> RowsPage:
    """Some of the newest rows that this person may see; within a bounded time, however many there are."""
    error, found = "", engine.RowsFound((), more=False)
    try:
        if dataset.rows:
            held = store().open(dataset.code)
            wanted = _wanted(dataset, asked, user)
            found = engine.newest_rows(held, wanted, skip=(asked.page - 1) * count, count=count)
    except engine.EngineError as refused:
        error = sentence(refused)
    schema = engine.Schema.from_json(dataset.schema or {"columns": []})
    headers = tuple(Header(_heading(c), numeric=c.type in NUMBERS) for c in schema.stored)
    names = [c.is_key or is_identifier(c) for c in schema.stored]
    rows = tuple(Row("", tuple(map(_cell, row, names))) for row in found.rows)
    empty = None if rows or error else Empty(_nothing(dataset, asked, user))
    start = (asked.page - 1) * count
    return RowsPage(
        asked=asked,
        table=Table(headers, rows, empty, one_line=True),
        units=tuple(
            Option(unit.code, str(unit), selected=unit == asked.unit)
            for unit in (_units(dataset, user) if schema.branch else ())
        ),
        dated=schema.time is not None,
        first=start + 1 if rows else 0,
        last=start + len(rows),
        newer=asked.address(page=asked.page - 1 if asked.page > 2 else None) if asked.page > 1 else "",
        older=asked.address(page=asked.page + 1) if found.more and asked.page < MOST_PAGES else "",
        error=error,
    )


def rows_file(dataset: Dataset, asked: Asked, user: Any) -> Iterator[list[Any]]:
    """All the rows asked for, for a spreadsheet; headings first."""
    schema = engine.Schema.from_json(dataset.schema)
    try:
        held = store().open(dataset.code)
    except engine.EngineError as error:
        raise RuleBroken(sentence(error)) from error
    yield [_heading(column) for column in schema.stored]
    for row in engine.all_rows(held, _wanted(dataset, asked, user)):
        yield [_written(value) for value in row]


def may_download(dataset: Dataset, user: Any) -> bool:
    return access.scope(user, catalog.of(Dataset).key, access.EXPORT).covers(dataset.unit.path)


def _units(dataset: Dataset, user: Any) -> Any:
    """The units of the dataset whose rows this person may see."""
    seen = access.scope(user, catalog.of(Dataset).key, access.VIEW)
    return Unit.objects.filter(seen.query("path"), path__startswith=dataset.unit.path).order_by("path")


def _wanted(dataset: Dataset, asked: Asked, user: Any) -> engine.Wanted:
    return engine.Wanted(asked.since, asked.until, _branches(dataset, asked, user))


def _branches(dataset: Dataset, asked: Asked, user: Any) -> frozenset[str] | None:
    """The names that mean units within reach; None where all of the dataset is, with names that mean no unit."""
    whole = access.scope(user, catalog.of(Dataset).key, access.VIEW).covers(dataset.unit.path)
    if whole and asked.unit is None:
        return None
    units = _units(dataset, user)
    if asked.unit is not None:
        units = units.filter(path__startswith=asked.unit.path)
    within = set(units.values_list("pk", flat=True))
    return frozenset(name for name, pk in branch_units(dataset, dataset.unit).items() if pk in within)


def _nothing(dataset: Dataset, asked: Asked, user: Any) -> str:
    if not dataset.rows:
        return _("It has no rows yet.")
    if asked.since or asked.until or asked.unit:
        return _("There are no rows of these days and units.")
    return _("None of its rows belong to units that you see.")


def _heading(column: engine.Column) -> str:
    name = column.label or column.name
    return f"{name} ({column.unit})" if column.unit else name


def _cell(value: object, is_name: bool) -> Cell:
    """A number that names something has no thousands."""
    if value is None:
        return Cell(CellKind.EMPTY)
    if is_name and isinstance(value, int | float) and not isinstance(value, bool):
        return Cell(CellKind.TEXT, f"{value:.0f}" if float(value).is_integer() else str(value))
    if isinstance(value, bool):
        return Cell(CellKind.TEXT, _("yes") if value else _("no"))
    if isinstance(value, dt.datetime):
        return Cell(CellKind.TEXT, moment(value))
    if isinstance(value, dt.date):
        return Cell(CellKind.TEXT, day(value))
    return Cell(CellKind.TEXT, number(value) if isinstance(value, int | float) else str(value))


def _written(value: object) -> object:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).isoformat(sep=" ")
    return value.isoformat() if isinstance(value, dt.date) else "" if value is None else value


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
