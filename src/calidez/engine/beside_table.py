"""Rows that are none of the table: totals, sources, lines of dashes, headings that a report repeats on every page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from calidez.engine.delimiters import LIKE_DATA
from calidez.engine.nothing_there import WORDS
from calidez.engine.table_rows import END_ROWS, START_ROWS, LeftOut, Row, breadth_of

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
LONGEST_FIGURE, LONGEST_TOTAL = 40, 200  # letters
PLAIN = re.compile(r"[-+(]?\s*(?:[$€£]|[A-Z]{3}\s)?\s*[\d.,'\s]*\d[\d.,'\s]*%?\s*[-)]?")


def rows_left_out(
    data: Sequence[Row], end: Sequence[Row], headings: Sequence[Row], *, whole: bool
) -> list[LeftOut]:
    if not data:
        return []
    breadth = breadth_of([len(row.filled) for row in data[:START_ROWS]])
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
            if _total_word(row) is not None and TOTAL.fullmatch(
                row.filled[0].strip()
            ):  # a source may stand above as well as below a total
                continue
            break
        found.append(LeftOut(row.number, "footer", text[:120]))
        if len(found) >= END_ROWS or len(found) >= len(rows) - 1:
            break
    return found


def _is_footer(row: Row, before: Row | None, text: str, breadth: int) -> bool:
    if is_rule(row):
        return True
    if len(row.filled) > max(1, breadth // 3) or (len(text) <= LONGEST_TOTAL and TOTAL.fullmatch(text)):
        return False
    if FOOTER.fullmatch(text) and len(row.filled) < breadth:
        return True
    if is_figure(text) or LIKE_DATA.fullmatch(text):
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
        if whole:  # of a part of the rows nothing can be the sum
            figures = _figures(row)
            sums.add(figures)
            since.add(figures)
    return found


def _total_word(row: Row) -> str | None:
    for cell in row.filled[:3]:
        said = cell.strip()
        if len(said) <= LONGEST_TOTAL and (TOTAL.fullmatch(said) or TOTAL_OF.fullmatch(said)):
            return said
    return None


def is_figure(text: str) -> bool:
    """A long cell is none, and trying all the ways in which it could be one takes hours."""
    return len(text) <= LONGEST_FIGURE and PLAIN.fullmatch(text) is not None


def _only_figures_beside(row: Row, text: str) -> bool:
    others = [cell.strip() for cell in row.filled if cell.strip() != text]
    return bool(others) and all(is_figure(cell) or MISSING.fullmatch(cell) for cell in others)


def _without_words(row: Row) -> bool:
    """A sum that nobody named: figures alone, and the first cell empty."""
    return not row.cells[0].strip() and all(is_figure(cell.strip()) for cell in row.filled)


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

    def add(self, figures: Sequence[tuple[int, float]]) -> None:
        self._rows += 1
        for n, value in figures:
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
    if not text or not is_figure(text):
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
