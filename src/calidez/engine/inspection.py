"""Looks at a file before it is loaded: how it is written, what its columns are, what identifies a row."""

# ruff: noqa: S608 - names are quoted and values are literals of our own making

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from calidez.engine.column_facts import Counting, Facts, facts_of
from calidez.engine.connection import connect, memory_errors, storage_errors
from calidez.engine.date_forms import YEAR
from calidez.engine.errors import EngineError
from calidez.engine.formats import Format, named_as
from calidez.engine.guesses import NUMBERS, guess, may_be_dates, with_roles
from calidez.engine.keys import proposed_key
from calidez.engine.parsing import value_expression
from calidez.engine.preparing import prepare
from calidez.engine.profile import ColumnProfile, FileProfile, Found, Problem, names_for, shown
from calidez.engine.schema import ColumnType, Role
from calidez.engine.sources import ReadOptions, Source
from calidez.engine.tables import LEAST_PERIODS

PREVIEW_ROWS = 50
CELLS_EXAMINED = 4_000_000
ROWS_EXAMINED = 500_000
ROWS_COMPARED = 5_000_000
MOST_UNPACKED = 64 << 20  # a packed file is looked at by its start, however much it unpacks to


def inspect_file(
    path: Path | str,
    options: ReadOptions | None = None,
    *,
    scratch: Path | None = None,
    **said: Any,
) -> FileProfile:
    """Profile a file. What `options`, or single ones of them, do not say is detected; into `scratch` it is unpacked meanwhile."""
    with storage_errors():
        folder = tempfile.TemporaryDirectory(dir=scratch, prefix="inspecting-")
    with folder as name:
        asked = options or ReadOptions(**said)
        source = prepare(Path(path), asked, Path(name), most=MOST_UNPACKED)
        with connect(Path(name), columns=len(source.headers)) as connection:
            try:
                with memory_errors(source.name):
                    return _profile(connection, source)
            except duckdb.Error as error:
                raise EngineError("unreadable_file", name=source.name) from error


