"""Export: a list as a CSV file that spreadsheets open safely."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from calidez.kit import cells
from calidez.kit.lists import ListQuery, select

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutral(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets a leading apostrophe; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value


class _Line:
    """A file for csv.writer that hands each line back."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Iterator[list[Any]]) -> Iterator[str]:
    """Lines of CSV, the first with a byte-order mark so that Excel reads the accents."""
    writer = csv.writer(_Line())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow([neutral(value) for value in row])


def export_rows(entity: Any, user: Any, params: dict[str, str]) -> Iterator[list[Any]]:
    """Headings, then every record of the list as filtered, without paging."""
    columns = list(entity.columns)
    yield [cells.column_label(entity, c) for c in columns]
    records = select(entity, user, ListQuery(params), verb="export")
    for record in records.iterator(chunk_size=1000):
        yield [cells.plain(cells.cell_of(entity, record, c)) for c in columns]
