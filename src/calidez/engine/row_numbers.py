"""The number that a spreadsheet shows beside a row: an empty line has one, a line break inside quotes has none."""

from __future__ import annotations

import codecs
import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

BLOCK = 1 << 20
LONGEST = 1 << 26
INSIDE = b"\x1f"  # stands for a line break inside quotes
WORDS = 3  # stretches of eight characters that tell rows apart at a glance
MIXER = np.uint64(0x9E3779B97F4A7C15)
SLOT_BITS = 22

Cells = Sequence[str]


@dataclass(frozen=True)
class Numbers:
    """How many rows the file has, header included, which are empty, and the numbers asked for (None: not found)."""

    rows: int
    empty: np.ndarray
    of_cells: list[int | None]
    of_starts: list[int | None]

    @property
    def complete(self) -> bool:
        return None not in self.of_cells and None not in self.of_starts


def row_numbers(
    path: Path, delimiter: str, *, cells: Sequence[Cells] = (), starts: Sequence[int] = ()
) -> Numbers:
    """The numbers of rows known by their cells, in any order, or by the place of their first byte."""
    wanted = _Wanted(cells, delimiter)
    places = np.asarray(starts, dtype=np.int64)
    of_starts: list[int | None] = [None] * len(starts)
    empty, rows = [np.zeros(0, np.int64)], 0
    for block in blocks(path):
        empty.append(rows + 1 + block.empty)
        for position, row in block.starting(places):
            of_starts[position] = rows + 1 + row
        if wanted.left:
            wanted.seek(block, rows + 1)
        rows += len(block.ends)
    return Numbers(rows, np.concatenate(empty), wanted.numbers, of_starts)


def nth_other(n: np.ndarray, excluded: np.ndarray) -> np.ndarray:
    """The n-th number, from 1 on, that is not among the excluded ones (sorted, from 1 on)."""
    before = excluded - np.arange(1, len(excluded) + 1)
    return n + np.searchsorted(before, n, side="left")


# Whole rows, a block at a time


@dataclass(frozen=True)
class Block:
    """`ends` are the places of the line breaks that end a row, `inside` of those within quotes."""

    offset: int
    data: bytes
    ends: np.ndarray
    inside: np.ndarray

    @property
    def first(self) -> np.ndarray:
        return np.concatenate(([0], self.ends[:-1] + 1))

    @property
    def empty(self) -> np.ndarray:
        """The rows of the block that have no character."""
        lengths = self.ends - self.first
        empty = np.flatnonzero(lengths <= 1)
        if not len(empty) or b"\r" not in self.data:
            return empty[lengths[empty] == 0]
        alone = np.frombuffer(self.data, np.uint8)[
            self.first[empty]
        ]  # the line break itself, or what is before it
        return empty[(lengths[empty] == 0) | (alone == 13)]

    def starting(self, starts: np.ndarray) -> Iterator[tuple[int, int]]:
        """Which of the places in the file begin a row here: (position among them, row of the block)."""
        here = np.flatnonzero((starts >= self.offset) & (starts < self.offset + len(self.data)))
        if not len(here):
            return
        first = self.first
        rows = np.searchsorted(first, starts[here] - self.offset)
        for position, row in zip(here.tolist(), rows.tolist(), strict=True):
            if row < len(first) and first[row] == starts[position] - self.offset:
                yield position, row

    def bare(self) -> tuple[bytes, np.ndarray]:
        """The block without quotes, so that a row is found however its cells are quoted, and where its rows end."""
        data = self.data
        if len(self.inside):
            changed = np.frombuffer(data, np.uint8).copy()
            changed[self.inside] = INSIDE[0]
            data = changed.tobytes()
        text = _bare(data)
        if len(text) == len(data):
            return text, self.ends
        return text, np.flatnonzero(np.frombuffer(text, np.uint8) == 10)

    def row(self, number: int) -> str:
        start = int(self.ends[number - 1]) + 1 if number else 0
        return self.data[start : int(self.ends[number])].decode("utf-8", errors="replace")


