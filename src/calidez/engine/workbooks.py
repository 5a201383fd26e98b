"""One sheet of a workbook made ready as a copy in CSV."""

from __future__ import annotations

import csv
import hashlib
from datetime import date, datetime, time, timedelta
from pathlib import Path

from calidez.engine.connection import storage_errors
from calidez.engine.errors import EngineError
from calidez.engine.formats import Format
from calidez.engine.sources import ReadOptions, Source
from calidez.engine.text_files import csv_source


def workbook_source(path: Path, options: ReadOptions, scratch: Path) -> Source:
    """One sheet copied to CSV; dates that the workbook holds as dates are written year first."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            sheets = tuple(book.sheet_names)
            sheet = options.sheet or (sheets[0] if sheets else "")
            if sheet not in sheets:
                raise EngineError("missing_sheet", name=path.name, sheet=sheet)
            used = book.get_sheet_by_name(sheet)
            rows = used.to_python(skip_empty_area=True)
    except PasswordError as error:
        raise EngineError("protected_file", name=path.name) from error
    except (CalamineError, ValueError, OSError) as error:
        raise EngineError("truncated_file", name=path.name) from error
    if not rows:
        raise EngineError("empty_file", name=path.name)
    copy = scratch / "sheet.csv"
    with storage_errors(), copy.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([_cell(value) for value in row] for row in rows)
    source = Source(
        format=Format.CSV,
        name=path.name,
        path=copy,
        headers=(),
        raw_headers=(),
        sheet=sheet,
        sheets=sheets,
        digest=digest,
        lines=None,
        bytes=copy.stat().st_size,
        rows_above=used.start[0] if used.start else 0,
    )
    return csv_source(source, ReadOptions(delimiter=",", header=options.header))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        whole_day = value.time() == time(0)
        return value.date().isoformat() if whole_day else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value.total_seconds())
    return str(value)
