"""The numbers that a spreadsheet shows beside the rows of a file, known for the rows of a copy that has not all of them."""

# ruff: noqa: S608 - names are quoted and values are literals of our own making

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import duckdb
import numpy as np
import pyarrow as pa


@dataclass
class Numbering:
    """Stretches of rows that follow one another in the copy: where each begins there, its number in the file, its sheet.

    Within a stretch numbers go up by `step`, which is 0 where one row of the file became several of the copy.
    """

    first: list[int] = field(default_factory=list)
    number: list[int] = field(default_factory=list)
    step: list[int] = field(default_factory=list)
    sheet: list[str] = field(default_factory=list)

    def add(self, first: int, number: int, *, step: int = 1, sheet: str = "") -> None:
        goes_on = bool(self.first) and step == 1 == self.step[-1] and sheet == self.sheet[-1]
        if goes_on and first - self.first[-1] == number - self.number[-1]:
            return
        self.first.append(first)
        self.number.append(number)
        self.step.append(step)
        self.sheet.append(sheet)

    def add_all(self, first: int, numbers: np.ndarray, *, sheet: str = "") -> None:
        """Rows from `first` on with these numbers, which rise."""
        if not len(numbers):
            return
        breaks = np.flatnonzero(np.diff(numbers) != 1) + 1
        for position in (0, *breaks.tolist()):
            self.add(first + position, int(numbers[position]), sheet=sheet)

    def of(self, rows: Sequence[int]) -> list[str]:
        """The rows as people find them: “22”, or “Enero!22” where there are several sheets."""
        places = np.searchsorted(np.asarray(self.first), np.asarray(rows), side="right") - 1
        several = len(set(self.sheet)) > 1
        names = []
        for row, place in zip(rows, places.tolist(), strict=True):
            if place < 0:
                names.append(str(row))
                continue
            number = self.number[place] + self.step[place] * (row - self.first[place])
            names.append(f"{self.sheet[place]}!{number}" if several else str(number))
        return names

    def behind(self, inner: Numbering) -> Numbering:
        """The numbering of a copy of a copy: `inner` knows the rows of the first copy, this one those of the file."""
        joined = Numbering()
        names = self._split(inner.number)
        for first, (number, sheet), step in zip(inner.first, names, inner.step, strict=True):
            joined.add(first, number, step=step, sheet=sheet)
        return joined

    def _split(self, rows: Iterable[int]) -> list[tuple[int, str]]:
        asked = list(rows)
        places = np.searchsorted(np.asarray(self.first), np.asarray(asked), side="right") - 1
        return [
            (row, "")
            if place < 0
            else (self.number[place] + self.step[place] * (row - self.first[place]), self.sheet[place])
            for row, place in zip(asked, places.tolist(), strict=True)
        ]

    def table(self) -> pa.Table:
        return pa.table(
            {
                "_first": pa.array(self.first, pa.int64()),
                "_number": pa.array(self.number, pa.int64()),
                "_step": pa.array(self.step, pa.int64()),
                "_sheet": pa.array(self.sheet, pa.string()),
            }
        )

    def numbered(self, connection: duckdb.DuckDBPyConnection, query: str) -> str:
        """The query with its column _row as people find it in the file."""
        connection.register("row_numbers_of_file", self.table())
        number = "COALESCE(_number + _step * (q._row - _first), q._row)"
        name = f"_sheet || '!' || {number}" if len(set(self.sheet)) > 1 else number
        return (
            f"SELECT q.* REPLACE ({name} AS _row) FROM ({query}) q "
            "ASOF LEFT JOIN row_numbers_of_file r ON q._row >= r._first"
        )
