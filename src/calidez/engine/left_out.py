"""The rows of a file whose branches were unknown when it was loaded, as a file of their own: only they are still to come."""

# ruff: noqa: S608 - names are quoted and values are literals of our own making

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from pathlib import Path

import duckdb

from calidez.engine.connection import literal
from calidez.engine.errors import EngineError
from calidez.engine.formats import Format
from calidez.engine.running import Reporter, run
from calidez.engine.schema import Schema
from calidez.engine.sources import Source

COPY = "left-out.parquet"


@dataclass(frozen=True)
class LeftOut(Source):
    """Some rows of another source, each with the number that it has there."""

    def plain(self) -> str:
        return f"SELECT {self._cells} FROM read_parquet({literal(self.path)})"

    def numbered(self) -> str:
        return (
            f"SELECT _row, NULL::VARCHAR AS _shape, NULL::VARCHAR AS _beyond, {self._cells} "
            f"FROM read_parquet({literal(self.path)})"
        )

    @property
    def _cells(self) -> str:
        return ", ".join(f"c{n}" for n in range(len(self.headers)))


def only_branches(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    mapping: Schema,
    names: Collection[str],
    scratch: Path,
    reporter: Reporter,
) -> LeftOut:
    """The rows of `source` whose branch is called, in the file, by one of these names."""
    branch = mapping.branch
    if branch is None or branch.source not in source.headers:
        column = branch.source if branch else ""
        raise EngineError("missing_column", name=source.name, column=column)
    cell = f"c{source.headers.index(branch.source)}"
    wanted = ", ".join(literal(name) for name in sorted(names))
    cells = ", ".join(f"c{n}" for n in range(len(source.headers)))
    query = (
        f"SELECT _row, {cells} FROM ({source.numbered()}) WHERE _shape IS NULL AND trim({cell}) IN ({wanted})"
    )
    path = scratch / COPY
    statement = f"COPY ({query}) TO {literal(path)} (FORMAT parquet)"
    rows = run(connection, statement, reporter, step="reading", start=0.15, end=0.2)[0][0]
    same = {field.name: getattr(source, field.name) for field in fields(Source)}
    changed = {"format": Format.PARQUET, "path": path, "lines": int(rows), "odd_quotes": False}
    return LeftOut(**{**same, **changed})
