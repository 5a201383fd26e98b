"""Copies one sheet of a workbook to a plain file, as a process of its own with limits.

    python -m calidez.engine.sheet_copy csv|values WORKBOOK COPY [SHEET]

`csv` writes text with dates year first; `values` one JSON list a row, with what is no plain value marked by its kind.
Says as JSON what it copied, or the code of the refusal. Whatever the file does to its reader, whoever asked goes on.
"""

from __future__ import annotations

import csv
import datetime as dt
import errno
import json
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from calidez.engine.errors import EngineError
from calidez.engine.limited import MEMORY, limit, run
from calidez.engine.reach import MOST_CELLS, reach

SECONDS = 180  # of the processor
UNPACKED = 2 << 30  # what as many cells as may be read come to
WAIT = 600
MODULE = "calidez.engine.sheet_copy"
Row = list[Any]


@dataclass(frozen=True)
class Copied:
    """`above` and `left` count the empty rows and columns before the first cell, which the copy leaves out."""

    sheet: str
    sheets: tuple[str, ...]
    above: int
    left: int
    height: int
    width: int


def copy_sheet(path: Path, copy: Path, *, kind: str, sheet: str = "", name: str = "") -> Copied:
    """The sheet (the first, where none is named) written to `copy`; EngineError says why it cannot be."""
    name = name or path.name
    done = run(MODULE, kind, str(path), str(copy), sheet, wait=WAIT)
    if done is None or done.returncode != 0:
        raise EngineError("workbook_too_large", name=name)
    found = json.loads(done.stdout)
    if code := found.pop("problem", ""):
        raise EngineError(code, name=name, **found)
    return Copied(**found | {"sheets": tuple(found["sheets"])})


def read_values(copy: Path) -> Iterator[Row]:
    """The rows of a copy of `values`, as the workbook had them."""
    with copy.open(encoding="utf-8") as file:
        for line in file:
            yield [_restored(value) for value in json.loads(line)]


def _copied(kind: str, path: Path, copy: Path, sheet: str) -> dict[str, Any]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            sheets = book.sheet_names
            sheet = sheet or (sheets[0] if sheets else "")
            if sheet not in sheets:
                return {"problem": "missing_sheet", "sheet": sheet}
            if _unpacked(path) > UNPACKED:
                return {"problem": "workbook_too_large"}
            far = reach(path, sheet)
            if far is not None and far.too_far:
                return {"problem": "far_cell", "sheet": sheet, "cell": far.last}
            used = book.get_sheet_by_name(sheet)
            above, left = used.start or (0, 0)
            if used.height * used.width > MOST_CELLS:
                return {"problem": "workbook_too_large"}
            rows = islice(used.iter_rows(), above, None) if used.start else iter(())
            (_write_csv if kind == "csv" else _write_values)(copy, rows)
    except PasswordError:
        return {"problem": "protected_file"}
    except (CalamineError, ValueError, zipfile.BadZipFile):
        return {"problem": "truncated_file"}
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        return {"problem": "disk_full"} if full else {"problem": "truncated_file"}
    size = {"height": used.height, "width": used.width}
    return {"sheet": sheet, "sheets": sheets, "above": above, "left": left, **size}


def _unpacked(path: Path) -> int:
    """What the file says of itself; one that lies meets the limits of this process."""
    if not zipfile.is_zipfile(path):
        return 0
    with zipfile.ZipFile(path) as package:
        return sum(entry.file_size for entry in package.infolist())


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


def _write_values(copy: Path, rows: Iterable[Row]) -> None:
    with copy.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps([_marked(value) for value in row]) + "\n")


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
    limit(seconds=SECONDS, memory=MEMORY)
    kind, path, copy, sheet = sys.argv[1:5]
    try:
        found = _copied(kind, Path(path), Path(copy), sheet)
    except MemoryError:
        found = {"problem": "workbook_too_large"}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
