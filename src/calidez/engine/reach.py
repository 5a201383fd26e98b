"""How far the cells of a sheet reach, told before anybody builds it.

Readers of workbooks build the whole rectangle from the first cell to the last. One stray value in the last row and
column of a sheet makes that 17,179,869,184 cells out of a file of a kilobyte. What a file says of its own size may be
missing or wrong, so the cells themselves are looked at, piece by piece. Knows .xlsx; other kinds are left to the limits of
the process that reads them.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

# A rectangle of so many cells takes some 1.3 GB while it is read.
MOST_CELLS = 40_000_000
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
COLUMN_LIMIT = 5_000  # of a table of facts
PIECE = 1 << 20
# No tag is longer than this: what may be cut between two pieces is looked at with the next.
OVERLAP = 1 << 10
SMALL_PART = 8 << 20

# Within one tag, and of a length that tags have: a part made of nothing but beginnings would keep the search busy for hours.
_ROW = re.compile(rb'<(?:\w{1,9}:)?row\s[^<>]{0,300}?\br\s{0,9}=\s{0,9}["\'](\d{1,9})')
_WIDE = re.compile(rb'\sr=["\']([A-Z]{2,4})\d')
# A cell that is only formatted holds nothing, and no reader counts it.
_FILLED = re.compile(
    rb'<(?:\w{1,9}:)?c\s[^<>]{0,300}?\br\s{0,9}=\s{0,9}["\']([A-Z]{1,4})(\d{1,9})["\'][^<>]{0,300}(?<!/)>(?!</)'
)

# What reading a package of other files meets where it is none, or is damaged; whoever reads its cells says so.
NO_PACKAGE = (zipfile.BadZipFile, ElementTree.ParseError, KeyError, ValueError, OSError, NotImplementedError)


@dataclass(frozen=True)
class Reach:
    """The rectangle from A1 to the last filled row and column, counted from 1."""

    rows: int
    columns: int

    @property
    def too_far(self) -> bool:
        return self.rows * self.columns > MOST_CELLS

    @property
    def last(self) -> str:
        """The corner as spreadsheets call it."""
        letters, left = "", self.columns
        while left:
            left, rest = divmod(left - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{letters}{self.rows}"


def reach(
    file: Path | IO[bytes], sheet: str, *, rows: int = LAST_ROW, columns: int = LAST_COLUMN
) -> Reach | None:
    """None where the file is no .xlsx or names no such sheet: whoever reads it says what is wrong with it.

    Exact where more than `rows` or `columns`, or than anybody can read, seem to be filled; else no less than is filled.
    """
    try:
        with zipfile.ZipFile(file) as package:
            part = part_of(package, sheet)
            if part is None:
                return None
            rough = _rough(pieces(package, part))
            beyond = rough.too_far or rough.rows > rows or rough.columns > columns
            return _exact(pieces(package, part)) if beyond else rough
    except NO_PACKAGE:
        return None
    finally:
        if not isinstance(file, Path):
            file.seek(0)


def _rough(pieces: Iterator[bytes]) -> Reach:
    """At least as far as the filled cells reach, quickly: most sheets are told to be harmless by this alone."""
    rows, letters = 1, {b"Z"}
    for piece in pieces:
        rows = max(rows, *map(int, _ROW.findall(piece)), 1)
        letters.update(_WIDE.findall(piece))
    return Reach(rows, max(map(_number, letters)))


def _exact(pieces: Iterator[bytes]) -> Reach:
    rows, letters = 1, {b"A"}
    for piece in pieces:
        for column, row in _FILLED.findall(piece):
            letters.add(column)
            rows = max(rows, int(row))
    return Reach(rows, max(map(_number, letters)))


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def pieces(package: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """A part a stretch at a time, each beginning with the end of the one before."""
    kept = b""
    with package.open(part) as file:
        while piece := file.read(PIECE):
            yield kept + piece
            kept = piece[-OVERLAP:]


def part_of(package: zipfile.ZipFile, sheet: str) -> str | None:
    """Which part of the package holds the sheet of this name."""
    book = _parsed(package, "xl/workbook.xml")
    for one in book.iter():
        if _bare(one.tag) == "sheet" and one.get("name") == sheet:
            link = next((value for name, value in one.items() if _bare(name) == "id"), None)
            break
    else:
        return None
    for one in _parsed(package, "xl/_rels/workbook.xml.rels"):
        if one.get("Id") == link:
            return posixpath.normpath(posixpath.join("/xl", one.get("Target", ""))).lstrip("/")
    return None


def _parsed(package: zipfile.ZipFile, part: str) -> ElementTree.Element:
    with package.open(part) as file:
        content = file.read(SMALL_PART + 1)
    if len(content) > SMALL_PART or b"<!DOCTYPE" in content:
        raise ValueError(f"{part} is no honest list of sheets")
    return ElementTree.fromstring(content)  # noqa: S314 - short, and without a DTD that could define anything


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]
