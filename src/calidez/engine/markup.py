"""Tables in web pages and workbooks in XML, which many systems export under the name of Excel: copied to CSV in a process with limits.

    python -m calidez.engine.markup FILE FOLDER ENCODING SHEETS

Nothing that such a file names is fetched, and one that defines entities of its own is not read.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from calidez.engine import limited
from calidez.engine.reach import COLUMN_LIMIT, MOST_CELLS
from calidez.engine.sheet_copy import LONGEST_CELL, Refused, asked, told
from calidez.engine.table_rows import Merge

LIMITS = limited.Limits(memory=3 << 30, seconds=120, wait=300)
MODULE = "calidez.engine.markup"
MOST_SPAN = 1_000
MERGES_TOLD = 500
XML_MARK = "urn:schemas-microsoft-com:office:spreadsheet"


@dataclass
class Grid:
    """Cells placed where a reader sees them: one that spans several columns or rows stands in the first of each row."""

    name: str = ""
    rows: list[list[str]] = field(default_factory=list)
    across: list[Merge] = field(default_factory=list)
    cells: int = 0
    errors: list[str] = field(default_factory=list)
    _down: dict[int, tuple[int, str]] = field(default_factory=dict)

    def begin_row(self) -> None:
        self.rows.append([])
        self._fill()

    def place(self, text: str, *, columns: int = 1, rows: int = 1, at: int | None = None) -> None:
        """The next cell of the row, or the one at the column `at`."""
        if not self.rows:
            self.begin_row()
        row = self.rows[-1]
        while at is not None and len(row) < at:
            self._put("")
        first = len(row)
        columns = max(1, min(columns, MOST_SPAN))
        for n in range(columns):
            self._put(text if n == 0 else "")
        if columns > 1:
            number = len(self.rows)
            self.across.append(Merge(number, number + max(1, rows) - 1, first, first + columns - 1))
        if rows > 1:
            for n in range(columns):
                self._down[first + n] = (min(rows, MOST_CELLS) - 1, text if n == 0 else "")
        self._fill()

    def _put(self, text: str) -> None:
        self.cells += 1
        if self.cells > MOST_CELLS or len(self.rows[-1]) > COLUMN_LIMIT:
            raise Refused(
                "sheet_too_large", sheet=self.name or "1", rows=len(self.rows), columns=len(self.rows[-1])
            )
        if len(text) > LONGEST_CELL:
            raise Refused("cell_too_long", row=len(self.rows), limit=LONGEST_CELL)
        self.rows[-1].append(text)

    def _fill(self) -> None:
        """What comes down from the rows above, as far as it stands next."""
        row = self.rows[-1]
        while len(row) in self._down:
            column = len(row)
            left, text = self._down.pop(column)
            if left > 1:
                self._down[column] = (left - 1, text)
            self._put(text)


class _Tables(HTMLParser):
    """Every table of a page; one inside a cell of another is a table of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Grid] = []
        self._open: list[Grid] = []
        self._cells: list[tuple[list[str], int, int] | None] = []
        self._ignored = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._ignored += 1
        elif tag == "table":
            self.found.append(Grid())
            self._open.append(self.found[-1])
            self._cells.append(None)
        elif not self._open:
            return
        elif tag == "tr":
            self._end_cell()
            self._open[-1].begin_row()
        elif tag in ("td", "th"):
            self._end_cell()
            given = dict(attrs)
            self._cells[-1] = ([], _span(given.get("colspan")), _span(given.get("rowspan")))
        elif tag in ("br", "p", "div") and self._cells[-1]:
            self._cells[-1][0].append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._ignored = max(0, self._ignored - 1)
        elif tag in ("td", "th", "tr") and self._open:
            self._end_cell()
        elif tag == "table" and self._open:
            self._end_cell()
            self._open.pop()
            self._cells.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._cells[-1] and not self._ignored:
            self._cells[-1][0].append(data)

    def close(self) -> None:
        super().close()
        while self._open:
            self._end_cell()
            self._open.pop()
            self._cells.pop()

    def _end_cell(self) -> None:
        if self._cells[-1] is None:
            return
        texts, columns, rows = self._cells[-1]
        self._cells[-1] = None
        self._open[-1].place(" ".join("".join(texts).split()), columns=columns, rows=rows)


def _span(said: str | None) -> int:
    text = (said or "").strip()
    return max(1, min(int(text), MOST_SPAN)) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def page_tables(text: str) -> list[Grid]:
    """The tables of a web page that hold anything."""
    reader = _Tables()
    for start in range(0, len(text), 1 << 16):
        reader.feed(text[start : start + (1 << 16)])
    reader.close()
    return [grid for grid in reader.found if any(any(cell for cell in row) for row in grid.rows)]


def workbook_sheets(content: bytes) -> list[Grid]:
    """The sheets of a workbook written as XML (SpreadsheetML of 2003)."""
    target = _Sheets()
    parser = ElementTree.XMLParser(target=target)  # noqa: S314 - a document that defines anything was refused before
    try:
        parser.feed(content)
        parser.close()
    except ElementTree.ParseError:
        raise Refused("markup_file") from None
    return target.found


