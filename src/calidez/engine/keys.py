"""Which columns together identify a row, so that a file that says things twice is counted once."""

# ruff: noqa: S608 - names are quoted and values are literals of our own making

from __future__ import annotations

import duckdb

from calidez.engine.profile import ColumnProfile
from calidez.engine.schema import ColumnType, Role

REDUCED_UP_TO = 16
FIGURES = frozenset({ColumnType.NUMBER, ColumnType.INTEGER})
# So many times the pairs that chance would make, and at least so many more: somebody wrote rows twice.
BEYOND_CHANCE, AT_LEAST = 10, 5


def proposed_key(
    connection: duckdb.DuckDBPyConnection, table: str, columns: list[ColumnProfile], *, turned: bool = False
) -> tuple[int, tuple[str, ...]]:
    """(identical rows, sources of the key columns); an empty key where nothing shows that rows are to be told apart.

    A table `turned` had one cell for each of its rows and periods, and next month's file has them again.

    A column called an identifier that is one; otherwise only where far more rows are alike than would be by chance, as
    two visits of one day and one wait are. Then the columns that say of what a row is, or all of them.
    """
    cells = [f"c{n}" for n in range(len(columns))]
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE rows_once AS SELECT {', '.join(cells)}, count(*) AS times FROM {table} GROUP BY ALL"
    )
    rows, once = _count(connection, table), _count(connection, "rows_once")
    repeated = rows - once
    if once < 2:
        return repeated, ()
    finder = _Finder(connection, columns, rows, once)
    found = finder.identifier() or (finder.words_and_periods() if turned else [])
    if not found and repeated and finder.written_twice():
        found = finder.dimensions() or list(range(len(columns)))
    return repeated, tuple(columns[n].source for n in found)


class _Finder:
    def __init__(
        self, connection: duckdb.DuckDBPyConnection, columns: list[ColumnProfile], rows: int, once: int
    ) -> None:
        self.connection = connection
        self.columns = columns
        self.rows = rows
        self.once = once

    def identifier(self) -> list[int]:
        """One column called an identifier and different in every row."""
        for n, column in enumerate(self.columns):
            if column.suggested_role is Role.KEY and self._distinct([n]) == self.once:
                return [n]
        return []

    def words_and_periods(self) -> list[int]:
        """All that is no figure, where it tells the rows apart; what is the same in this file may differ in the next."""
        found = [n for n, column in enumerate(self.columns[:-1]) if column.type not in FIGURES]
        return found if found and self._distinct(found) == self.once else []

    def written_twice(self) -> bool:
        """Whether more pairs of rows are alike than columns that know nothing of each other would make.

        A column that another one determines (the region of a branch) adds nothing, and counts for nothing.
        """
        alike = self.connection.execute("SELECT sum(times * (times - 1) // 2) FROM rows_once").fetchone()
        pairs = int(alike[0]) if alike and alike[0] else 0
        candidates = [n for n, column in enumerate(self.columns) if column.distinct > 1]
        if len(candidates) <= REDUCED_UP_TO:
            candidates = self._without_determined(candidates, whole=False)
        by_chance = self.rows * (self.rows - 1) / 2
        for n in candidates:
            alike_here = self.connection.execute(
                f"SELECT sum(n * (n - 1)) / {self.once * (self.once - 1)} FROM (SELECT count(*)::DOUBLE AS n FROM rows_once GROUP BY c{n})"
            ).fetchone()
            by_chance *= float(alike_here[0]) if alike_here and alike_here[0] else 0.0
        return pairs > BEYOND_CHANCE * by_chance + AT_LEAST

    def dimensions(self) -> list[int]:
        """Time, branch and segments together, without those that another one determines."""
        candidates = [n for n, column in enumerate(self.columns) if self._is_dimension(column)]
        if not candidates or self._distinct(candidates) != self.once:
            return []
        if len(candidates) > REDUCED_UP_TO:
            return candidates
        return self._without_determined(candidates)

    def _is_dimension(self, column: ColumnProfile) -> bool:
        if column.suggested_role in (Role.TIME, Role.BRANCH, Role.SEGMENT, Role.KEY):
            return True
        return column.suggested_role is Role.VALUE and column.type in (ColumnType.DATE, ColumnType.TIMESTAMP)

    def _without_determined(self, candidates: list[int], *, whole: bool = True) -> list[int]:
        """Those left tell as many rows apart, where `whole` asks for it."""
        kept = list(candidates)
        alone = {n: self._distinct([n]) for n in candidates}
        for n in reversed(candidates):
            others = [other for other in kept if other != n]
            determined = alone[n] == 1 or any(
                alone[other] >= alone[n] and self._distinct([other, n]) == alone[other] for other in others
            )
            if others and determined and (not whole or self._distinct(others) == self.once):
                kept = others
        return kept

    def _distinct(self, positions: list[int]) -> int:
        cells = ", ".join(f"c{n}" for n in positions)
        return _count(self.connection, f"(SELECT DISTINCT {cells} FROM rows_once)")


def _count(connection: duckdb.DuckDBPyConnection, rows: str) -> int:
    found = connection.execute(f"SELECT count(*) FROM {rows}").fetchone()
    return int(found[0]) if found else 0
