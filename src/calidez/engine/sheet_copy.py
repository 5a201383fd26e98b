"""Copies one sheet of a workbook to CSV, as a process of its own with limits; dates are written year first.

    python -m calidez.engine.sheet_copy WORKBOOK COPY [SHEET]

Says as JSON what it copied, or the code of the refusal. Whatever the file does to its reader, whoever asked goes on.
"""

from __future__ import annotations

import csv
import datetime as dt
import errno
import json
import sys
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calidez.engine import limited
from calidez.engine.errors import EngineError
from calidez.engine.reach import COLUMN_LIMIT, LAST_COLUMN, LAST_ROW, MOST_CELLS, reach

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

LIMITS = limited.Limits(memory=3 << 30, seconds=180, wait=600)
UNPACKED = 2 << 30  # what as many cells as may be read come to
ENTRIES = 20_000  # parts of a package; a workbook of a thousand sheets has some three thousand
LONGEST_CELL = 1_000_000  # letters; a spreadsheet takes 32,767
WORKBOOK_PARTS = ("xl/", "content.xml")  # of Excel and of OpenDocument
MODULE = "calidez.engine.sheet_copy"
Row = list[Any]


class Refused(Exception):
    """The workbook is not read: the code of the refusal and its values."""

    def __init__(self, code: str, **params: object) -> None:
        self.code, self.params = code, params
        super().__init__(code)


@dataclass(frozen=True)
class Copied:
    """`above` and `left` count the empty rows and columns before the first cell, which the copy leaves out."""

    sheet: str
    sheets: tuple[str, ...]
    above: int
    left: int
    height: int
    width: int


def copy_sheet(path: Path, copy: Path, *, sheet: str = "", name: str = "") -> Copied:
    """The sheet (the first, where none is named) written to `copy`; EngineError says why it cannot be."""
    arguments = str(path), str(copy), sheet
    found = asked(MODULE, arguments, lambda: _copy(path, copy, sheet), limits=LIMITS, name=name or path.name)
    return Copied(**found | {"sheets": tuple(found["sheets"])})


def asked(
    module: str,
    arguments: tuple[str, ...],
    work: Callable[[], dict[str, Any]],
    *,
    limits: limited.Limits,
    name: str,
) -> dict[str, Any]:
    """What the module found in the file `name` by doing `work` as a process; what it could not do is an EngineError."""
    try:
        said = limited.run(module, *arguments, limits=limits) if limited.APART else json.dumps(told(work))
    except limited.Ended as ended:
        raise EngineError(ended.code, name=name) from ended
    found: dict[str, Any] = json.loads(said)
    if code := found.pop("problem", ""):
        raise EngineError(code, name=name, **found)
    return found


def told(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What the work found, or the code of what stood in its way."""
    try:
        return work()
    except Refused as refused:
        return {"problem": refused.code, **refused.params}
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        return {"problem": "disk_full" if full else "truncated_file"}


def copied(
    path: Path,
    sheet: str,
    write: Callable[[Iterable[Row], Copied], None],
    *,
    most_rows: int = LAST_ROW,
    most_columns: int = LAST_COLUMN,
) -> Copied:
    """Hand the rows of the sheet to `write`, from its first cell to its last; Refused where it is too much."""
    from python_calamine import CalamineError, PasswordError

    try:
        _weigh(path)
        with _opened(path) as book:
            sheets = tuple(book.sheet_names)
            if not sheets:
                raise Refused("empty_file")
            sheet = sheet or sheets[0]
            if sheet not in sheets:
                raise Refused("missing_sheet", sheet=sheet)
            _measure(path, sheet, most_rows, most_columns)
            used = book.get_sheet_by_name(sheet)
            above, left = used.start or (0, 0)
            size = Copied(sheet, sheets, above, left, used.height, used.width)
            if above + used.height > most_rows or left + used.width > most_columns:
                raise _too_many(sheet, above + used.height, left + used.width)
            if used.height * used.width > MOST_CELLS:
                raise _too_many(sheet, used.height, used.width)
            rows = islice(used.iter_rows(), above, None) if used.start else iter(())
            write(_of_honest_cells(rows, above), size)
            return size
    except PasswordError:
        raise Refused("protected_file") from None
    except (CalamineError, ValueError, zipfile.BadZipFile):
        raise Refused("truncated_file") from None


def _opened(path: Path) -> CalamineWorkbook:
    """By its ending, which costs no memory; where that leads astray, by what it holds."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        return CalamineWorkbook.from_path(str(path))
    except PasswordError:
        raise
    except CalamineError:
        with path.open("rb") as file:
            return CalamineWorkbook.from_filelike(file)


def _weigh(path: Path) -> None:
    """What the file says of itself; one that lies meets the limits of this process."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as package:
        entries = package.infolist()
    if len(entries) > ENTRIES:
        raise Refused("too_many_parts", limit=ENTRIES)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("protected_file")
    if not any(entry.filename.lower().startswith(WORKBOOK_PARTS) for entry in entries):
        raise Refused("no_workbook")
    if sum(entry.file_size for entry in entries) > UNPACKED:
        raise Refused("too_large", limit=f"{UNPACKED >> 30} GB")


def _measure(path: Path, sheet: str, most_rows: int, most_columns: int) -> None:
    """Before anybody builds what lies between the first cell and the last."""
    far = reach(path, sheet, rows=most_rows, columns=most_columns)
    if far is None:
        return
    if far.too_far:
        raise Refused("far_cell", sheet=sheet, cell=far.last)
    # A sheet of which little is filled says more columns than it has until it was looked at closely.
    if far.rows > most_rows or far.columns > most_columns:
        raise _too_many(sheet, far.rows, far.columns)


def _too_many(sheet: str, rows: int, columns: int) -> Refused:
    return Refused("sheet_too_large", sheet=sheet, rows=rows, columns=columns)


def _of_honest_cells(rows: Iterable[Row], above: int) -> Iterable[Row]:
    for number, row in enumerate(rows, start=above + 1):
        if any(isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in row):
            raise Refused("cell_too_long", row=number, limit=LONGEST_CELL)
        yield row


def _write_csv(copy: Path, rows: Iterable[Row]) -> None:
    with copy.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([_text(value) for value in row] for row in rows)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        whole_day = value.time() == dt.time(0)
        return value.date().isoformat() if whole_day else value.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return str(value.total_seconds())
    return str(value)


def _copy(path: Path, copy: Path, sheet: str) -> dict[str, Any]:
    return vars(copied(path, sheet, lambda rows, _size: _write_csv(copy, rows), most_columns=COLUMN_LIMIT))


def main() -> None:
    path, copy, sheet = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    limited.answer(lambda _say: told(lambda: _copy(path, copy, sheet)), LIMITS)


if __name__ == "__main__":
    main()
