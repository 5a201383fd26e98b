"""The file with every row that was not loaded, its reason beside it, safe to open in a spreadsheet."""

# ruff: noqa: S608 - names are quoted and values are literals of our own making

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import duckdb

from calidez.engine.connection import literal, storage_errors
from calidez.engine.errors import CODES
from calidez.engine.sources import Source

LEAD = ("row", "column", "code", "reason", "value")
RISKY = r"^\s*[=+\-@|%\t\r＝＋－＠]"
PLAIN_NUMBER = r"\s*[+-]?[0-9][0-9.,]*([eE][+-]?[0-9]+)?%?\s*"


def neutral(text: str) -> str:
    """A cell that no spreadsheet runs: an apostrophe before what would be a formula; plain numbers stay."""
    import re

    if re.match(RISKY, text) and not re.fullmatch(PLAIN_NUMBER, text):
        return "'" + text
    return text


def neutral_sql(cell: str) -> str:
    risky = (
        f"regexp_matches({cell}, {literal(RISKY)}) AND NOT regexp_full_match({cell}, {literal(PLAIN_NUMBER)})"
    )
    return f"CASE WHEN {risky} THEN '''' || {cell} ELSE {cell} END"


def write_rejects(
    connection: duckdb.DuckDBPyConnection, source: Source, folder: Path, batch: str, scratch: Path
) -> Path:
    """Write the table `rejected` (_row, c0 …, _problems), one line per problem, in the order of the file."""
    width = len(source.headers)
    cells = ", ".join(f"{neutral_sql(f'c{n}')} AS c{n}" for n in range(width))
    reasons = " ".join(
        f"WHEN {literal(code)} THEN {literal(text)}" for code, text in CODES.items() if "%(" not in text
    )
    body = scratch / "rejects.csv"
    query = (
        f"SELECT _row + {source.rows_above} AS _row, {neutral_sql('p.column')} AS pc, p.code AS code, CASE p.code {reasons} ELSE p.code END AS reason, "
        f"{neutral_sql('p.value')} AS pv, {cells} FROM (SELECT *, unnest(_problems) AS p FROM rejected) ORDER BY _row"
    )
    with storage_errors():
        connection.execute(f"COPY ({query}) TO {literal(body)} (FORMAT csv, HEADER false)")
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{batch}.csv"
        partial = target.with_suffix(".partial")
        with partial.open("wb") as file, body.open("rb") as lines:
            file.write(_header(source))
            shutil.copyfileobj(lines, file, 1 << 20)
        partial.replace(target)
    return target


def _header(source: Source) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([*LEAD, *(neutral(header) for header in source.headers)])
    # The mark makes Excel read UTF-8.
    return line.getvalue().encode("utf-8-sig")
