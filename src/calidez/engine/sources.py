"""Any readable file made ready: plain UTF-8 text, Parquet or JSON lines that DuckDB reads as columns of text."""

# ruff: noqa: S608 - names are quoted and values are literals of our own making

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import json
import shutil
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import BinaryIO

import duckdb

from calidez.engine.connection import first_line, literal, quoted, storage_errors
from calidez.engine.delimiters import detect_delimiter, detect_header
from calidez.engine.encodings import canonical, is_utf8
from calidez.engine.errors import EngineError
from calidez.engine.formats import Format, Sniffed, sniff

CHUNK = 1 << 20
COLUMN_LIMIT = 5_000
UNPACKED_LIMIT = 50_000_000_000
NEVER = "\x01"  # no file has it, so an empty cell stays different from a missing one


@dataclass(frozen=True)
class ReadOptions:
    """How the caller says that a file is to be read; what is None is detected."""

    encoding: str | None = None
    delimiter: str | None = None
    header: bool | None = None
    sheet: str | None = None


@dataclass(frozen=True)
class Source:
    """A file ready to be read. `headers` are unique; `lines` bounds the number of rows, where text tells it.

    `lines_above` are empty lines before the first row, `rows_above` those of a sheet that its copy has not.
    """

    format: Format
    name: str
    path: Path
    headers: tuple[str, ...]
    raw_headers: tuple[str, ...]
    encoding: str = "utf-8"
    delimiter: str = ","
    has_header: bool = True
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    digest: str = ""
    lines: int | None = None
    bytes: int = 0
    odd_quotes: bool = False
    lines_above: int = 0
    rows_above: int = 0

    @property
    def first_row(self) -> int:
        """The number that a spreadsheet shows beside the first row of data."""
        return 2 if self.has_header else 1

    def plain(self) -> str:
        """The fastest way to read the good rows: columns c0, c1 … as text; ragged rows are left out."""
        if self.format is Format.CSV:
            return f"SELECT * FROM {self._read_csv(len(self.headers), 'store_rejects=true')}"
        return self._typed_as_text()

    def numbered(self) -> str:
        """Every row with its number and, where it is not whole, the code of what is wrong in `_shape`."""
        if self.format is not Format.CSV:
            inner = self._typed_as_text(shape=True)
            return f"SELECT row_number() OVER () - 1 + {self.first_row} AS _row, * FROM ({inner})"
        width = len(self.headers)
        options = "null_padding=true, parallel=false, store_rejects=true"
        shape = (
            f"CASE WHEN c{width} IS NOT NULL THEN 'too_many_cells' "
            f"WHEN c{width - 1} IS NULL THEN 'too_few_cells' END"
        )
        return (
            f"SELECT row_number() OVER () - 1 + {self.first_row} AS _row, {shape} AS _shape, "
            f"c{width} AS _beyond, * EXCLUDE (c{width}) FROM {self._read_csv(width + 1, options)}"
        )

    def _read_csv(self, width: int, more: str) -> str:
        columns = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(width))
        return (
            f"read_csv({literal(self.path)}, columns={{{columns}}}, header={str(self.has_header).lower()}, "
            f"skip={self.lines_above}, delim={literal(self.delimiter)}, quote='\"', escape='\"', auto_detect=false, "
            f"nullstr='{NEVER}', ignore_errors=true, {more})"
        )

    def _typed_as_text(self, *, shape: bool = False) -> str:
        if self.format is Format.PARQUET:
            cells = ", ".join(
                f"CAST({quoted(header)} AS VARCHAR) AS c{n}" for n, header in enumerate(self.raw_headers)
            )
            lead = "NULL::VARCHAR AS _shape, NULL::VARCHAR AS _beyond, " if shape else ""
            return f"SELECT {lead}{cells} FROM read_parquet({literal(self.path)})"
        cells = ", ".join(
            f"object ->> {literal(json_path(header))} AS c{n}" for n, header in enumerate(self.raw_headers)
        )
        lead = (
            "CASE WHEN object IS NULL THEN 'bad_json' END AS _shape, NULL::VARCHAR AS _beyond, "
            if shape
            else ""
        )
        only = "" if shape else " WHERE object IS NOT NULL"
        lines = (
            f"SELECT TRY_CAST(line AS JSON) AS value FROM read_csv("
            f"{literal(self.path)}, columns={{'line': 'VARCHAR'}}, header=false, delim='{NEVER}', quote='', "
            f"escape='', auto_detect=false, max_line_size=20000000, nullstr='') WHERE line IS NOT NULL"
        )
        objects = f"SELECT CASE WHEN json_type(value) = 'OBJECT' THEN value END AS object FROM ({lines})"
        return f"SELECT {lead}{cells} FROM ({objects}){only}"


