"""The table in a text file or in sheets of a workbook made ready: read as it stands, or from a copy without what is none of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from calidez.engine.beside_table import is_rule
from calidez.engine.delimiters import detect_delimiter
from calidez.engine.errors import EngineError
from calidez.engine.layout import Layout, find_layout, is_prose
from calidez.engine.period_names import is_period, month_of, needs_year
from calidez.engine.pieces import CHUNK
from calidez.engine.profile import Found, Problem, SeenRow, shown
from calidez.engine.row_numbers import row_numbers
from calidez.engine.sources import ReadOptions, Source, with_headers
from calidez.engine.table_cut import Part, cut
from calidez.engine.table_rows import LeftOut, Merge, Row
from calidez.engine.turning import turned

END_BYTES = 64 << 10
SHOWN_ROWS, SHOWN_CELLS = 12, 40
SHOWN_TITLES = 30
LEAST_PERIODS = 3
ASKED = ("footer", "total_of_rows", "total_by_word")  # the others are never rows of anybody's table
OF_THE_END = 1 << 40  # stands for how many rows there are until somebody has to know


@dataclass(frozen=True)
class Copy:
    """A text file in which a table lies; of a sheet, how many rows its copy has not and what is merged in it."""

    path: Path
    above: int = 0
    sheet: str = ""
    merges: tuple[Merge, ...] = ()


@dataclass(frozen=True)
class _Look:
    """What was seen of one copy: its first rows, and where the table lies."""

    copy: Copy
    rows: tuple[Row, ...]
    layout: Layout
    whole: bool
    bars: bool
    start: str

    @property
    def heading_cells(self) -> list[str]:
        """As they stand there, where one row holds them."""
        numbers = self.layout.heading_rows
        if len(numbers) == 1:
            return list(next(row.cells for row in self.rows if row.number == numbers[0]))
        return list(self.layout.headings)

    @property
    def is_plain(self) -> bool:
        """Whether the table begins with the first row that holds anything, and nothing has to go."""
        first = next((row.number for row in self.rows if row.filled), 0)
        begins = self.layout.heading_rows[:1] or (self.layout.first_row or first,)
        return begins == (first,) and len(self.layout.heading_rows) < 2 and not self.bars


def table_source(
    source: Source,
    copies: Sequence[Copy],
    options: ReadOptions,
    scratch: Path,
    check: Callable[[], None] = lambda: None,
) -> Source:
    """The source of the table in these copies, which have the same columns, with what was found out on the way."""
    starts = [_start_of(copy.path) for copy in copies]
    delimiter = options.delimiter or detect_delimiter(starts[0])
    looks = [
        _look(copy, start, delimiter, options, source) for copy, start in zip(copies, starts, strict=True)
    ]
    source = replace(source, delimiter=delimiter)
    if _is_prose(looks, options):
        raise EngineError("no_table", name=source.name)
    lefts = [_left(look, options, several=len(looks) > 1) for look in looks]
    plain = len(looks) == 1 and looks[0].is_plain and not lefts[0] and not options.sheet_column
    check()
    made = _as_it_stands(source, looks[0]) if plain else _cut_out(source, looks, lefts, options, scratch)
    made = replace(made, found=_found(made, looks, lefts, options), problems=(*made.problems, *_said(looks)))
    if not options.turn:
        return made
    check()
    way = {**made.way, "turn": asdict(options.turn)}
    return replace(turned(made, options.turn, scratch), way=way)


# Looking


def _start_of(path: Path) -> str:
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        return file.read(CHUNK)


def _look(copy: Copy, start: str, delimiter: str, options: ReadOptions, source: Source) -> _Look:
    whole = len(start) < CHUNK and not source.start_only
    rows = _rows(start, delimiter, copy.above)
    if len(start) >= CHUNK and len(rows) > 1:
        rows.pop()  # cut in its middle
    bars = delimiter == "|" and _stands_between_bars(rows)
    if bars:
        rows = [_without_bars(row) for row in rows]
    if not any(row.filled for row in rows):
        raise EngineError("empty_file", name=source.name)
    end = [] if whole or source.start_only or source.odd_quotes else _end_of(copy.path, delimiter, bars)
    wanted = options.wanted_headings
    if wanted is None and options.header:
        wanted = tuple(row.number for row in rows if row.filled)[:1]
    layout = find_layout(rows, end, copy.merges, whole=whole, headings=wanted)
    if wanted and layout.heading_rows != tuple(sorted(wanted)):
        raise EngineError("no_heading_row", name=source.name, row=", ".join(map(str, wanted)))
    if any(out.row > OF_THE_END for out in layout.left_out):
        total = copy.above + row_numbers(copy.path, delimiter).rows
        layout = replace(
            layout, left_out=tuple(_from_the_end(out, total, len(end)) for out in layout.left_out)
        )
    return _Look(copy, tuple(rows), layout, whole, bars, start)


def _rows(text: str, delimiter: str, above: int) -> list[Row]:
    """The reader never sees more than one chunk, so an open quote cannot swallow a file."""
    csv.field_size_limit(4 * CHUNK)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [Row(number, cells) for number, cells in enumerate(reader, start=above + 1)]


def _end_of(path: Path, delimiter: str, bars: bool) -> list[Row]:
    """The last rows, numbered so that nobody has to count the others yet."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - END_BYTES))
        text = file.read().partition(b"\n")[2].decode("utf-8", errors="replace")
    rows = [Row(OF_THE_END + row.number, row.cells) for row in _rows(text, delimiter, 0)]
    return [_without_bars(row) for row in rows] if bars else rows


