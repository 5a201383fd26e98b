"""Sheets of a workbook made ready as a copy in CSV: the one that holds the table, or several alike read as one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from calidez.engine.connection import storage_errors
from calidez.engine.errors import EngineError
from calidez.engine.formats import Format
from calidez.engine.markup import copy_markup
from calidez.engine.profile import Problem
from calidez.engine.sheet_copy import SheetCopy, Wanted, copy_sheets
from calidez.engine.sources import ReadOptions, Source
from calidez.engine.tables import Copy, table_source

NAMED = 5  # examples in one sentence


def workbook_source(path: Path, options: ReadOptions, scratch: Path) -> Source:
    """The sheets copied to CSV; dates that the workbook holds as dates are written year first."""
    with storage_errors(), path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    found = copy_sheets(path, scratch, Wanted(options.wanted_sheets, options.wanted_headings))
    copies = [copy for copy in found.copies if copy.size.height]
    if not copies:
        raise EngineError("empty_file", name=path.name)
    source = Source(
        format=Format.CSV,
        name=path.name,
        path=copies[0].copy,
        headers=(),
        raw_headers=(),
        sheet=copies[0].size.sheet,
        sheets=found.sheets,
        digest=digest,
        lines=None,
        bytes=copies[0].copy.stat().st_size,
    )
    tables = [Copy(copy.copy, copy.size.above, copy.size.sheet, copy.across) for copy in copies]
    made = table_source(source, tables, replace(options, delimiter=","), scratch)
    problems = (
        *made.problems,
        *_sheets_said(found.sheets, [copy.size.sheet for copy in copies]),
        *_cells_said(made, copies),
    )
    return replace(made, problems=problems, found=replace(made.found, hidden=found.hidden))


def page_source(path: Path, encoding: str, options: ReadOptions, scratch: Path) -> Source:
    """The largest table of a web page, or the sheets of a workbook in XML."""
    with storage_errors(), path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    found = copy_markup(path, scratch, encoding, options.wanted_sheets)
    first = found.copies[0]
    source = Source(
        format=Format.CSV,
        name=path.name,
        path=first.copy,
        headers=(),
        raw_headers=(),
        encoding=encoding,
        sheet=first.name or "1",
        sheets=found.sheets,
        digest=digest,
        lines=None,
        bytes=first.copy.stat().st_size,
    )
    tables = [Copy(copy.copy, 0, copy.name, copy.across) for copy in found.copies]
    made = table_source(source, tables, replace(options, delimiter=","), scratch)
    errors = [row for copy in found.copies for row in copy.error_rows]
    said = [Problem("read_from_page") if found.kind == "page" else Problem("read_from_xml")]
    if errors:
        count = sum(copy.errors for copy in found.copies)
        said.append(Problem("error_cells", {"count": count, "cells": _some(errors)}))
    read = [copy.name for copy in found.copies]
    return replace(made, problems=(*said, *made.problems, *_sheets_said(found.sheets, read)))


def _sheets_said(sheets: Sequence[str], read: Sequence[str]) -> list[Problem]:
    beside = [sheet for sheet in sheets if sheet not in read]
    said = [Problem("sheets_joined", {"sheets": _some(read)})] if len(read) > 1 else []
    return [*said, Problem("sheets_beside", {"sheets": _some(beside)})] if beside else said


def _cells_said(source: Source, copies: Sequence[SheetCopy]) -> list[Problem]:
    """What a reader of the workbook would take for empty cells, and what was filled."""
    said = []
    several = len(copies) > 1
    for code, counted, places in (
        ("formulas_without_result", "formulas", "formula_cells"),
        ("error_cells", "errors", "error_cells"),
    ):
        count = sum(getattr(copy.troubles, counted) for copy in copies)
        if count:
            cells = [
                f"{copy.size.sheet}!{place}" if several else place
                for copy in copies
                for place in getattr(copy.troubles, places)
            ]
            said.append(Problem(code, {"count": count, "cells": _some(cells)}))
    down = sum(copy.filled_down for copy in copies)
    if down:
        said.append(Problem("merged_down", {"count": down}))
    last = source.found.heading_rows[-1:] or (0,)
    across = [merge for copy in copies for merge in copy.across if merge.row > last[0]]
    if across:
        said.append(
            Problem("merged_across", {"count": len(across), "rows": _some([str(m.row) for m in across])})
        )
    return said


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