def blocks(path: Path) -> Iterator[Block]:
    """The whole rows of a text file, some thousands at a time."""
    with path.open("rb") as file:
        mark = file.read(3)
        rest, offset = (b"", 3) if mark == codecs.BOM_UTF8 else (mark, 0)
        while chunk := file.read(BLOCK):
            data = rest + chunk
            ends, inside = _breaks(data)
            if not len(ends):
                if len(data) > LONGEST:
                    return  # no reader takes such a row: what was asked for is not found
                rest = data
                continue
            size = int(ends[-1]) + 1
            yield Block(offset, data[:size], ends, inside[inside < size])
            rest, offset = data[size:], offset + size
        if rest:
            data = rest + b"\n"
            ends, inside = _breaks(data)
            yield Block(offset, data, ends, inside)


def _breaks(data: bytes) -> tuple[np.ndarray, np.ndarray]:
    """The line breaks outside and inside quotes; the data begin with a row."""
    characters = np.frombuffer(data, np.uint8)
    breaks = np.flatnonzero(characters == 10)
    if b'"' not in data:
        return breaks, breaks[:0]
    quotes = np.flatnonzero(characters == 34)
    quoted = np.searchsorted(quotes, breaks) % 2 == 1
    return breaks[~quoted], breaks[quoted]


# Rows by what is in them


class _Wanted:
    """Rows sought in every block; each is found as often as it was asked for."""

    def __init__(self, rows: Sequence[Cells], delimiter: str) -> None:
        self.numbers: list[int | None] = [None] * len(rows)
        self.left = len(rows)
        self._rows = rows
        self._delimiter = delimiter
        self._by_text: dict[bytes, list[int]] = defaultdict(list)
        for position, cells in enumerate(rows):
            self._by_text[self._written(cells)].append(position)
        self._slots = np.zeros(1 << SLOT_BITS, np.bool_)
        texts = list(self._by_text)
        if texts:
            ends = np.cumsum([len(text) + 1 for text in texts]) - 1
            self._slots[_slots(b"\n".join(texts), ends)] = True

    def seek(self, block: Block, first: int) -> None:
        """Take what this block has; `first` is the number of its first row."""
        text, ends = block.bare()
        for row in np.flatnonzero(self._slots[_slots(text, ends)]).tolist():
            start = int(ends[row - 1]) + 1 if row else 0
            waiting = self._by_text.get(text[start : int(ends[row])])
            if waiting:
                self._take(waiting, block.row(row), first + row)

    def _take(self, waiting: list[int], text: str, number: int) -> None:
        """Without its quotes a row may look like another."""
        cells = split(text.removesuffix("\r"), self._delimiter)
        for place, position in enumerate(waiting):
            if list(self._rows[position]) == cells:
                self.numbers[position] = number
                self.left -= 1
                del waiting[place]
                return

    def _written(self, cells: Cells) -> bytes:
        return _bare(self._delimiter.join(cells).replace("\n", INSIDE.decode()).encode())


def _slots(text: bytes, ends: np.ndarray) -> np.ndarray:
    """A number of few bits for every row, equal for equal rows, from its length and words spread over it."""
    padded = text + bytes(8)
    words = np.ndarray(len(padded) - 7, "<u8", padded, strides=(1,))
    starts = np.concatenate(([0], ends[:-1] + 1))
    lengths = ends - starts
    room = np.maximum(lengths - 8, 0)
    short = (np.uint64(1) << (np.minimum(lengths, 7) * 8).astype(np.uint64)) - np.uint64(1)
    mask = np.where(lengths < 8, short, ~np.uint64(0))
    mixed = lengths.astype(np.uint64)
    for n in range(WORDS):
        mixed = (mixed ^ (words[starts + room * n // (WORDS - 1)] & mask)) * MIXER
        mixed ^= mixed >> np.uint64(32)
    return mixed >> np.uint64(64 - SLOT_BITS)


def split(row: str, delimiter: str) -> list[str]:
    """The cells of one row."""
    if '"' not in row:
        return row.split(delimiter)
    return next(csv.reader(io.StringIO(row, newline=""), delimiter=delimiter), [""])


def _bare(text: bytes) -> bytes:
    return text.translate(None, b'"\r') if b'"' in text or b"\r" in text else text
