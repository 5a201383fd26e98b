"""Where the table lies among the rows of a file: its headings, what stands above them, and what belongs to no row of it.

Titles, parameters of a report, totals and sources are for people who read; as rows they would be refused, or worse, counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from calidez.engine.beside_table import MISSING, RULE, rows_left_out
from calidez.engine.delimiters import LIKE_DATA, detect_header
from calidez.engine.period_names import are_periods
from calidez.engine.table_rows import START_ROWS, LeftOut, Merge, Row, breadth_of

JOIN = " · "
TITLE_ROWS = 30
MOST_HEADING_ROWS = 3


@dataclass(frozen=True)
class Layout:
    """`first_row` is the first row of data, None where the headings are the last thing in the file."""

    heading_rows: tuple[int, ...]
    first_row: int | None
    headings: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    titles: tuple[int, ...] = field(default=())


def find_layout(
    start: Sequence[Row],
    end: Sequence[Row] = (),
    merges: Sequence[Merge] = (),
    *,
    whole: bool = True,
    headings: Sequence[int] | None = None,
) -> Layout:
    """The layout of a table by its first rows and, where these are not the `whole`, by its last ones.

    `headings` are the rows that somebody said to be the headings; none of them says that the table has none.
    """
    rows = [row for row in start if row.filled]
    if not rows:
        return Layout((), None)
    looked = rows[:START_ROWS]
    found = _headings(looked, merges) if headings is None else [row for row in rows if row.number in headings]
    last = found[-1].number if found else (looked[0].number - 1)
    data = [row for row in rows if row.number > last]
    left_out = rows_left_out(
        data, [row for row in end if row.number > last and row.filled], found, whole=whole
    )
    return Layout(
        heading_rows=tuple(row.number for row in found),
        first_row=data[0].number if data else None,
        headings=joined_headings(found, merges),
        left_out=tuple(left_out),
        titles=tuple(row.number for row in rows if found and row.number < found[0].number),
    )


def is_table(rows: Sequence[Row]) -> bool:
    """Whether rows below a heading have at least two cells: a cover page or a letter has not."""
    filled = [len(row.filled) for row in rows[:START_ROWS] if row.filled]
    return len(filled) >= 2 and breadth_of(filled) >= 2


def is_prose(rows: Sequence[Row]) -> bool:
    """Whether these rows of one cell are sentences and not the values of a column."""
    if not rows or any(len(row.filled) != 1 for row in rows):
        return False
    first, *rest = [row.filled[0].strip() for row in rows]
    words = [len(line.split()) for line in rest]
    if not rest or len(first.split()) < 4:
        return False
    if len(rows) <= 3:
        return min(words) >= 4 and not first.endswith("?")
    return sum(words) / len(words) >= 4 and (first[-1] in ".,;:!" or len(first.split()) >= 12)


# Headings


def _headings(rows: Sequence[Row], merges: Sequence[Merge]) -> list[Row]:
    """The rows of the headings; none where the first row is data already."""
    first = _first_heading(rows)
    if first is None:
        return []
    top, bottom = first, first
    while top > 0 and first - top < MOST_HEADING_ROWS - 1 and _is_group(rows, top - 1, top, merges):
        top -= 1
    while bottom + 1 < len(rows) and bottom + 1 - top < MOST_HEADING_ROWS and _goes_on(rows, bottom, merges):
        bottom += 1
    return list(rows[top : bottom + 1])


def _first_heading(rows: Sequence[Row]) -> int | None:
    """The first row wide enough for headings, where sparse rows above it are titles; what was always read stays so."""
    breadth = breadth_of([len(row.filled) for row in rows])
    wide = next((n for n, row in enumerate(rows[:TITLE_ROWS]) if 5 * len(row.filled) >= 3 * breadth), 0)
    if (
        wide
        and wide + 1 < len(rows)
        and breadth > 1
        and _names(rows, wide)
        and _are_titles(rows[:wide], rows[wide:], breadth)
    ):
        return wide
    return 0 if _is_header([list(row.cells) for row in rows]) else None


def _are_titles(above: Sequence[Row], below: Sequence[Row], breadth: int) -> bool:
    """Few cells in each, and names below that stand over other things than names; else one cell in the first column."""
    if any(RULE.fullmatch("".join(row.filled)) for row in above):
        return True
    typed = _typed(below[1:])
    if any(cell.strip() for n, cell in enumerate(below[0].cells) if n in typed):
        return True
    alone = all(len(row.filled) == 1 for row in above)
    return alone and (breadth > 2 or all(row.cells[0].strip() for row in above))


def _names(rows: Sequence[Row], position: int) -> bool:
    """Whether the cells of this row are names: words, or periods above what are none."""
    filled = [cell.strip() for cell in rows[position].filled]
    if RULE.fullmatch("".join(filled)):
        return False
    if not any(LIKE_DATA.fullmatch(cell) for cell in filled):
        return True
    return _periods_above_values([list(row.cells) for row in rows[position:]])


def _is_header(rows: list[list[str]]) -> bool:
    return detect_header(rows) or _periods_above_values(rows) or _words_above_figures(rows)


def _words_above_figures(rows: list[list[str]]) -> bool:
    """Names may be the same in all columns, as long as every one is a word and most stand over what is none."""
    first = [cell.strip() for cell in rows[0]]
    if not all(first) or any(LIKE_DATA.fullmatch(cell) for cell in first):
        return False
    typed = _typed([Row(number, row) for number, row in enumerate(rows[1:])])
    return 2 * len(typed & set(range(len(first)))) > len(first)


def _periods_above_values(rows: list[list[str]]) -> bool:
    """Whether months, days or years stand in the first row over what are none: one column for each."""
    first = [cell.strip() for cell in rows[0]]
    places = [n for n, cell in enumerate(first) if cell and LIKE_DATA.fullmatch(cell)]
    if len(places) < 3 or not are_periods([first[n] for n in places]):
        return False
    below = [row[n].strip() for row in rows[1:50] for n in places if n < len(row) and row[n].strip()]
    return bool(below) and sum(are_periods([cell]) for cell in below) * 2 < len(below)


def _is_group(rows: Sequence[Row], position: int, below: int, merges: Sequence[Merge]) -> bool:
    """Whether the row directly above the headings names groups of them."""
    row, under = rows[position], rows[below]
    if row.number != under.number - 1 or any(LIKE_DATA.fullmatch(cell.strip()) for cell in row.filled):
        return False
    wide = _wide_merges(row.number, merges)
    if wide:
        return all(m.last_column - m.column + 1 < len(under.filled) or len(wide) > 1 for m in wide)
    repeated = len(set(under.filled)) < len(under.filled)
    return len(row.filled) >= 2 and (not row.cells[0].strip() or repeated)


def _goes_on(rows: Sequence[Row], position: int, merges: Sequence[Merge]) -> bool:
    """Whether the row below the headings is one of them: names under groups, or units under names."""
    row, under = rows[position], rows[position + 1]
    rest = rows[position + 2 :]
    if (
        under.number != row.number + 1
        or not rest
        or any(LIKE_DATA.fullmatch(cell.strip()) for cell in under.filled)
    ):
        return False
    if all(MISSING.fullmatch(cell) for cell in under.filled) or RULE.fullmatch("".join(under.filled)):
        return False
    typed = _typed(rest)
    if not typed:
        return False
    places = {n for n, cell in enumerate(under.cells) if cell.strip()}
    if not places & typed:
        return False
    if not places - typed:  # nothing but names over figures: units, or parts of a group
        return True
    heads = {n for n, cell in enumerate(row.cells) if cell.strip()}
    return bool(places - heads) and places | heads >= typed | _used(rest)


def _typed(rows: Sequence[Row]) -> set[int]:
    """The columns that hold figures or dates."""
    typed = set()
    for n in range(max((len(row.cells) for row in rows), default=0)):
        cells = [row.cells[n].strip() for row in rows if n < len(row.cells) and row.cells[n].strip()]
        if cells and sum(bool(LIKE_DATA.fullmatch(cell)) for cell in cells) >= 0.8 * len(cells):
            typed.add(n)
    return typed


def _used(rows: Sequence[Row]) -> set[int]:
    return {n for row in rows for n, cell in enumerate(row.cells) if cell.strip()}


def _wide_merges(number: int, merges: Sequence[Merge]) -> list[Merge]:
    return [m for m in merges if m.row <= number <= m.last_row and m.last_column > m.column]


def joined_headings(rows: Sequence[Row], merges: Sequence[Merge] = ()) -> tuple[str, ...]:
    """One heading for each column, from as many rows as there are: “Clientes · Atendidos”."""
    if not rows:
        return ()
    width = max(len(row.cells) for row in rows)
    spread = [_spread(row, below, width, merges) for row, below in zip(rows, [*rows[1:], None], strict=True)]
    return tuple(_joined(cells) for cells in zip(*spread, strict=True))


def _spread(row: Row, below: Row | None, width: int, merges: Sequence[Merge]) -> list[str]:
    """The cells of a row of headings, each group repeated over what it spans."""
    cells = [*row.cells, *[""] * (width - len(row.cells))]
    wide = _wide_merges(row.number, merges)
    for merge in wide:
        for n in range(merge.column + 1, min(merge.last_column + 1, width)):
            cells[n] = cells[n].strip() or cells[merge.column]
    if wide or below is None:
        return cells
    under = [*below.cells, *[""] * (width - len(below.cells))]
    group = ""
    for n in range(width):
        if cells[n].strip():
            group = cells[n] if under[n].strip() else ""
        elif group and under[n].strip():
            cells[n] = group
    return cells


def _joined(cells: Iterable[str]) -> str:
    parts = [" ".join(cell.replace("\ufeff", "").split()) for cell in cells]
    said = list(dict.fromkeys(part for part in parts if part))
    text = ""
    for part in said:
        text += (" " if part[0] in "([" else JOIN) + part if text else part  # a unit belongs to its name
    return text
