"""Export: a list as a CSV file that spreadsheets open safely, and in the reader's language as a table of numbers."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.formats import get_format

from calidez.engine.formulas import neutral
from calidez.kit.core import access, cells
from calidez.kit.core.any_record import look_up
from calidez.kit.desk.lists import ListQuery, columns
from calidez.kit.desk.lists.selecting import fetched, narrowed, order

AT_ONCE = 500
FIRST = 50  # rows that go out before the rest is looked for


def _safe(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula does not look like one; numbers stay numbers."""
    return neutral(value) if isinstance(value, str) else value


class _Line:
    """A file for csv.writer that hands each line back."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Iterator[list[Any]]) -> Iterator[str]:
    """Lines of CSV, the first with a byte-order mark so that Excel reads the accents.

    As the reader's spreadsheet expects them, and as a load reads them again: where numbers have a decimal comma, cells
    are parted by semicolons. The language is that of the moment of asking, however late the lines are written.
    """
    return _lines(rows, str(get_format("DECIMAL_SEPARATOR")))


def _lines(rows: Iterator[list[Any]], decimal: str) -> Iterator[str]:
    writer = csv.writer(_Line(), delimiter=";" if decimal == "," else ",")
    yield "\ufeff"
    for row in rows:
        yield writer.writerow([_written(value, decimal) for value in row])


def _written(value: Any, decimal: str) -> Any:
    if isinstance(value, float | Decimal):
        return str(value).replace(".", decimal)
    return _safe(value)


def export_rows(entity: Any, user: Any, query: ListQuery) -> Iterator[list[Any]]:
    """Headings, then every record of the list as its columns, filters and sort say, without paging."""
    shown = columns.chosen(entity, query)
    yield [cells.column_label(entity, c) for c in shown]
    for record in records_of(entity, user, query, shown):
        yield [cells.plain(cells.cell_of(entity, record, c)) for c in shown]


def records_of(entity: Any, user: Any, query: ListQuery, shown: tuple[Any, ...]) -> Iterator[Any]:
    """The records of the whole list in order, a few hundred at a time.

    The first rows are on their way before all is sorted. Then come the keys, all at once: they are small, the order
    stands, and no cursor stays open while the reader's line is slow.
    """
    records = narrowed(entity, user, query, verb=access.EXPORT).order_by(*order(entity, query))
    keys = records.values_list("pk", flat=True)
    rows = fetched(entity, entity.model._default_manager.all(), shown)
    first = list(keys[:FIRST])
    yield from _in_order(rows, first, user)
    if len(first) < FIRST:
        return
    sent = set(first)
    rest = [key for key in keys if key not in sent]
    for start in range(0, len(rest), AT_ONCE):
        yield from _in_order(rows, rest[start : start + AT_ONCE], user)


def _in_order(rows: Any, keys: list[Any], user: Any) -> Iterator[Any]:
    found = {record.pk: record for record in rows.filter(pk__in=keys)}
    look_up(list(found.values()), user)
    return (found[key] for key in keys if key in found)
