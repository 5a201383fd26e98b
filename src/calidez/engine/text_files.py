"""Delimited text and JSON lines made ready: delimiter, header and keys are found in the first rows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from calidez.engine.delimiters import detect_delimiter, detect_header
from calidez.engine.errors import EngineError
from calidez.engine.formats import Format, Sniffed
from calidez.engine.pieces import CHUNK, as_utf8
from calidez.engine.reach import COLUMN_LIMIT
from calidez.engine.sources import ReadOptions, Source, with_headers


def text_source(
    path: Path,
    sniffed: Sniffed,
    options: ReadOptions,
    scratch: Path,
    check: Callable[[float], None],
    most: int | None = None,
) -> Source:
    encoding = options.encoding or sniffed.encoding
    readable, reader = as_utf8(path, encoding, sniffed.compressed, scratch, check, most)
    source = Source(
        format=sniffed.format,
        name=path.name,
        path=readable,
        headers=(),
        raw_headers=(),
        encoding=encoding,
        digest=reader.digest.hexdigest(),
        lines=reader.lines,
        bytes=readable.stat().st_size,
        odd_quotes=reader.quotes % 2 == 1,
        start_only=reader.share < 1,
    )
    if sniffed.format is Format.JSON_LINES:
        return with_headers(replace(source, has_header=False), _json_keys(readable, path.name))
    return csv_source(source, options)


def csv_source(source: Source, options: ReadOptions) -> Source:
    with source.path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        start = file.read(CHUNK)
    delimiter = options.delimiter or detect_delimiter(start)
    rows = list(_first_rows(start, delimiter))
    if not rows:
        raise EngineError("empty_file", name=source.name)
    has_header = detect_header(rows) if options.header is None else options.header
    width = max(len(row) for row in rows) if not has_header else len(rows[0])
    raw = rows[0] if has_header else [""] * width
    above = len(start) - len(start.lstrip("\r\n"))
    above = start.count("\n", 0, above) or above  # old Macs end a line without one
    lines = None if source.lines is None else source.lines - above - (1 if has_header else 0)
    source = replace(source, delimiter=delimiter, has_header=has_header, lines=lines, lines_above=above)
    return with_headers(source, raw)


def _first_rows(text: str, delimiter: str, limit: int = 200) -> Iterator[list[str]]:
    """Rows from the start; the reader never sees more than one chunk, so an open quote cannot swallow a file."""
    csv.field_size_limit(4 * CHUNK)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for count, row in enumerate(rows):
        if count >= limit:
            return
        if row:
            yield row


def _json_keys(path: Path, name: str) -> list[str]:
    """The keys of the first objects, in the order of their appearance."""
    keys: dict[str, None] = {}
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for line in _first_lines(file):
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(record, dict):
                keys.update(dict.fromkeys(key for key in record if _can_be_kept(key)))
            if len(keys) > COLUMN_LIMIT:
                break
    if not keys:
        raise EngineError("json_document", name=name)
    return list(keys)


def _first_lines(file: TextIO) -> Iterator[str]:
    """No line longer than a row may be is taken in whole."""
    for _ in range(1000):
        line = file.readline(4 * CHUNK)
        if not line:
            return
        yield line


def _can_be_kept(key: str) -> bool:
    """Half a character and the null character are JSON, but nothing that reads columns takes them."""
    return "\x00" not in key and not any("\ud800" <= letter <= "\udfff" for letter in key)
