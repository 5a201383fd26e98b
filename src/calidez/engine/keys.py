"""Which columns together identify a row, so that a file that says things twice is counted once."""

# ruff: noqa: S608 - names are quoted and values are literals of our own making

from __future__ import annotations

import duckdb

from calidez.engine.profile import ColumnProfile
from calidez.engine.schema import ColumnType, Role

MANY_REPEATS = 0.2
REDUCED_UP_TO = 16


def proposed_key(
    connection: duckdb.DuckDBPyConnection, table: str, columns: list[ColumnProfile]
) -> tuple[int, tuple[str, ...]]:
    """(identical rows, sources of the key columns); an empty key where the rows do not show one."""
    cells = [f"c{n}" for n in range(len(columns))]
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE rows_once AS SELECT DISTINCT {', '.join(cells)} FROM {table}"
    )
    rows, once = _count(connection, table), _count(connection, "rows_once")
    repeated = rows - once
    if once < 2:
        return repeated, ()
    finder = _Finder(connection, columns, once)
    found = finder.identifier() or finder.dimensions(repeated)
    if not found and repeated >= MANY_REPEATS * rows:
        found = list(range(len(columns)))
    return repeated, tuple(columns[n].source for n in found)


class _Finder:
    def __init__(
        self, connection: duckdb.DuckDBPyConnection, columns: list[ColumnProfile], once: int
    ) -> None:
        self.connection = connection
        self.columns = columns
        self.once = once

    def identifier(self) -> list[int]:
        """One column called an identifier and different in every row."""
        for n, column in enumerate(self.columns):
            if column.suggested_role is Role.KEY and self._distinct([n]) == self.once:
                return [n]
        return []

    def dimensions(self, repeated: int) -> list[int]:
        """Time, branch and segments together, without those that another one determines.

        Moments to the second are unique by chance in a short file, so they are believed only if rows repeat.
        """
        candidates = [n for n, column in enumerate(self.columns) if self._is_dimension(column)]
        moments = any(self.columns[n].type is ColumnType.TIMESTAMP for n in candidates)
        if not candidates or (moments and not repeated) or self._distinct(candidates) != self.once:
            return []
        if len(candidates) > REDUCED_UP_TO:
            return candidates
        return self._without_determined(candidates)

    def _is_dimension(self, column: ColumnProfile) -> bool:
        if column.suggested_role in (Role.TIME, Role.BRANCH, Role.SEGMENT, Role.KEY):
            return True
        return column.suggested_role is Role.VALUE and column.type in (ColumnType.DATE, ColumnType.TIMESTAMP)

    def _without_determined(self, candidates: list[int]) -> list[int]:
        kept = list(candidates)
        alone = {n: self._distinct([n]) for n in candidates}
        for n in reversed(candidates):
            others = [other for other in kept if other != n]
            determined = alone[n] == 1 or any(
                alone[other] >= alone[n] and self._distinct([other, n]) == alone[other] for other in others
            )
            if others and determined and self._distinct(others) == self.once:
                kept = others
        return kept

    def _distinct(self, positions: list[int]) -> int:
        cells = ", ".join(f"c{n}" for n in positions)
        return _count(self.connection, f"(SELECT DISTINCT {cells} FROM rows_once)")


def _count(connection: duckdb.DuckDBPyConnection, rows: str) -> int:
    found = connection.execute(f"SELECT count(*) FROM {rows}").fetchone()
    return int(found[0]) if found else 0
