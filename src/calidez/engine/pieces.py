"""A file read once, a piece at a time: its digest, its lines, and a copy in UTF-8 where it is written otherwise."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import shutil
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

from calidez.engine.connection import storage_errors
from calidez.engine.encodings import is_utf8
from calidez.engine.errors import EngineError

CHUNK = 1 << 20
UNPACKED_LIMIT = 50_000_000_000
# Text is packed to a tenth, a log that hardly changes to a hundredth; what unfolds more is made to.
SUSPECT = 1_000_000_000
PACKED_TIMES = 200


def as_utf8(
    path: Path,
    encoding: str,
    compressed: bool,
    scratch: Path,
    check: Callable[[float], None],
    most: int | None = None,
) -> tuple[Path, TextReader]:
    """The file itself where it is plain UTF-8, otherwise a copy that is; with what was counted on the way.

    A copy ends with the line in which `most` bytes are passed, where that is given.
    """
    copy = scratch / "source.txt" if compressed or not is_utf8(encoding) else None
    reader = TextReader(path, encoding)
    with storage_errors():
        target = copy.open("wb") if copy else None
    try:
        with opened(path, compressed) as file:
            for chunk, done in chunks(file, path, compressed):
                text = reader.take(chunk)
                enough = target is not None and most is not None and target.tell() + len(text) > most
                if target:
                    with storage_errors():
                        target.write(text[: text.rfind(b"\n") + 1] if enough else text)
                check(done)
                if enough:
                    reader.share = min(done, 0.999)
                    break
            else:
                text = reader.take(b"", final=True)
                if target:
                    with storage_errors():
                        target.write(text)
    finally:
        if target:
            with storage_errors():
                target.close()
    return copy or path, reader


class TextReader:
    """Takes a file piece by piece: its digest, its lines, and whether every byte belongs to the encoding."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.name = path.name
        self.encoding = encoding
        self.digest = BesideDigest()
        self.passes = is_utf8(encoding)
        self.breaks = 0
        self.returns = 0
        self.pairs = 0  # a return with its line break
        self.quotes = 0
        self.share = 1.0  # of the file that was taken
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
        returns = text.count(b"\r")
        if returns:
            self.pairs += text.count(b"\r\n")
        if self._last == b"\r" and text.startswith(b"\n"):
            self.pairs += 1
        self.returns += returns
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
    def ends_differ(self) -> bool:
        """Whether lines seem to end in more than one way; breaks within cells look so too."""
        return bool(self.breaks and self.returns) and not self.breaks == self.pairs == self.returns

    @property
    def lines(self) -> int:
        """No row takes less than a line, so this is an upper bound of the rows."""
        breaks = self.breaks or self.returns
        if self.share < 1:
            return int(breaks / max(self.share, 1e-6))
        return breaks + (1 if self._last not in (b"\n", b"\r", b"") else 0)


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


def opened(path: Path, compressed: bool) -> BinaryIO:
    try:
        return gzip.open(path) if compressed else path.open("rb")  # type: ignore[return-value]
    except OSError as error:
        raise EngineError("missing_file", name=path.name) from error


def chunks(file: BinaryIO, path: Path, compressed: bool) -> Iterator[tuple[bytes, float]]:
    """Pieces with the share of the file that was taken by then; refuses what unpacks to more than an honest file."""
    size = max(path.stat().st_size, 1)
    room = shutil.disk_usage(path.parent).free + size * 1000
    read = 0
    while True:
        try:
            chunk = file.read(CHUNK)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise EngineError("truncated_file", name=path.name) from error
        except OSError as error:
            raise EngineError("unreadable_file", name=path.name) from error
        if not chunk:
            return
        read += len(chunk)
        taken = _packed_so_far(file) if compressed else read
        if compressed and (limit := _beyond(read, taken, room)):
            raise EngineError("too_large", name=path.name, limit=f"{limit / 1e9:.3g} GB")
        yield chunk, min(1.0, taken / size)


def _packed_so_far(file: BinaryIO) -> int:
    packed: BinaryIO = file.fileobj  # type: ignore[attr-defined]
    return packed.tell()


def _beyond(unpacked: int, packed: int, room: int) -> int:
    """The limit that what was unpacked so far goes beyond; 0 where it may go on."""
    if unpacked > min(UNPACKED_LIMIT, room):
        return UNPACKED_LIMIT
    return SUSPECT if unpacked > SUSPECT and unpacked > PACKED_TIMES * packed else 0
