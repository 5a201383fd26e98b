"""Cells of a workbook that look empty to its reader and are not: formulas without a result, and errors such as #DIV/0!.

Readers of workbooks give both as nothing. A month without complaints and a month whose formula broke must not look alike, so
the cells themselves are looked at, piece by piece. Knows .xlsx; other kinds keep a result beside every formula.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from calidez.engine.reach import NO_PACKAGE, part_of, pieces

EXAMPLES = 6
_ERROR = re.compile(
    rb'<(?:\w{1,9}:)?c\s(?=[^<>]{0,300}?\bt=["\']e["\'])[^<>]{0,300}?\br=["\']([A-Z]{1,4}\d{1,9})["\'][^<>]{0,300}>'
    rb"(?:<(?:\w{1,9}:)?f\b[^<>]{0,300}(?:/>|>[^<]{0,900}</(?:\w{1,9}:)?f>))?\s{0,9}<(?:\w{1,9}:)?v>(#[^<]{1,20})<"
)
# With a result that is an empty text (t="str") the formula was worked out.
_FORMULA = re.compile(
    rb'<(?:\w{1,9}:)?c\s(?![^<>]{0,300}?\bt=["\']str["\'])[^<>]{0,300}?\br=["\']([A-Z]{1,4}\d{1,9})["\'][^<>]{0,300}>\s{0,9}'
    rb"<(?:\w{1,9}:)?f\b[^<>]{0,300}(?:/>|>[^<]{0,900}</(?:\w{1,9}:)?f>)\s{0,9}"
    rb"(?:<(?:\w{1,9}:)?v\s{0,9}/>|<(?:\w{1,9}:)?v></(?:\w{1,9}:)?v>)?\s{0,9}</(?:\w{1,9}:)?c>"
)


@dataclass
class Troubles:
    """How many cells of each kind there are, with the places of the first."""

    formulas: int = 0
    errors: int = 0
    formula_cells: tuple[str, ...] = ()
    error_cells: tuple[str, ...] = ()


def troubles(path: Path, sheet: str) -> Troubles:
    found = Troubles()
    try:
        with zipfile.ZipFile(path) as package:
            part = part_of(package, sheet)
            if part is not None:
                _look(package, part, found)
    except NO_PACKAGE:
        return found
    return found


def _look(package: zipfile.ZipFile, part: str, found: Troubles) -> None:
    last_error, last_formula = "", ""
    for piece in pieces(package, part):
        if b'"e"' in piece or b"'e'" in piece:
            for match in _ERROR.finditer(piece):
                place = match[1].decode()
                if _is_after(place, last_error):
                    last_error = place
                    found.errors += 1
                    if found.errors <= EXAMPLES:
                        found.error_cells += (f"{place}: {match[2].decode(errors='replace')}",)
        if b"<f" in piece or b":f" in piece:
            for match in _FORMULA.finditer(piece):
                place = match[1].decode()
                if _is_after(place, last_formula):
                    last_formula = place
                    found.formulas += 1
                    if found.formulas <= EXAMPLES:
                        found.formula_cells += (place,)


def _is_after(place: str, last: str) -> bool:
    """Pieces overlap, and cells stand in the order of their rows: what was counted already comes again first."""
    return not last or _order(place) > _order(last)


def _order(place: str) -> tuple[int, int, str]:
    letters = place.rstrip("0123456789")
    return int(place[len(letters) :]), len(letters), letters
