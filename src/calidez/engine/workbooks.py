"""One sheet of a workbook made ready as a copy in CSV."""

from __future__ import annotations

import hashlib
from pathlib import Path

from calidez.engine.connection import storage_errors
from calidez.engine.errors import EngineError
from calidez.engine.formats import Format
from calidez.engine.sheet_copy import copy_sheet
from calidez.engine.sources import ReadOptions, Source
from calidez.engine.text_files import csv_source


def workbook_source(path: Path, options: ReadOptions, scratch: Path) -> Source:
    """One sheet copied to CSV; dates that the workbook holds as dates are written year first."""
    copy = scratch / "sheet.csv"
    with storage_errors(), path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    copied = copy_sheet(path, copy, sheet=options.sheet or "")
    if not copied.height:
        raise EngineError("empty_file", name=path.name)
    source = Source(
        format=Format.CSV,
        name=path.name,
        path=copy,
        headers=(),
        raw_headers=(),
        sheet=copied.sheet,
        sheets=copied.sheets,
        digest=digest,
        lines=None,
        bytes=copy.stat().st_size,
        rows_above=copied.above,
    )
    return csv_source(source, ReadOptions(delimiter=",", header=options.header))
