"""Any readable file made ready: plain UTF-8 text, Parquet or JSON lines that DuckDB reads as columns of text."""

# ruff: noqa: S608 - names are quoted and values are literals of our own making

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import duckdb

from calidez.engine.connection import literal
from calidez.engine.encodings import canonical
from calidez.engine.errors import EngineError
from calidez.engine.formats import Format, sniff
from calidez.engine.pieces import chunks, opened
from calidez.engine.sources import ReadOptions, Source, with_headers
from calidez.engine.text_files import text_source
from calidez.engine.workbooks import page_source, workbook_source

# A value said once may stand for a milliard rows: facts of so many rows differ at least in their time.
SUSPECT_ROWS = 50_000_000
ROWS_PER_BYTE = 20


def prepare(
    path: Path,
    options: ReadOptions,
    scratch: Path,
    *,
    check: Callable[[float], None] = lambda done: None,
    most: int | None = None,
) -> Source:
    """Read the file once: find out how it is written, take its digest, copy it into `scratch` if it must be.

    `check` is called with the share done and may raise to stop. Of what must be unpacked or written anew, `most` bytes
    are enough.
    """
    path = Path(path)
    if options.encoding:
        canonical(options.encoding)
    sniffed = sniff(path, encoding=options.encoding, markup=True)
    if sniffed.format is Format.WORKBOOK:
        return workbook_source(path, options, scratch)
    if sniffed.format is Format.MARKUP:
        return page_source(path, options.encoding or sniffed.encoding, options, scratch)
    if sniffed.format is Format.PARQUET:
        return _parquet(path, check)
    return text_source(path, sniffed, options, scratch, check, most)


def _parquet(path: Path, check: Callable[[float], None]) -> Source:
    digest = hashlib.sha256()
    with opened(path, False) as file:
        for chunk, done in chunks(file, path, False):
            digest.update(chunk)
            check(done)
    try:
        with duckdb.connect() as connection:
            described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({literal(path)})").fetchall()
            counted = connection.execute(f"SELECT count(*) FROM read_parquet({literal(path)})").fetchone()
    except duckdb.Error as error:
        raise EngineError("truncated_file", name=path.name) from error
    lines, size = int(counted[0]) if counted else 0, path.stat().st_size
    if lines > SUSPECT_ROWS and lines > ROWS_PER_BYTE * size:
        raise EngineError("too_many_rows_declared", name=path.name, rows=lines)
    source = Source(
        format=Format.PARQUET,
        name=path.name,
        path=path,
        headers=(),
        raw_headers=(),
        has_header=False,
        encoding="",
        digest=digest.hexdigest(),
        lines=lines,
        bytes=size,
    )
    return with_headers(source, [str(row[0]) for row in described])
