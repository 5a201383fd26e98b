"""Delimited text and JSON lines made ready: delimiter, header and keys are found in the first rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from calidez.engine.errors import EngineError
from calidez.engine.formats import Format, Sniffed
from calidez.engine.line_ends import with_even_lines
from calidez.engine.pieces import CHUNK, as_utf8
from calidez.engine.profile import Problem
from calidez.engine.reach import COLUMN_LIMIT
from calidez.engine.sources import ReadOptions, Source, with_headers
from calidez.engine.tables import Copy, table_source


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
    even = with_even_lines(readable, scratch / "even.txt") if reader.ends_differ else None
    readable = even or readable
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
        problems=(Problem("line_ends"),) if even else (),
    )
    if sniffed.format is Format.JSON_LINES:
        return with_headers(replace(source, has_header=False), _json_keys(readable, path.name))
    return table_source(source, [Copy(readable)], options, scratch, lambda: check(1.0))


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
