"""Rows of a file before anybody knows which of them is the table, and how broad that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

START_ROWS, END_ROWS = 200, 50  # that are looked at


@dataclass(frozen=True)
class Row:
    """`number` is the one that a spreadsheet shows beside it."""

    number: int
    cells: Sequence[str]

    @cached_property
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


def breadth_of(filled: Sequence[int]) -> int:
    """How many cells the rows of the table have: the largest number that the most rows reach."""
    counts = Counter(filled)
    return max(
        counts, key=lambda width: (width * sum(n for w, n in counts.items() if w >= width), width), default=0
    )
