"""The rows of a CSV file or workbook with the numbers that a spreadsheet shows beside them."""

from __future__ import annotations

import codecs
import csv
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from calidez.engine.delimiters import detect_delimiter
from calidez.engine.errors import CODES, EngineError
from calidez.engine.formats import Format, sniff
from calidez.engine.formulas import original
from calidez.engine.sheet_copy import Copied, copy_sheet, read_values
from calidez.kit.platform.errors import RuleBroken

MOST_ROWS = 200_000
# A workbook is packed: what unfolds to more than this is no list of records.
MOST_COLUMNS = 500

Row = tuple[int, list[Any]]


@dataclass(frozen=True)
class Sheet:
    """`decimal` is the sign that this file most likely uses: a semicolon between cells goes with decimal commas."""

    headings: tuple[str, ...]
    rows: list[Row]
    decimal: str


def read_sheet(path: Path) -> Sheet:
    """Headings and rows that hold anything; RuleBroken says what is wrong with a file that cannot be read."""
    try:
        sniffed = sniff(path)
    except EngineError as error:
        raise _refusal(error) from error
    if sniffed.format == Format.WORKBOOK:
        decimal, numbered = ".", _workbook(path)
    elif sniffed.format == Format.CSV and not sniffed.compressed:
        decimal, numbered = _text(path, sniffed.encoding)
    else:
        raise RuleBroken(
            _("Records come as CSV or Excel (.xlsx); this file is something else."), field="file"
        )
    return _sheet(path.name, numbered, decimal)


def _sheet(name: str, numbered: Iterator[Row], decimal: str) -> Sheet:
    filled = ((number, cells) for number, cells in numbered if any(_holds(cell) for cell in cells))
    first = next(filled, None)
    if first is None:
        raise RuleBroken(_("The file %(name)s is empty.") % {"name": name}, field="file")
    headings = tuple(str(cell or "").strip() for cell in first[1])
    if len(headings) > MOST_COLUMNS:
        raise RuleBroken(
            _("The file has %(count)s columns; records have no more than %(most)s.")
            % {"count": len(headings), "most": MOST_COLUMNS},
            field="file",
        )
    rows = list(islice(filled, MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise RuleBroken(
            _("The file has more than %(most)s rows: split it.") % {"most": MOST_ROWS}, field="file"
        )
    return Sheet(headings, rows, decimal)


def _text(path: Path, encoding: str) -> tuple[str, Iterator[Row]]:
    try:
        text = codecs.decode(path.read_bytes(), encoding).lstrip("\ufeff").replace("\x00", "")
    except (UnicodeDecodeError, LookupError) as error:
        raise RuleBroken(
            _("The letters of this file cannot be read. Save it as “CSV UTF-8” and upload it again."),
            field="file",
        ) from error
    delimiter = detect_delimiter(text)
    return ("," if delimiter == ";" else "."), _records(text, delimiter)


def _records(text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, [_bare(cell) for cell in cells]
    except csv.Error as error:
        raise RuleBroken(
            _("After row %(row)s the file breaks off: a quotation mark is not closed.") % {"row": number},
            field="file",
        ) from error


def _workbook(path: Path) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        copy = Path(folder) / "values"
        copied = _copied(path, copy)
        beside = [""] * copied.left
        for number, cells in enumerate(read_values(copy), start=copied.above + 1):
            yield number, [*beside, *map(_bare, cells)]


def _copied(path: Path, copy: Path) -> Copied:
    try:
        copied = copy_sheet(path, copy, kind="values")
    except EngineError as error:
        raise _refusal(error) from error
    if copied.left + copied.width > MOST_COLUMNS or copied.above + copied.height > MOST_ROWS + 1:
        raise RuleBroken(
            _("The first sheet is larger than %(rows)s rows or %(columns)s columns: split it.")
            % {"rows": MOST_ROWS, "columns": MOST_COLUMNS},
            field="file",
        )
    return copied


def _refusal(error: EngineError) -> RuleBroken:
    return RuleBroken(_(CODES[error.code]) % error.params, field="file")


def _bare(cell: Any) -> Any:
    """Without the apostrophe that our exports put before what a spreadsheet would run as a formula."""
    return original(cell) if isinstance(cell, str) else cell


def _holds(cell: Any) -> bool:
    return cell is not None and str(cell).strip() != ""
