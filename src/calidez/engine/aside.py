"""The rows that a pass refuses, or takes with cells left empty, kept while it writes: no second pass has to look for them."""

from __future__ import annotations

import threading

import duckdb
import pyarrow as pa
from duckdb import func, sqltypes

LIMIT_BYTES = 32_000_000


class Aside:
    """Takes rows from DuckDB's threads, in whatever order they come.

    A file of nothing but bad rows must not fill the memory: beyond a limit all are forgotten, and `overflowed` says so.
    `answer` is what DuckDB is told of each: whether the pass takes it all the same.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, width: int, *, answer: bool = False) -> None:
        self.overflowed = False
        self.answer = answer
        self._function = "note_down" if answer else "put_aside"
        self._cells = [f"c{n}" for n in range(width)]
        self._kept: list[pa.Array] = []
        self._bytes = 0
        self._lock = threading.Lock()
        connection.create_function(
            self._function,
            self._take,
            [connection.list_type(sqltypes.VARCHAR)],
            sqltypes.BOOLEAN,
            type=func.PythonUDFType.ARROW,
            null_handling=func.FunctionNullHandling.SPECIAL,
            side_effects=True,  # computed once for each row, and never moved
        )

    @property
    def cells(self) -> list[str]:
        return self._cells

    @property
    def keep(self) -> str:
        """The answer for every row for which it is computed, which is then kept."""
        return f"{self._function}([{', '.join(self._cells)}])"

    @property
    def any(self) -> bool:
        return self.overflowed or bool(self._kept)

    def rows(self) -> list[list[str]]:
        return [row for rows in self._kept for row in rows.to_pylist()]

    def _take(self, rows: pa.Array | pa.ChunkedArray) -> pa.Array:
        with self._lock:
            if not self.overflowed:
                self._kept.append(rows)
                self._bytes += rows.nbytes
                if self._bytes > LIMIT_BYTES:
                    self.overflowed = True
                    self._kept.clear()
        return pa.array([self.answer] * len(rows))
