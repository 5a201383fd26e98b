"""Copies the sheets of a workbook that hold a table to CSV, as a process of its own with limits; dates are written year first.

    python -m calidez.engine.sheet_copy WORKBOOK FOLDER WANTED

Says as JSON what it copied, or the code of the refusal. Whatever the file does to its reader, whoever asked goes on.
"""

from __future__ import annotations

import csv
import datetime as dt
import errno
import json
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calidez.engine import limited
from calidez.engine.cell_troubles import Troubles, troubles
from calidez.engine.errors import EngineError
from calidez.engine.layout import Layout, find_layout, is_table
from calidez.engine.reach import COLUMN_LIMIT, LAST_COLUMN, LAST_ROW, MOST_CELLS, reach
from calidez.engine.table_rows import Merge
from calidez.engine.table_rows import Row as TableRow

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

LIMITS = limited.Limits(memory=3 << 30, seconds=180, wait=600)
UNPACKED = 2 << 30  # what as many cells as may be read come to
ENTRIES = 20_000  # parts of a package; a workbook of a thousand sheets has some three thousand
LONGEST_CELL = 1_000_000  # letters; a spreadsheet takes 32,767
WORKBOOK_PARTS = ("xl/", "content.xml")  # of Excel and of OpenDocument
CELLS_LOOKED_AT = 8_000_000  # of sheets of which nobody said which is wanted
SHEETS_LOOKED_AT = 60
LOOKED_AT_ROWS = 200
MERGES_TOLD = 500
MODULE = "calidez.engine.sheet_copy"
Row = list[Any]
Merged = list[tuple[tuple[int, int], tuple[int, int]]]


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


@dataclass(frozen=True)
class SheetCopy:
    """One sheet as it was copied, into the file `copy`: what a table's layout needs, and what its cells do not say."""

    size: Copied
    copy: Path
    across: tuple[Merge, ...] = ()
    filled_down: int = 0
    troubles: Troubles = field(default_factory=Troubles)


@dataclass(frozen=True)
class Wanted:
    """Which sheets are to be copied, and which of their rows are headings; what is None is found."""

    sheets: tuple[str, ...] | None = None
    headings: tuple[int, ...] | None = None


@dataclass(frozen=True)
class SheetCopies:
    sheets: tuple[str, ...]
    hidden: tuple[str, ...]
    copies: tuple[SheetCopy, ...]


def copy_sheets(path: Path, folder: Path, wanted: Wanted = Wanted(), *, name: str = "") -> SheetCopies:
    """The sheets written into `folder`; where none is named, the first that holds a table and those with the same headings."""
    asked_for = json.dumps(asdict(wanted))
    arguments = str(path), str(folder), asked_for
    found = asked(
        MODULE, arguments, lambda: _copy(path, folder, asked_for), limits=LIMITS, name=name or path.name
    )
    copies = [
        SheetCopy(
            size=Copied(**one["size"] | {"sheets": tuple(found["sheets"])}),
            copy=Path(one["copy"]),
            across=tuple(Merge(**merge) for merge in one["across"]),
            filled_down=one["filled_down"],
            troubles=Troubles(**{name: _settled(value) for name, value in one["troubles"].items()}),
        )
        for one in found["copies"]
    ]
    return SheetCopies(tuple(found["sheets"]), tuple(found["hidden"]), tuple(copies))


def _settled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def copy_sheet(path: Path, copy: Path, *, sheet: str = "", name: str = "") -> Copied:
    """One sheet written to `copy`; EngineError says why it cannot be."""
    found = copy_sheets(path, copy.parent, Wanted((sheet,) if sheet else None), name=name).copies[0]
    found.copy.replace(copy)
    return found.size


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
    with _book(path) as book:
        sheets = tuple(book.sheet_names)
        size, rows, _merged = _rows_of(path, book, _chosen(sheets, sheet), most_rows, most_columns)
        write(rows, size)
        return size


@contextmanager
def _book(path: Path) -> Iterator[CalamineWorkbook]:
    """The workbook, as long as somebody reads it; Refused where it cannot be read."""
    from python_calamine import CalamineError, PasswordError

    try:
        _weigh(path)
        with _opened(path) as book:
            if not book.sheet_names:
                raise Refused("empty_file")
            yield book
    except PasswordError:
        raise Refused("protected_file") from None
    except (CalamineError, ValueError, zipfile.BadZipFile):
        raise Refused("truncated_file") from None


def _chosen(sheets: Sequence[str], sheet: str) -> str:
    sheet = sheet or sheets[0]
    if sheet not in sheets:
        raise Refused("missing_sheet", sheet=sheet)
    return sheet


def _rows_of(
    path: Path, book: CalamineWorkbook, sheet: str, most_rows: int, most_columns: int
) -> tuple[Copied, Iterable[Row], Merged]:
    _measure(path, sheet, most_rows, most_columns)
    used = book.get_sheet_by_name(sheet)
    above, left = used.start or (0, 0)
    size = Copied(sheet, tuple(book.sheet_names), above, left, used.height, used.width)
    if above + used.height > most_rows or left + used.width > most_columns:
        raise _too_many(sheet, above + used.height, left + used.width)
    if used.height * used.width > MOST_CELLS:
        raise _too_many(sheet, used.height, used.width)
    rows = islice(used.iter_rows(), above, None) if used.start else iter(())
    return size, _of_honest_cells(rows, above), used.merged_cell_ranges or []


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
        return _duration(value)
    return str(value)


