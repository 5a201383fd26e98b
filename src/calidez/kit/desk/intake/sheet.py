"""The rows of a CSV file or workbook with the numbers that a spreadsheet shows beside them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from calidez.engine.errors import CODES, EngineError
from calidez.engine.limited import Limits
from calidez.engine.table_copy import AT_ONCE, LIMITS, Row, Table, copy_table, read_copy
from calidez.kit.platform.errors import RuleBroken

MOST_ROWS = 200_000
# What unfolds to more than this is no list of records.
MOST_COLUMNS = 500
ABOUT = "rows.json"  # beside the file: what was found in it


@dataclass(frozen=True)
class SheetRows:
    """Read from the copy each time anew: a long file is never in memory as a whole."""

    copy: Path
    count: int

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Row]:
        return read_copy(self.copy)


@dataclass(frozen=True)
class Sheet:
    """`decimal` is the sign that this file most likely uses: a semicolon between cells goes with decimal commas."""

    headings: tuple[str, ...]
    rows: SheetRows
    decimal: str


def read_at_once(path: Path, name: str = "") -> Sheet | None:
    """While a person waits for the page; None where finding out takes longer than that."""
    try:
        return read_sheet(path, name, limits=AT_ONCE)
    except RuleBroken as refused:
        if getattr(refused.__cause__, "code", "") in {"too_long", "reader_busy"}:
            return None
        raise


def is_read(path: Path) -> bool:
    return path.with_name(ABOUT).exists()


def read_sheet(path: Path, name: str = "", *, limits: Limits = LIMITS) -> Sheet:
    """Headings and rows that hold anything; RuleBroken says what is wrong with the file, called `name`, if it cannot be read.

    The file is read once, by a process with limits; what it found lies beside the file as long as that does.
    """
    copy, about = path.with_name("rows"), path.with_name(ABOUT)
    try:
        table = Table(**json.loads(about.read_text(encoding="utf-8")))
    except FileNotFoundError:
        table = _copied(path, copy, name, limits)
        about.write_text(json.dumps(asdict(table)), encoding="utf-8")
    return Sheet(tuple(table.headings), SheetRows(copy, table.rows), table.decimal)


def _copied(path: Path, copy: Path, name: str, limits: Limits) -> Table:
    try:
        return copy_table(
            path, copy, most_rows=MOST_ROWS, most_columns=MOST_COLUMNS, name=name, limits=limits
        )
    except EngineError as error:
        raise RuleBroken(_(CODES[error.code]) % error.params, field="file") from error