def _profile(connection: duckdb.DuckDBPyConnection, source: Source) -> FileProfile:
    width = len(source.headers)
    limit = max(1000, min(ROWS_EXAMINED, CELLS_EXAMINED // width))
    cells = ", ".join(f"c{n}" for n in range(width))
    blank = f"COALESCE(NULL::VARCHAR, {', '.join(f'''NULLIF(c{n}, '')''' for n in range(width))}) IS NULL"
    connection.execute(
        f"CREATE TEMP TABLE looked AS SELECT * FROM ({source.numbered()}) WHERE NOT ({blank}) LIMIT {limit}"
    )
    connection.execute(f"CREATE TEMP TABLE sample AS SELECT {cells} FROM looked WHERE _shape IS NULL")
    rows = _one(connection, "SELECT count(*) FROM sample")
    ragged = _one(connection, "SELECT count(*) FROM looked WHERE _shape IS NOT NULL") + _put_aside(connection)
    if not rows:
        raise EngineError("no_rows" if not ragged else "no_table", name=source.name)
    exact = rows + ragged < limit and not source.start_only
    names = names_for(source.headers)
    facts = facts_of(connection, "sample", width, may_be_dates=may_be_dates(source.headers))
    guesses = [
        guess(header, name, fact, delimiter=source.delimiter)
        for header, name, fact in zip(source.headers, names, facts, strict=True)
    ]
    columns = _with_examples(connection, with_roles(guesses, facts, rows))
    repeated, key = _repeats(connection, source, columns, exact)
    preview = connection.execute(f"SELECT * FROM sample LIMIT {PREVIEW_ROWS}").fetchall()
    return FileProfile(
        format=str(source.format) if not source.sheet else str(Format.WORKBOOK),
        encoding=source.encoding,
        delimiter=source.delimiter if source.format is Format.CSV and not source.sheet else "",
        has_header=source.has_header,
        sheets=source.sheets,
        sheet=source.sheet,
        columns=tuple(columns),
        preview=tuple(tuple("" if cell is None else shown(cell) for cell in row) for row in preview),
        rows=rows + ragged if exact else _estimated(source, rows),
        exact=exact,
        repeated_rows=repeated,
        proposed_key=key,
        problems=tuple(_problems(source, columns, facts, repeated, ragged, None if exact else rows)),
        found=_with_steps(source, columns),
    )


def _with_steps(source: Source, columns: list[ColumnProfile]) -> Found:
    """A row of several dates may be one case on its way: each date is then a step of it."""
    dates = tuple(c.source for c in columns if c.type in (ColumnType.DATE, ColumnType.TIMESTAMP))
    if source.found.wide or source.format is not Format.CSV or len(dates) < LEAST_PERIODS:
        return source.found
    return replace(source.found, wide=dates, by="step")


def _with_examples(
    connection: duckdb.DuckDBPyConnection, columns: list[ColumnProfile]
) -> list[ColumnProfile]:
    """With cells that do not fit, that stand for nothing, or that may."""
    count = Counting(connection)
    typed = {n: column for n, column in enumerate(columns) if column.type is not ColumnType.TEXT}
    readings = {
        n: value_expression(
            column.column(
                date_order=column.date_orders[0] if column.date_orders else "dmy",
                form=column.form or next(iter(column.forms), ""),
            ),
            "v",
        )
        for n, column in typed.items()
        if column.misfits and not column.joined
    }
    numbers = {
        n: column.decimal
        for n, column in typed.items()
        if column.type in NUMBERS and not column.form and column.suggested_role is Role.VALUE
    }
    misfits, markers = count.not_fitting(readings), count.markers(typed)
    nothing = count.standing_for_nothing(numbers)
    return [
        replace(
            column,
            misfit_samples=misfits.get(n, ()),
            markers=markers.get(n, ()),
            nothing=nothing.get(n),
        )
        for n, column in enumerate(columns)
    ]


def _repeats(
    connection: duckdb.DuckDBPyConnection, source: Source, columns: list[ColumnProfile], exact: bool
) -> tuple[int, tuple[str, ...]]:
    """Identical rows and the key: of the whole file where it is not too long, otherwise of what was examined."""
    turned = bool(source.found.turned) and source.found.by != "step"
    if exact or source.start_only or (source.lines or ROWS_COMPARED + 1) > ROWS_COMPARED:
        return proposed_key(connection, "sample", columns, turned=turned)
    cells = ", ".join(f"c{n}" for n in range(len(columns)))
    connection.execute(f"CREATE TEMP VIEW whole AS SELECT {cells} FROM ({source.plain()})")
    return proposed_key(connection, "whole", columns, turned=turned)


def _put_aside(connection: duckdb.DuckDBPyConnection) -> int:
    if not _one(connection, "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'reject_errors'"):
        return 0
    return _one(connection, "SELECT count(DISTINCT line) FROM reject_errors")


def _estimated(source: Source, rows: int) -> int:
    return max(rows, source.lines or 0)


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    found = connection.execute(query).fetchone()
    return int(found[0]) if found else 0


def _problems(
    source: Source,
    columns: list[ColumnProfile],
    facts: list[Facts],
    repeated: int,
    ragged: int,
    sampled: int | None,
) -> list[Problem]:
    found = [*_name_problems(source), *source.problems, *_header_problems(source)]
    for column, fact in zip(columns, facts, strict=True):
        dates = column.type in (ColumnType.DATE, ColumnType.TIMESTAMP)
        if column.ambiguous:
            found.append(Problem(_ambiguity(column), {"column": column.source}))
        if dates and column.misfits:
            found.append(Problem("mixed_dates", {"column": column.source}))
        elif dates and column.ways:
            examples = ", ".join(column.ways)
            found.append(Problem("several_ways", {"column": column.source, "examples": examples}))
        elif column.misfits:
            found.append(Problem("misfits", {"column": column.source, "count": column.misfits}))
        if fact.fits["formula"] and column.type is ColumnType.TEXT:
            found.append(Problem("formulas", {"column": column.source}))
    if repeated:
        found.append(Problem("repeated_rows", {"count": repeated}))
    if ragged:
        found.append(Problem("ragged_rows", {"count": ragged}))
    if sampled:
        found.append(Problem("sampled", {"rows": sampled}))
    return found


def _ambiguity(column: ColumnProfile) -> str:
    if column.type is ColumnType.NUMBER:
        return "ambiguous_durations"
    if column.forms == (YEAR,):
        return "year_alone"
    return "ambiguous_digits" if column.forms else "ambiguous_dates"


def _name_problems(source: Source) -> list[Problem]:
    said, held = named_as(source.name), Format.WORKBOOK if source.sheet else source.format
    return [Problem("named_otherwise", {"format": held.spoken})] if said not in (None, held) else []


def _header_problems(source: Source) -> list[Problem]:
    if not source.has_header:
        return []
    found = []
    for position, (raw, unique) in enumerate(zip(source.raw_headers, source.headers, strict=True), start=1):
        if not raw.strip():
            found.append(Problem("empty_header", {"position": position}))
        elif " ".join(raw.replace("\ufeff", "").split()) != unique:
            found.append(Problem("duplicate_header", {"column": raw.strip()}))
    return found
