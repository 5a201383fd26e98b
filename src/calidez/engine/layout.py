"""Where the table lies among the rows of a file: its headings, what stands above them, and what belongs to no row of it.

Titles, parameters of a report, totals and sources are for people who read; as rows they would be refused, or worse, counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from calidez.engine.delimiters import LIKE_DATA, detect_header
from calidez.engine.nothing_there import WORDS
from calidez.engine.period_names import are_periods

JOIN = " · "
START_ROWS, END_ROWS, TITLE_ROWS = 200, 50, 30
MOST_HEADING_ROWS = 3

TOTAL = re.compile(
    r"\W*(gran |sub[ -]?)?(total(es)?|sumas?|sum)( general(es)?| global| acumulado| final| parcial| nacional)?\W*"
    r"|\W*(grand|overall) total\W*|\W*suma total\W*",
    re.IGNORECASE,
)
TOTAL_OF = re.compile(
    r"\W*(sub[ -]?)?(total|suma)(es)?\b.{1,80}|.{1,80}\b(sub[ -]?)?total(es)?\W*", re.IGNORECASE
)
FOOTER = re.compile(
    r"\W*(fuentes?|notas?|elaborad[oa]|generad[oa]|exportad[oa]|actualizad[oa]|impres[oa]|emitid[oa]|preparad[oa]|"
    r"p[aá]gina|fin de|fin del|source|notes?|generated|exported|updated|printed|prepared|page|end of|"
    r"registros|filas|records|rows)\b.*"
    r"|\W*(total|n[uú]mero) (de )?(registros|filas|records|rows)\b.*|\W*\d+ (registros|filas|records|rows|rows affected)\W*",
    re.IGNORECASE,
)
MISSING = re.compile(rf"\s*({WORDS})?\s*", re.IGNORECASE)
RULE = re.compile(r"[-=_+*|~\s]{3,}")
PLAIN = re.compile(r"[-+(]?\s*(?:[$€£]|[A-Z]{3}\s)?\s*[\d.,'\s]*\d[\d.,'\s]*%?\s*[-)]?")


@dataclass(frozen=True)
class Row:
    """`number` is the one that a spreadsheet shows beside it."""

    number: int
    cells: Sequence[str]

    @property
    def filled(self) -> list[str]:
        return [cell for cell in self.cells if cell.strip()]


@dataclass(frozen=True)
class Merge:
    """Cells that a workbook shows as one: `row` is a number as in Row, columns are counted from 0, the last included."""

    row: int
    last_row: int
    column: int
    last_column: int


@dataclass(frozen=True)
class LeftOut:
    """A row that looks as if it were none of the table, and why."""

    row: int
    reason: str
    text: str


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
    left_out = _left_out(data, [row for row in end if row.number > last and row.filled], found, whole=whole)
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
    return len(filled) >= 2 and _breadth(filled) >= 2


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
    breadth = _breadth([len(row.filled) for row in rows])
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


def _breadth(filled: Sequence[int]) -> int:
    """How many cells the rows of the table have: the largest number that the most rows reach."""
    counts = Counter(filled)
    return max(
        counts, key=lambda width: (width * sum(n for w, n in counts.items() if w >= width), width), default=0
    )


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


# What is no row of the table


def _left_out(
    data: Sequence[Row], end: Sequence[Row], headings: Sequence[Row], *, whole: bool
) -> list[LeftOut]:
    if not data:
        return []
    breadth = _breadth([len(row.filled) for row in data[:START_ROWS]])
    if breadth < 2:
        return []
    last = data if whole else list(end)
    footers = _footers(last, breadth)
    beyond = {row.row for row in footers}
    body = [row for row in data if row.number not in beyond]
    totals = _totals(body, whole=whole)
    if not whole:
        totals += _totals([row for row in last if row.number not in beyond], whole=False)
    found = {row.row: row for row in (*footers, *totals, *_rules(data), *_again(body, headings))}
    return [found[number] for number in sorted(found)]


def _rules(rows: Sequence[Row]) -> list[LeftOut]:
    """Lines of dashes between the rows of a report."""
    return [LeftOut(row.number, "rule", row.filled[0][:40]) for row in rows if is_rule(row)]


def is_rule(row: Row) -> bool:
    return bool(row.filled) and all(len(cell.strip()) > 2 and RULE.fullmatch(cell) for cell in row.filled)


def _footers(rows: Sequence[Row], breadth: int) -> list[LeftOut]:
    """From the last row up, as long as they are words in few cells."""
    found: list[LeftOut] = []
    for position in range(len(rows) - 1, -1, -1):
        row, before = rows[position], rows[position - 1] if position else None
        text = " ".join(cell.strip() for cell in row.filled)
        if not _is_footer(row, before, text, breadth):
            if TOTAL.fullmatch(row.filled[0].strip()):  # a source may stand above as well as below a total
                continue
            break
        found.append(LeftOut(row.number, "footer", text[:120]))
        if len(found) >= END_ROWS or len(found) >= len(rows) - 1:
            break
    return found


def _is_footer(row: Row, before: Row | None, text: str, breadth: int) -> bool:
    if is_rule(row):
        return True
    if len(row.filled) > max(1, breadth // 3) or TOTAL.fullmatch(text):
        return False
    if FOOTER.fullmatch(text) and len(row.filled) < breadth:
        return True
    if PLAIN.fullmatch(text) or LIKE_DATA.fullmatch(text):
        return False
    apart = before is not None and before.number < row.number - 1
    short = len(row.cells) == 1 and len(text.split()) > 2  # text broke the row off after its only cell
    return bool(row.cells[0].strip()) and (apart or short or (breadth > 3 and len(text.split()) > 3))


def _totals(rows: Sequence[Row], *, whole: bool) -> list[LeftOut]:
    """Rows that add up others: by the word alone, or by a word and the sums where all the rows are known."""
    found: list[LeftOut] = []
    sums, since = _Sums(), _Sums()
    for position, row in enumerate(rows):
        text = _total_word(row)
        if text is not None:
            adds_up = whole and (sums.equal(row) or since.equal(row))
            if adds_up or (TOTAL.fullmatch(text) and _only_figures_beside(row, text)):
                found.append(LeftOut(row.number, "total_of_rows" if adds_up else "total_by_word", text[:120]))
                since = _Sums()
                continue
        elif whole and position == len(rows) - 1 and position > 2 and _without_words(row) and sums.equal(row):
            found.append(LeftOut(row.number, "total_of_rows", ""))
            continue
        sums.add(row)
        since.add(row)
    return found


def _total_word(row: Row) -> str | None:
    for cell in row.filled[:3]:
        if TOTAL.fullmatch(cell.strip()) or TOTAL_OF.fullmatch(cell.strip()):
            return cell.strip()
    return None


def _only_figures_beside(row: Row, text: str) -> bool:
    others = [cell.strip() for cell in row.filled if cell.strip() != text]
    return bool(others) and all(PLAIN.fullmatch(cell) or MISSING.fullmatch(cell) for cell in others)


def _without_words(row: Row) -> bool:
    """A sum that nobody named: figures alone, and the first cell empty."""
    return not row.cells[0].strip() and all(PLAIN.fullmatch(cell.strip()) for cell in row.filled)


def _again(rows: Sequence[Row], headings: Sequence[Row]) -> list[LeftOut]:
    """A report repeats its headings on every page."""
    if len(headings) != 1:
        return []
    names = [cell.strip() for cell in headings[0].cells]
    if len([name for name in names if name]) < 2:
        return []
    return [
        LeftOut(row.number, "headings_again", " ".join(row.filled)[:120])
        for row in rows
        if [cell.strip() for cell in row.cells] == names
    ]


class _Sums:
    """Running sums of the figures in each column."""

    def __init__(self) -> None:
        self._sums: dict[int, float] = {}
        self._rows = 0

    def add(self, row: Row) -> None:
        self._rows += 1
        for n, value in _figures(row):
            self._sums[n] = self._sums.get(n, 0.0) + value

    def equal(self, row: Row) -> bool:
        """Whether most figures of the row are these sums; means and shares beside them are none."""
        figures = _figures(row)
        close = [n for n, value in figures if value and _close(self._sums.get(n), value)]
        return self._rows >= 2 and bool(close) and 2 * len(close) >= len(figures)


def _close(total: float | None, value: float) -> bool:
    return total is not None and abs(total - value) <= max(0.011, 1e-6 * abs(value))


def _figures(row: Row) -> list[tuple[int, float]]:
    found = ((n, _number(cell)) for n, cell in enumerate(row.cells))
    return [(n, value) for n, value in found if value is not None]


def _number(cell: str) -> float | None:
    """A figure however it is written; with one separator only, three digits behind it are thousands where a comma is."""
    text = cell.strip()
    if not text or not PLAIN.fullmatch(text):
        return None
    minus = text[0] in "-(" or text[-1] in "-)"
    digits = re.sub(r"[^\d.,]", "", text)
    point, comma = digits.rfind("."), digits.rfind(",")
    if point >= 0 and comma >= 0:
        decimal = "." if point > comma else ","
        digits = digits.replace("," if decimal == "." else ".", "").replace(decimal, ".")
    elif comma >= 0 or digits.count(".") > 1:
        digits = _one_sign(digits, "," if comma >= 0 else ".")
    try:
        return -float(digits) if minus else float(digits)
    except ValueError:
        return None


def _one_sign(digits: str, sign: str) -> str:
    parts = digits.split(sign)
    thousands = len(parts) > 2 or len(parts[-1]) == 3
    return "".join(parts) if thousands else ".".join(parts)