def json_path(header: str) -> str:
    return '$."' + header.replace("\\", "\\\\").replace('"', '\\"') + '"'


def prepare(
    path: Path, options: ReadOptions, scratch: Path, *, check: Callable[[float], None] = lambda done: None
) -> Source:
    """Read the file once: find out how it is written, take its digest, copy it into `scratch` if it must be.

    `check` is called with the share done and may raise to stop.
    """
    path = Path(path)
    if options.encoding:
        canonical(options.encoding)
    sniffed = sniff(path, encoding=options.encoding)
    if sniffed.format is Format.WORKBOOK:
        return _workbook(path, options, scratch)
    if sniffed.format is Format.PARQUET:
        return _parquet(path, check)
    return _text(path, sniffed, options, scratch, check)


# Text


def _text(
    path: Path, sniffed: Sniffed, options: ReadOptions, scratch: Path, check: Callable[[float], None]
) -> Source:
    encoding = options.encoding or sniffed.encoding
    readable, reader = _as_utf8(path, encoding, sniffed.compressed, scratch, check)
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
    )
    if sniffed.format is Format.JSON_LINES:
        return _with_headers(replace(source, has_header=False), _json_keys(readable, path.name))
    return _csv_source(source, options)


def _csv_source(source: Source, options: ReadOptions) -> Source:
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
    return _with_headers(source, raw)


def _first_rows(text: str, delimiter: str, limit: int = 200) -> Iterator[list[str]]:
    """Rows from the start; the reader never sees more than one chunk, so an open quote cannot swallow a file."""
    csv.field_size_limit(4 * CHUNK)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for count, row in enumerate(rows):
        if count >= limit:
            return
        if row:
            yield row


def _with_headers(source: Source, raw: list[str]) -> Source:
    if len(raw) > COLUMN_LIMIT:
        raise EngineError("too_many_columns", name=source.name, columns=len(raw), limit=COLUMN_LIMIT)
    return replace(source, headers=unique_headers(raw), raw_headers=tuple(raw))


def unique_headers(raw: list[str]) -> tuple[str, ...]:
    """Headers that can be told apart: a second 'Amount' becomes 'Amount (2)', an empty one 'Column 3'."""
    taken: set[str] = set()
    result = []
    for position, text in enumerate(raw, start=1):
        base = " ".join(text.replace("\ufeff", "").split()) or f"Column {position}"
        name, number = base, 2
        while name in taken:
            name, number = f"{base} ({number})", number + 1
        taken.add(name)
        result.append(name)
    return tuple(result)


def _as_utf8(
    path: Path, encoding: str, compressed: bool, scratch: Path, check: Callable[[float], None]
) -> tuple[Path, _TextReader]:
    """The file itself where it is plain UTF-8, otherwise a copy that is; with what was counted on the way."""
    copy = scratch / "source.txt" if compressed or not is_utf8(encoding) else None
    reader = _TextReader(path, encoding)
    with storage_errors():
        target = copy.open("wb") if copy else None
    try:
        with _opened(path, compressed) as file:
            for chunk, done in _chunks(file, path, compressed):
                text = reader.take(chunk)
                if target:
                    with storage_errors():
                        target.write(text)
                check(done)
            text = reader.take(b"", final=True)
            if target:
                with storage_errors():
                    target.write(text)
    finally:
        if target:
            with storage_errors():
                target.close()
    return copy or path, reader


class BesideDigest:
    """A digest taken in a thread of its own, one piece behind, which halves the time of reading."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._helper = ThreadPoolExecutor(1)
        self._last: Future[None] | None = None

    def update(self, piece: bytes) -> None:
        self._settle()
        self._last = self._helper.submit(self._digest.update, piece)

    def hexdigest(self) -> str:
        self._settle()
        self._helper.shutdown()
        return self._digest.hexdigest()

    def _settle(self) -> None:
        if self._last:
            self._last.result()


class _TextReader:
    """Takes a file piece by piece: its digest, its lines, and whether every byte belongs to the encoding."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.name = path.name
        self.encoding = encoding
        self.digest = BesideDigest()
        self.passes = is_utf8(encoding)
        self.breaks = 0
        self.returns = 0
        self.quotes = 0
        self._decoder = codecs.getincrementaldecoder("utf-8" if self.passes else encoding)()
        self._last = b""
        self._clean = True

    def take(self, chunk: bytes, *, final: bool = False) -> bytes:
        self.digest.update(chunk)
        try:
            text = self._text(chunk, final=final)
        except UnicodeError as error:
            raise EngineError(
                "wrong_encoding",
                name=self.name,
                encoding=self.encoding,
                line=self.breaks + self._offset(error),
            ) from error
        if b"\x00" in text:
            raise EngineError("binary_file", name=self.name)
        self.breaks += text.count(b"\n")
        self.quotes += text.count(b'"')
        if not self.breaks:
            self.returns += text.count(b"\r")
        self._last = text[-1:] or self._last
        return text

    def _text(self, chunk: bytes, *, final: bool) -> bytes:
        if not self.passes:
            return self._decoder.decode(chunk, final=final).encode("utf-8")
        # Plain ASCII needs no decoding unless a character was cut at the end of the last piece.
        if not (self._clean and chunk.isascii()):
            self._decoder.decode(chunk, final=final)
            self._clean = self._decoder.getstate()[0] == b""
        return chunk

    def _offset(self, error: UnicodeError) -> int:
        if not isinstance(error, UnicodeDecodeError):
            return 1
        return bytes(error.object[: error.start]).count(b"\n") + 1

    @property
    def lines(self) -> int:
        """No row takes less than a line, so this is an upper bound of the rows."""
        breaks = max(self.breaks, self.returns)
        return breaks + (1 if self._last not in (b"\n", b"\r", b"") else 0)


