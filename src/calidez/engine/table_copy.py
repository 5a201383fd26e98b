"""Copies a table of records, from CSV or the first sheet of a workbook, to lines that need no more reading, in a process with limits.

    python -m calidez.engine.table_copy FILE COPY ROWS COLUMNS

Writes for each row that holds anything one JSON list [number, [cells]], with the number that a spreadsheet shows beside it
and what is no plain value marked by its kind. Says as JSON the headings and how many rows there are, or why there are none.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

from calidez.engine import limited
from calidez.engine.delimiters import detect_delimiter
from calidez.engine.errors import EngineError
from calidez.engine.formats import Format, Sniffed, sniff
from calidez.engine.formulas import original
from calidez.engine.layout import find_layout
from calidez.engine.sheet_copy import LONGEST_CELL, Copied, Refused, asked, copied, told
from calidez.engine.table_rows import START_ROWS
from calidez.engine.table_rows import Row as TableRow

LIMITS = limited.Limits(memory=3 << 30, seconds=40, wait=45)
AT_ONCE = replace(LIMITS, wait=12, patience=3)  # while a person waits for the page
MODULE = "calidez.engine.table_copy"
Row = tuple[int, list[Any]]


@dataclass(frozen=True)
class Table:
    """`decimal` is the sign that the file most likely uses: a semicolon between cells goes with decimal commas."""

    headings: tuple[str, ...]
    rows: int
    decimal: str


def copy_table(
    path: Path,
    copy: Path,
    *,
    most_rows: int,
    most_columns: int,
    name: str = "",
    limits: limited.Limits = LIMITS,
) -> Table:
    """The rows below the headings written to `copy`; EngineError, which calls the file `name`, says why they cannot be."""
    arguments = str(path), str(copy), str(most_rows), str(most_columns)

    def work() -> dict[str, Any]:
        return _table(path, copy, most_rows, most_columns)

    found = asked(MODULE, arguments, work, limits=limits, name=name or path.name)
    return Table(tuple(found["headings"]), found["rows"], found["decimal"])


def read_copy(copy: Path) -> Iterator[Row]:
    """The rows of a copy, with values as the file had them."""
    with copy.open(encoding="utf-8") as file:
        for line in file:
            number, cells = json.loads(line)
            yield number, [_restored(cell) for cell in cells]


def _table(path: Path, copy: Path, most_rows: int, most_columns: int) -> dict[str, Any]:
    try:
        sniffed = sniff(path)
    except EngineError as error:
        raise Refused(error.code) from error
    writer = _Writer(copy, most_rows, most_columns)
    decimal = "."
    if sniffed.format is Format.WORKBOOK:
        copied(path, "", writer.sheet, most_rows=most_rows + 1, most_columns=most_columns)
    elif sniffed.format is Format.CSV and not sniffed.compressed:
        text = _letters(path, sniffed)
        delimiter = detect_delimiter(text)
        decimal = "," if delimiter == ";" else "."
        writer.write(_records(text, delimiter))
    else:
        raise Refused("no_records")
    return {"headings": writer.headings, "rows": writer.rows, "decimal": decimal}


class _Writer:
    """The first row that is no title are the headings, the others go to the copy."""

    def __init__(self, copy: Path, most_rows: int, most_columns: int) -> None:
        self.copy, self.most_rows, self.most_columns = copy, most_rows, most_columns
        self.headings: list[str] = []
        self.rows = 0

    def sheet(self, rows: Iterable[list[Any]], size: Copied) -> None:
        beside = [""] * size.left
        self.write((number, [*beside, *row]) for number, row in enumerate(rows, start=size.above + 1))

    def write(self, rows: Iterator[Row]) -> None:
        filled = _below_titles((number, cells) for number, cells in rows if any(map(_holds, cells)))
        first = next(filled, None)
        if first is None:
            raise Refused("empty_file")
        self.headings = [str(cell or "").strip() for cell in first[1]]
        if len(self.headings) > self.most_columns:
            raise Refused("too_many_columns", columns=len(self.headings), limit=self.most_columns)
        with self.copy.open("w", encoding="utf-8") as file:
            for number, cells in filled:
                self.rows += 1
                if self.rows > self.most_rows:
                    raise Refused("too_many_rows", limit=self.most_rows)
                # What stands right of the last heading belongs to no column.
                said = [_marked(_bare(cell)) for cell in cells[: len(self.headings)]]
                file.write(json.dumps([number, said]) + "\n")


def _below_titles(rows: Iterator[Row]) -> Iterator[Row]:
    """From the headings on: what stands above them is for people who read the list."""
    start = list(islice(rows, START_ROWS))
    seen = [
        TableRow(number, ["" if cell is None else str(cell) for cell in cells]) for number, cells in start
    ]
    titles = find_layout(seen, whole=False).titles
    return chain((row for row in start if row[0] not in titles), rows)


def _letters(path: Path, sniffed: Sniffed) -> str:
    try:
        text = codecs.decode(path.read_bytes(), sniffed.encoding)
    except (UnicodeDecodeError, LookupError):
        raise Refused("unreadable_letters") from None
    return text.lstrip("\ufeff").replace("\x00", "")


def _records(text: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, cells
    except csv.Error as error:
        if "field limit" in str(error):
            raise Refused("cell_too_long", row=number + 1, limit=LONGEST_CELL) from error
        raise Refused("broken_off", row=number) from error


def _bare(cell: Any) -> Any:
    """Without the apostrophe that our exports put before what a spreadsheet would run as a formula."""
    return original(cell) if isinstance(cell, str) else cell


def _holds(cell: Any) -> bool:
    return cell is not None and str(cell).strip() != ""


def _marked(value: object) -> object:
    if isinstance(value, dt.datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, dt.date):
        return {"day": value.isoformat()}
    if isinstance(value, dt.time):
        return {"time": value.isoformat()}
    if isinstance(value, dt.timedelta):
        return {"seconds": value.total_seconds()}
    return value


_KINDS: dict[str, Callable[[Any], Any]] = {
    "moment": dt.datetime.fromisoformat,
    "day": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "seconds": lambda seconds: dt.timedelta(seconds=seconds),
}


def _restored(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    return _KINDS[kind](text)


def main() -> None:
    path, copy = Path(sys.argv[1]), Path(sys.argv[2])
    rows, columns = map(int, sys.argv[3:5])
    limited.answer(lambda _say: told(lambda: _table(path, copy, rows, columns)), LIMITS)


if __name__ == "__main__":
    main()