class _Sheets:
    """Takes the parts of such a workbook as they come."""

    def __init__(self) -> None:
        self.found: list[Grid] = []
        self._cell: dict[str, str] = {}
        self._text: list[str] | None = None
        self._kind = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name, given = _bare(tag), {_bare(key): value for key, value in attributes.items()}
        if name == "Worksheet":
            self.found.append(Grid(given.get("Name", "")))
        elif name == "Row" and self.found:
            self._begin_row(given)
        elif name == "Cell":
            self._cell = given
            self._text, self._kind = None, ""
        elif name == "Data":
            self._text, self._kind = [], given.get("Type", "")

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        if _bare(tag) == "Cell" and self.found:
            given, index = self._cell, _whole(self._cell.get("Index"))
            self.found[-1].place(
                self._said(),
                columns=(_whole(given.get("MergeAcross")) or 0) + 1,
                rows=(_whole(given.get("MergeDown")) or 0) + 1,
                at=index - 1 if index else None,
            )
            self._text = None

    def close(self) -> None:
        return None

    def _begin_row(self, given: dict[str, str]) -> None:
        grid = self.found[-1]
        index = _whole(given.get("Index")) or 0
        if index > MOST_CELLS:
            raise Refused("far_cell", sheet=grid.name, cell=str(index))
        while len(grid.rows) < index - 1:
            grid.begin_row()
        grid.begin_row()

    def _said(self) -> str:
        text = "".join(self._text or ()).strip()
        if self._kind == "DateTime":
            return (
                text.removesuffix("T00:00:00.000")
                .removesuffix("T00:00:00")
                .replace("T", " ")
                .removesuffix(".000")
            )
        if self._kind == "Error":
            grid = self.found[-1]
            grid.errors.append(f"{len(grid.rows)}: {text[:20]}")
            return ""
        if self._kind == "Boolean":
            return {"1": "true", "0": "false"}.get(text, text)
        return text


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else None


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


@dataclass(frozen=True)
class MarkupCopy:
    """One table as it was copied; `kind` is page or xml."""

    copy: Path
    name: str
    across: tuple[Merge, ...]
    errors: int = 0
    error_rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class MarkupCopies:
    kind: str
    sheets: tuple[str, ...]
    copies: tuple[MarkupCopy, ...]


def copy_markup(
    path: Path, folder: Path, encoding: str, sheets: Sequence[str] | None = None, *, name: str = ""
) -> MarkupCopies:
    """The largest table of a page, or the sheets of a workbook in XML, in `folder`; EngineError where there is none."""
    wanted = json.dumps(list(sheets) if sheets else None)
    arguments = str(path), str(folder), encoding, wanted
    found = asked(
        MODULE,
        arguments,
        lambda: _copy(path, folder, encoding, wanted),
        limits=LIMITS,
        name=name or path.name,
    )
    copies = tuple(
        MarkupCopy(
            Path(one["copy"]),
            one["name"],
            tuple(Merge(**merge) for merge in one["across"]),
            one["errors"],
            tuple(one["error_rows"]),
        )
        for one in found["copies"]
    )
    return MarkupCopies(found["kind"], tuple(found["sheets"]), copies)


def _copy(path: Path, folder: Path, encoding: str, wanted: str) -> dict[str, Any]:
    content = path.read_bytes()
    if XML_MARK in content[: 1 << 16].decode(encoding, errors="replace"):
        _refuse_definitions(content)
        return _written(folder, "xml", *_chosen(workbook_sheets(content), json.loads(wanted)))
    tables = page_tables(content.decode(encoding, errors="replace"))
    if not tables:
        raise Refused("markup_file")
    largest = max(tables, key=lambda grid: sum(bool(cell) for row in grid.rows for cell in row))
    if max(map(len, largest.rows)) < 2:
        raise Refused("markup_file")
    return _written(folder, "page", [], [largest])


def _refuse_definitions(content: bytes) -> None:
    """A document that defines entities can unfold to anything, or name files of the server."""

    def refuse(*_said: Any) -> None:
        raise Refused("markup_file")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise Refused("markup_file") from None


def _chosen(grids: Sequence[Grid], wanted: Sequence[str] | None) -> tuple[list[str], list[Grid]]:
    from calidez.engine.layout import find_layout, is_table
    from calidez.engine.table_rows import Row

    names = [grid.name for grid in grids]
    if wanted:
        missing = next((name for name in wanted if name not in names), None)
        if missing is not None:
            raise Refused("missing_sheet", sheet=missing)
        return names, [grid for grid in grids if grid.name in wanted]
    looked = [
        (grid, [Row(n, row) for n, row in enumerate(grid.rows[:200], start=1)]) for grid in grids if grid.rows
    ]
    tables = [
        (grid, find_layout(rows, merges=grid.across, whole=False).headings)
        for grid, rows in looked
        if is_table(rows)
    ]
    if not tables:
        raise Refused("markup_file")
    return names, [
        grid for grid, headings in tables if grid is tables[0][0] or (headings and headings == tables[0][1])
    ]


def _written(folder: Path, kind: str, names: Sequence[str], grids: Iterable[Grid]) -> dict[str, Any]:
    copies = []
    for n, grid in enumerate(grids):
        copy = folder / f"table-{n}.csv"
        width = max(map(len, grid.rows))
        with copy.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerows([*row, *[""] * (width - len(row))] for row in grid.rows)
        across = [asdict(merge) for merge in grid.across[:MERGES_TOLD]]
        told_of = {"errors": len(grid.errors), "error_rows": grid.errors[:MERGES_TOLD]}
        copies.append({"copy": str(copy), "name": grid.name, "across": across, **told_of})
    return {"kind": kind, "sheets": list(names), "copies": copies}


def main() -> None:
    path, folder = Path(sys.argv[1]), Path(sys.argv[2])
    limited.answer(lambda _say: told(lambda: _copy(path, folder, sys.argv[3], sys.argv[4])), LIMITS)


if __name__ == "__main__":
    main()