def _from_the_end(out: LeftOut, total: int, rows: int) -> LeftOut:
    return out if out.row < OF_THE_END else replace(out, row=total - rows + out.row - OF_THE_END)


def _stands_between_bars(rows: Sequence[Row]) -> bool:
    """Lists of old systems draw a bar at both edges of each row."""
    wide = [row for row in rows[:200] if len(row.cells) > 2 and not is_rule(row)]
    edged = [row for row in wide if not row.cells[0].strip() and not row.cells[-1].strip()]
    return len(wide) > 1 and len(edged) >= 0.9 * len(wide)


def _without_bars(row: Row) -> Row:
    if len(row.cells) < 3 or row.cells[0].strip():
        return row
    return Row(row.number, [cell.strip() for cell in row.cells[1:-1]])


def _is_prose(looks: Sequence[_Look], options: ReadOptions) -> bool:
    """A letter has one line after the other, of as many commas as it happens to need."""
    asked = options.header is not None or options.heading_rows is not None
    look = looks[0]
    widths = {len(row.cells) for row in look.rows[:200] if row.filled}
    if asked or look.copy.sheet or (len(widths) == 1 and widths != {1}):
        return False
    lines = [line.strip() for line in look.start.splitlines()[:200] if line.strip()]
    return is_prose([Row(number, [line]) for number, line in enumerate(lines, start=1)])


# What is left out


def _left(look: _Look, options: ReadOptions, *, several: bool) -> dict[int, LeftOut]:
    """The rows that are not read: as somebody said, else as they look; what is no row at all in either case."""
    found = {out.row: out for out in look.layout.left_out}
    if options.leave_out is None:
        return found
    said = set(options.leave_out)
    kept = {
        row: out for row, out in found.items() if out.reason not in ASKED or _name(look, row, several) in said
    }
    for name in said:
        sheet, _mark, number = name.rpartition("!")
        if number.isdigit() and (not several or sheet == look.copy.sheet) and int(number) not in kept:
            kept[int(number)] = LeftOut(int(number), "said", "")
    last = look.layout.heading_rows[-1:] or (0,)
    return {row: out for row, out in sorted(kept.items()) if row > last[0]}


def _name(look: _Look, row: int, several: bool) -> str:
    return f"{look.copy.sheet}!{row}" if several else str(row)


# Making it ready


def _as_it_stands(source: Source, look: _Look) -> Source:
    rows = [row for row in look.rows if row.filled][:200]
    has_header = bool(look.layout.heading_rows)
    raw = list(rows[0].cells) if has_header else [""] * max(len(row.cells) for row in rows)
    start = look.start
    above = len(start) - len(start.lstrip("\r\n"))
    above = start.count("\n", 0, above) or above  # old Macs end a line without one
    lines = None if source.lines is None else source.lines - above - (1 if has_header else 0)
    made = replace(source, path=look.copy.path, has_header=has_header, lines=lines, lines_above=above)
    return with_headers(replace(made, rows_above=look.copy.above), raw)


