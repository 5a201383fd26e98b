"""How the cells of a text file are kept apart, and whether its first row names them."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

CANDIDATES = (",", ";", "\t", "|", "^", "~", ":")
LIKE_DATA = re.compile(r"[-+]?[\d.,]+%?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*|\d{1,2}:\d{2}.*|")


def detect_delimiter(text: str) -> str:
    """The candidate that splits most rows into the same number of cells, more than one; comma if none does."""
    best, best_score = ",", 0.0
    for candidate in CANDIDATES:
        score = _score(text, candidate)
        if score > best_score:
            best, best_score = candidate, score
    return best


def _score(text: str, delimiter: str) -> float:
    lines = text[:200_000]
    reader = csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter)
    widths = []
    try:
        for row, _ in zip(reader, range(200), strict=False):
            if row:
                widths.append(len(row))
    except csv.Error:
        return 0.0
    if len(widths) > 1 and len(lines) < len(text):
        widths.pop()
    width, agreeing = Counter(widths).most_common(1)[0] if widths else (1, 0)
    if width < 2 or (delimiter == ":" and widths[0] != width):
        return 0.0  # times of day are full of colons, headers are not
    # Agreement of the rows counts first; a comma inside decimals may agree by chance but makes fewer cells.
    return (agreeing / len(widths)) ** 2 * (1 + min(width, 50) / 50) * _rank(delimiter)


def _rank(delimiter: str) -> float:
    return {":": 0.4, "^": 0.9, "~": 0.9}.get(delimiter, 1.0)


def detect_header(rows: list[list[str]]) -> bool:
    """A first row without numbers or dates above rows that have them, or simply without empty and repeated cells."""
    first, rest = [cell.strip() for cell in rows[0]], rows[1:]
    if not rest:
        return not any(cell and LIKE_DATA.fullmatch(cell) for cell in first)
    if any(cell and LIKE_DATA.fullmatch(cell) for cell in first):
        return _names_above_numbers(first, rest)
    return len({cell for cell in first if cell}) >= max(1, len(first) // 2)


def _names_above_numbers(first: list[str], rest: list[list[str]]) -> bool:
    """Headers may be years (2019, 2020 …): true when most of the first row is still words above numbers."""
    words = sum(1 for cell in first if cell and not LIKE_DATA.fullmatch(cell))
    above = sum(
        1
        for position, cell in enumerate(first)
        if cell
        and not LIKE_DATA.fullmatch(cell)
        and any(
            len(row) > position and row[position] and LIKE_DATA.fullmatch(row[position]) for row in rest[:50]
        )
    )
    return words > len(first) / 2 and above > 0