def _opened(path: Path, compressed: bool) -> BinaryIO:
    try:
        return gzip.open(path) if compressed else path.open("rb")  # type: ignore[return-value]
    except OSError as error:
        raise EngineError("missing_file", name=path.name) from error


def _chunks(file: BinaryIO, path: Path, compressed: bool) -> Iterator[tuple[bytes, float]]:
    size = max(path.stat().st_size, 1)
    read = 0
    while True:
        try:
            chunk = file.read(CHUNK)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise EngineError("truncated_file", name=path.name) from error
        except OSError as error:
            raise EngineError("unreadable_file", name=path.name, detail=first_line(error)) from error
        if not chunk:
            return
        read += len(chunk)
        if compressed and read > min(UNPACKED_LIMIT, shutil.disk_usage(path.parent).free + size * 1000):
            raise EngineError("too_large", name=path.name, limit=UNPACKED_LIMIT)
        yield chunk, min(1.0, read / size)


# JSON lines


def _json_keys(path: Path, name: str) -> list[str]:
    """The keys of the first objects, in the order of their appearance."""
    keys: dict[str, None] = {}
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for _, line in zip(range(1000), file, strict=False):
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if isinstance(record, dict):
                keys.update(dict.fromkeys(str(key) for key in record))
    if not keys:
        raise EngineError("unknown_format", name=name)
    return list(keys)


# Parquet


def _parquet(path: Path, check: Callable[[float], None]) -> Source:
    digest = hashlib.sha256()
    with _opened(path, False) as file:
        for chunk, done in _chunks(file, path, False):
            digest.update(chunk)
            check(done)
    try:
        with duckdb.connect() as connection:
            described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({literal(path)})").fetchall()
            counted = connection.execute(f"SELECT count(*) FROM read_parquet({literal(path)})").fetchone()
    except duckdb.Error as error:
        raise EngineError("truncated_file", name=path.name) from error
    source = Source(
        format=Format.PARQUET,
        name=path.name,
        path=path,
        headers=(),
        raw_headers=(),
        has_header=False,
        encoding="",
        digest=digest.hexdigest(),
        lines=int(counted[0]) if counted else 0,
        bytes=path.stat().st_size,
    )
    return _with_headers(source, [str(row[0]) for row in described])


# Workbooks


def _workbook(path: Path, options: ReadOptions, scratch: Path) -> Source:
    """One sheet copied to CSV; dates that the workbook holds as dates are written year first."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            sheets = tuple(book.sheet_names)
            sheet = options.sheet or (sheets[0] if sheets else "")
            if sheet not in sheets:
                raise EngineError("missing_sheet", name=path.name, sheet=sheet)
            used = book.get_sheet_by_name(sheet)
            rows = used.to_python(skip_empty_area=True)
    except PasswordError as error:
        raise EngineError("protected_file", name=path.name) from error
    except (CalamineError, ValueError, OSError) as error:
        raise EngineError("truncated_file", name=path.name) from error
    if not rows:
        raise EngineError("empty_file", name=path.name)
    copy = scratch / "sheet.csv"
    with storage_errors(), copy.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([_cell(value) for value in row] for row in rows)
    source = Source(
        format=Format.CSV,
        name=path.name,
        path=copy,
        headers=(),
        raw_headers=(),
        sheet=sheet,
        sheets=sheets,
        digest=digest,
        lines=None,
        bytes=copy.stat().st_size,
        rows_above=used.start[0] if used.start else 0,
    )
    return _csv_source(source, ReadOptions(delimiter=",", header=options.header))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        whole_day = value.time() == time(0)
        return value.date().isoformat() if whole_day else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value.total_seconds())
    return str(value)