def _cut_out(
    source: Source,
    looks: Sequence[_Look],
    lefts: Sequence[dict[int, LeftOut]],
    options: ReadOptions,
    scratch: Path,
) -> Source:
    first = looks[0]
    raw = first.heading_cells
    for look in looks[1:]:
        if _alike(look.heading_cells) != _alike(raw):
            raise EngineError(
                "sheets_differ", name=source.name, sheet=first.copy.sheet, other=look.copy.sheet
            )
    width = len(raw) or max(len(row.cells) for look in looks for row in look.rows[:200])
    lead = options.sheet_column
    names = [lead, *raw] if lead and raw else raw
    parts = [
        Part(
            path=look.copy.path,
            first=max((*look.layout.heading_rows, (look.layout.first_row or 1) - 1)) + 1,
            leave_out=tuple(left),
            above=look.copy.above,
            sheet=look.copy.sheet,
            again=_again(look, left, source.delimiter),
            bars=look.bars,
            rules=any(out.reason == "rule" for out in left.values()),
            lead=look.copy.sheet if lead else None,
        )
        for look, left in zip(looks, lefts, strict=True)
    ]
    target = scratch / "table.csv"
    rows, numbering = cut(parts, target, names, source.delimiter)
    several = len(looks) > 1
    way = {
        "heading_rows": list(first.layout.heading_rows),
        "left_out": [
            _name(look, row, several) for look, left in zip(looks, lefts, strict=True) for row in left
        ],
        "sheets": [look.copy.sheet for look in looks],
        "sheet_column": lead,
    }
    made = replace(
        source,
        path=target,
        has_header=bool(raw),
        lines=rows if source.lines is not None else None,
        lines_above=0,
        rows_above=0,
        bytes=target.stat().st_size,
        numbering=numbering,
        way=way,
    )
    return with_headers(made, names or [""] * (width + (1 if lead else 0)))


def _alike(cells: Sequence[str]) -> list[str]:
    names = [" ".join(cell.split()).casefold() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _again(look: _Look, left: dict[int, LeftOut], delimiter: str) -> bytes:
    """The line of the headings, where a file too long to look through repeats it."""
    if look.whole or not any(out.reason == "headings_again" for out in left.values()):
        return b""
    number = look.layout.heading_rows[0] - look.copy.above
    lines = look.start.split("\n")
    return lines[number - 1].rstrip("\r").encode() if '"' not in look.start and number <= len(lines) else b""


# What was found


def _found(
    source: Source, looks: Sequence[_Look], lefts: Sequence[dict[int, LeftOut]], options: ReadOptions
) -> Found:
    several = len(looks) > 1
    wide, by, year = periods_in(source, options)
    return Found(
        heading_rows=looks[0].layout.heading_rows,
        rows=tuple(_seen(looks[0], lefts[0], several)),
        offered=tuple(
            SeenRow(_name(look, out.row, several), (out.text,), "out", out.reason)
            for look, left in zip(looks, lefts, strict=True)
            for out in sorted(
                {**{o.row: o for o in look.layout.left_out}, **left}.values(), key=lambda o: o.row
            )
            if out.reason in (*ASKED, "said")
        )[:200],
        left_out=tuple(
            _name(look, row, several)
            for look, left in zip(looks, lefts, strict=True)
            for row, out in left.items()
            if out.reason in (*ASKED, "said")
        ),
        sheets=tuple(look.copy.sheet for look in looks if look.copy.sheet),
        sheet_column=options.sheet_column or "",
        turned=options.turn.headings if options.turn else (),
        wide=wide,
        by=by,
        year=year,
    )


def _seen(look: _Look, left: dict[int, LeftOut], several: bool) -> list[SeenRow]:
    """The first rows as they stand in the file, to some rows below the headings."""
    seen: list[SeenRow] = []
    data = 0
    for row in look.rows:
        if not row.filled:
            continue
        part = _part(look.layout, left, row.number)
        data += part == "row"
        if data > SHOWN_ROWS or len(seen) >= SHOWN_ROWS + SHOWN_TITLES:
            break
        cells = tuple(shown(cell) for cell in row.cells[:SHOWN_CELLS])
        seen.append(SeenRow(_name(look, row.number, several), cells, part))
    return seen


def _part(layout: Layout, left: dict[int, LeftOut], number: int) -> str:
    if number in layout.heading_rows:
        return "heading"
    if layout.heading_rows and number < layout.heading_rows[0]:
        return "title"
    return "out" if number in left else "row"


def periods_in(source: Source, options: ReadOptions) -> tuple[tuple[str, ...], str, int | None]:
    """The headings that are months, days or years where there are several, and their year.

    None where they name it themselves, 0 where nobody said it yet.
    """
    headings = tuple(h for h in source.headers if is_period(h)) if source.has_header else ()
    if len(headings) < LEAST_PERIODS or len(headings) == len(source.headers) > 400:
        return (), "", None
    months = sum(month_of(h) is not None for h in headings)
    by = (
        "month"
        if 2 * months >= len(headings)
        else ("year" if all(len(h.strip()) == 4 for h in headings) else "day")
    )
    given = options.turn.year if options.turn and options.turn.year else 0
    return headings, by, given if any(map(needs_year, headings)) else None


def _said(looks: Sequence[_Look]) -> list[Problem]:
    found = []
    first = looks[0].layout
    if first.titles:
        found.append(Problem("titles_skipped", {"count": len(first.titles), "row": first.heading_rows[0]}))
    if len(first.heading_rows) > 1:
        found.append(Problem("headings_joined", {"rows": ", ".join(map(str, first.heading_rows))}))
    return found