def _duration(value: dt.timedelta) -> str:
    """As the sheet shows it, 27:30:00, so that it is read as a stretch of time and has its unit."""
    sign, rest = ("-", -value) if value < dt.timedelta(0) else ("", value)
    seconds = rest.days * 86_400 + rest.seconds
    part = f".{rest.microseconds:06}".rstrip("0") if rest.microseconds else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}{part}"


# The sheets that are wanted


def _copy(path: Path, folder: Path, asked_for: str) -> dict[str, Any]:
    given = json.loads(asked_for)
    wanted = Wanted(
        None if given["sheets"] is None else tuple(given["sheets"]),
        None if given["headings"] is None else tuple(given["headings"]),
    )
    with _book(path) as book:
        names = tuple(book.sheet_names)
        hidden = _hidden(book)
        if wanted.sheets is None:
            copies = _found(
                path, book, [name for name in names if name not in hidden] or list(names), folder, wanted
            )
        else:
            chosen = [_chosen(names, sheet) for sheet in wanted.sheets]
            copies = [
                _copied(path, book, sheet, folder / f"sheet-{n}.csv")[0] for n, sheet in enumerate(chosen)
            ]
    return {"sheets": names, "hidden": hidden, "copies": [_told(copy) for copy in copies]}


def _hidden(book: CalamineWorkbook) -> tuple[str, ...]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    return tuple(
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.visible is not SheetVisibleEnum.Visible or sheet.typ is not SheetTypeEnum.WorkSheet
    )


def _found(
    path: Path, book: CalamineWorkbook, names: Sequence[str], folder: Path, wanted: Wanted
) -> list[SheetCopy]:
    """The first sheet that holds a table, else the first of all, and those whose headings are the same."""
    first: SheetCopy | None = None
    refused: Refused | None = None
    found: list[tuple[SheetCopy, Layout]] = []
    cells = 0
    for n, name in enumerate(names[:SHEETS_LOOKED_AT]):
        if cells > CELLS_LOOKED_AT:
            break
        try:
            copy, start = _copied(path, book, name, folder / f"sheet-{n}.csv")
        except Refused as error:  # another sheet may be what is wanted
            refused = refused or error
            continue
        first = first or copy
        cells += copy.size.height * copy.size.width
        layout = find_layout(start, merges=copy.across, headings=wanted.headings, whole=False)
        alike = is_table(start) and (
            not found or (layout.headings and layout.headings == found[0][1].headings)
        )
        if alike:
            found.append((copy, layout))
        elif copy is not first:
            copy.copy.unlink()
    if refused and (first is None or not found):
        raise refused
    return [copy for copy, _layout in found] or ([first] if first else [])


def _copied(path: Path, book: CalamineWorkbook, sheet: str, copy: Path) -> tuple[SheetCopy, list[TableRow]]:
    """The sheet with what is merged downwards filled, and its first rows."""
    size, rows, merged = _rows_of(path, book, sheet, LAST_ROW, COLUMN_LIMIT)
    ranges = [
        Merge(top + 1, bottom + 1, first - size.left, last - size.left)
        for (top, first), (bottom, last) in sorted(merged)
    ]
    down = _Down([merge for merge in ranges if merge.last_row > merge.row])
    start: list[TableRow] = []
    with copy.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for number, row in enumerate(rows, start=size.above + 1):
            cells = down.filled(number, [_text(value) for value in row])
            if len(start) < LOOKED_AT_ROWS:
                start.append(TableRow(number, cells))
            writer.writerow(cells)
    across = tuple(merge for merge in ranges if merge.last_column > merge.column)
    return SheetCopy(size, copy, across, down.cells, troubles(path, sheet)), start


class _Down:
    """Repeats what is merged over several rows in each of them."""

    def __init__(self, merges: Iterable[Merge]) -> None:
        self._coming = sorted(merges, key=lambda merge: merge.row, reverse=True)
        self._open: list[tuple[Merge, str]] = []
        self.cells = 0

    def filled(self, number: int, cells: list[str]) -> list[str]:
        while self._coming and self._coming[-1].row <= number:
            merge = self._coming.pop()
            if merge.row == number and 0 <= merge.column < len(cells) and cells[merge.column]:
                self._open.append((merge, cells[merge.column]))
        if not self._open:
            return cells
        self._open = [(merge, text) for merge, text in self._open if merge.last_row >= number]
        for merge, text in self._open:
            if merge.row < number and not cells[merge.column]:
                cells[merge.column] = text
                self.cells += 1
        return cells


def _told(copy: SheetCopy) -> dict[str, Any]:
    told_of = asdict(replace(copy, across=copy.across[:MERGES_TOLD]))
    return told_of | {"copy": str(copy.copy)}


def main() -> None:
    path, folder, wanted = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    limited.answer(lambda _say: told(lambda: _copy(path, folder, wanted)), LIMITS)


if __name__ == "__main__":
    main()
