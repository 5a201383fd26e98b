"""What kind of file this is, told by its first bytes and not by its name."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from calidez.engine.encodings import detect_encoding
from calidez.engine.errors import EngineError

SAMPLE_BYTES = 1 << 20
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
GZIP = b"\x1f\x8b"
PARQUET = b"PAR1"
PDF = b"%PDF-"
# What a heading of a table may look like, as <TICKER>, is left out.
MARKUP = re.compile(r"<(?:!doctype|\?xml|html|head|body|table|meta|style)\b", re.IGNORECASE)
JSON_LIST = re.compile(r"\[\s*\{")


class Format(StrEnum):
    CSV = "csv"
    WORKBOOK = "workbook"
    PARQUET = "parquet"
    JSON_LINES = "jsonl"
    MARKUP = "markup"

    @property
    def spoken(self) -> str:
        return SPOKEN[self]


SPOKEN = {
    Format.CSV: "CSV",
    Format.WORKBOOK: "Excel",
    Format.PARQUET: "Parquet",
    Format.JSON_LINES: "JSON lines",
    Format.MARKUP: "HTML",
}
ENDINGS = {
    **dict.fromkeys((".csv", ".tsv", ".txt"), Format.CSV),
    **dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), Format.WORKBOOK),
    ".parquet": Format.PARQUET,
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), Format.JSON_LINES),
}


@dataclass(frozen=True)
class Sniffed:
    format: Format
    compressed: bool
    sample: bytes
    whole: bool

    @property
    def encoding(self) -> str:
        return detect_encoding(self.sample, whole=self.whole)


def sniff(path: Path, *, encoding: str | None = None, markup: bool = False) -> Sniffed:
    """The format of a file; refuses what is empty, missing, or no table at all. With `markup` a page may hold one."""
    sample = read_start(path)
    if not sample:
        raise EngineError("empty_file", name=path.name)
    if sample.startswith(GZIP):
        inner, whole = _unpacked_start(path)
        if not inner:
            raise EngineError("empty_file", name=path.name)
        if inner.startswith((ZIP, OLE, GZIP, PARQUET, PDF)):
            raise EngineError("packed_other", name=path.name)
        return Sniffed(_text_format(path, inner, encoding), True, inner, whole)
    whole = len(sample) < SAMPLE_BYTES
    if sample.startswith((ZIP, OLE)):
        return Sniffed(Format.WORKBOOK, False, sample, whole)
    if sample.startswith(PARQUET):
        return Sniffed(Format.PARQUET, False, sample, whole)
    if sample.startswith(PDF):
        raise EngineError("unknown_format", name=path.name)
    return Sniffed(_text_format(path, sample, encoding, markup=markup), False, sample, whole)


def named_as(name: str) -> Format | None:
    """What the ending of the name says; None where it says nothing."""
    return ENDINGS.get(Path(name.lower().removesuffix(".gz")).suffix)


def read_start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(SAMPLE_BYTES)
    except OSError as error:
        raise EngineError("missing_file", name=path.name) from error


def _unpacked_start(path: Path) -> tuple[bytes, bool]:
    try:
        with gzip.open(path) as file:
            sample = file.read(SAMPLE_BYTES)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise EngineError("truncated_file", name=path.name) from error
    except OSError as error:
        raise EngineError("missing_file", name=path.name) from error
    return sample, len(sample) < SAMPLE_BYTES


def _text_format(path: Path, sample: bytes, encoding: str | None, *, markup: bool = False) -> Format:
    found = encoding or detect_encoding(sample, whole=len(sample) < SAMPLE_BYTES)
    start = sample.decode(found, errors="replace")
    if not start.strip("\ufeff \t\r\n"):
        raise EngineError("empty_file", name=path.name)
    if _looks_binary(start):
        raise EngineError("binary_file", name=path.name)
    start = start.lstrip("\ufeff \t\r\n")
    if MARKUP.match(start):
        if markup:
            return Format.MARKUP
        raise EngineError("markup_file", name=path.name)
    if JSON_LIST.match(start):
        raise EngineError("json_document", name=path.name)
    if start.startswith("{") and (named_as(path.name) is not Format.CSV or _is_object(start)):
        return Format.JSON_LINES
    return Format.CSV


def _is_object(start: str) -> bool:
    """Whether the first line is one, which no row of a table is."""
    try:
        return isinstance(json.loads(start.partition("\n")[0]), dict)
    except (ValueError, RecursionError):
        return False


def _looks_binary(text: str) -> bool:
    """Text has hardly any control characters."""
    if "\x00" in text:
        return True
    controls = sum(ord(character) < 32 and character not in "\t\r\n\f\x1a" for character in text[:20_000])
    return controls > 0.02 * min(len(text), 20_000)
