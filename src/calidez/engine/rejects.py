"""The file with every row that was not loaded, or with a cell left empty, the reason beside it; safe to open in a spreadsheet."""

# ruff: noqa: S608 - names are quoted and values are literals of our own making

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import duckdb

from calidez.engine.bad_rows import REJECTED
from calidez.engine.connection import literal, storage_errors
from calidez.engine.errors import CODES
from calidez.engine.formulas import FIRST, INNER, PLAIN_NUMBER, neutral
from calidez.engine.sources import Source

LEAD = ("row", "column", "code", "reason", "value")


def neutral_sql(cell: str) -> str:
    """`neutral` for an expression of DuckDB."""
    inside, before = literal(r"\1'\2"), literal(r"'\1")
    inner = f"regexp_replace({cell}, {literal(INNER)}, {inside}, 'g')"
    whole = f"regexp_replace({inner}, {literal(FIRST)}, {before})"
    return f"CASE WHEN regexp_full_match({cell}, {literal(PLAIN_NUMBER)}) THEN {cell} ELSE {whole} END"


def write_rejects(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    folder: Path,
    batch: str,
    scratch: Path,
    *,
    table: str = REJECTED,
) -> Path:
    """Write the table of bad_rows (_row, c0 …, _problems), one line per problem, in the order of the file."""
    width = len(source.headers)
    cells = ", ".join(f"{neutral_sql(f'c{n}')} AS c{n}" for n in range(width))
    reasons = " ".join(
        f"WHEN {literal(code)} THEN {literal(text)}" for code, text in CODES.items() if "%(" not in text
    )
    rejected = f"SELECT *, _row AS _nth FROM {table}"
    if source.numbering:
        rejected = source.numbering.numbered(connection, rejected)
    body = scratch / "rejects.csv"
    query = (
        f"SELECT {_shown_row(source)} AS _row, {neutral_sql('p.column')} AS pc, p.code AS code, CASE p.code {reasons} ELSE p.code END AS reason, "
        f"{neutral_sql('p.value')} AS pv, {cells} FROM (SELECT *, unnest(_problems) AS p FROM ({rejected})) ORDER BY _nth"
    )
    with storage_errors():
        connection.execute(f"COPY ({query}) TO {literal(body)} (FORMAT csv, HEADER false)")
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / (f"{batch}.csv" if table == REJECTED else f"{batch}-{table}.csv")
        partial = target.with_suffix(".partial")
        with partial.open("wb") as file, body.open("rb") as lines:
            file.write(_header(source))
            shutil.copyfileobj(lines, file, 1 << 20)
        partial.replace(target)
    return target


def _shown_row(source: Source) -> str:
    """What people find the row by: its number or, where there are several sheets, the name of one before it."""
    return f"_row + {source.rows_above}" if source.numbering is None else neutral_sql("_row::VARCHAR")


def _header(source: Source) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([*LEAD, *(neutral(header) for header in source.headers)])
    # The mark makes Excel read UTF-8.
    return line.getvalue().encode("utf-8-sig")
