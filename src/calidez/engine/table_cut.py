"""Writes the table that lies in a text file to a file of its own: one row of headings, and no row that is none of it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from calidez.engine.connection import storage_errors
from calidez.engine.numbering import Numbering
from calidez.engine.row_numbers import Block, blocks

_RULES = re.compile(rb"[-=_+*|~\s]{3,}")
_BLANKS = re.compile(rb"[ \t]*\|[ \t]*")
_BARS_LEFT, _BARS_RIGHT = re.compile(rb"(?m)^[ \t]*\|"), re.compile(rb"(?m)\|?[ \t]*(\r?)$")


@dataclass(frozen=True)
class Part:
    """One text file of the table: which of its rows are data, from `first` on, and what each of them is led by.

    `above` is how many rows the file itself has not; `again` is a row that is repeated, as on every page of a report.
    """

    path: Path
    first: int
    leave_out: Collection[int] = ()
    above: int = 0
    sheet: str = ""
    again: bytes = b""
    bars: bool = False
    rules: bool = False
    lead: str | None = None


def cut(
    parts: Sequence[Part], target: Path, headings: Sequence[str], delimiter: str
) -> tuple[int, Numbering]:
    """How many rows were written below the headings, and their numbers in the file."""
    numbering, rows = Numbering(), 0
    has_headings = 1 if headings else 0
    with storage_errors(), target.open("wb") as file:
        for part in parts:
            lead = b"" if part.lead is None else _line([part.lead], delimiter)[:-1] + delimiter.encode()
            for data, numbers in _kept(part):
                if headings and not rows:
                    file.write(_line(headings, delimiter, like=data))
                written = np.asarray(numbers) + part.above
                numbering.add_all(1 + has_headings + rows, written, sheet=part.sheet)
                file.write(_led(data, lead) if lead else b"".join(data))
                rows += len(numbers)
        if headings and not rows:
            file.write(_line(headings, delimiter))
    return rows, numbering


def _line(cells: Sequence[str], delimiter: str, *, like: Sequence[bytes] = ()) -> bytes:
    """A row that ends as those do that follow it."""
    end = "\r\n" if like and like[0].partition(b"\n")[0].endswith(b"\r") else "\n"
    line = io.StringIO(newline="")
    csv.writer(line, delimiter=delimiter, lineterminator=end).writerow(cells)
    return line.getvalue().encode()


def _led(data: Sequence[bytes], lead: bytes) -> bytes:
    return b"".join(lead + row for row in data if row.strip())


def _kept(part: Part) -> Iterator[tuple[list[bytes], list[int] | np.ndarray]]:
    """The rows that are data, a block at a time, with their numbers in the file of the part."""
    number = 1
    for block in blocks(part.path):
        count = len(block.ends)
        first, end = number, number + count
        number = end
        if end <= part.first - part.above:
            continue
        dropped = _dropped(part, block, first)
        if part.lead is None and not part.bars and not dropped:
            start = max(0, part.first - part.above - first)
            yield [block.data[int(block.first[start]) :]], np.arange(first + start, end)
            continue
        yield _row_by_row(part, block, first, dropped)


def _row_by_row(
    part: Part, block: Block, first: int, dropped: Collection[int]
) -> tuple[list[bytes], list[int]]:
    data: list[bytes] = []
    numbers: list[int] = []
    starts, ends = block.first.tolist(), block.ends.tolist()
    for n in range(max(0, part.first - part.above - first), len(ends)):
        if first + n in dropped:
            continue
        row = block.data[starts[n] : ends[n] + 1]
        if part.lead is not None and not row.strip():
            continue
        data.append(_without_bars(row) if part.bars else row)
        numbers.append(first + n)
    return data, numbers


def _dropped(part: Part, block: Block, first: int) -> set[int]:
    """Numbers of rows of this block that are none of the table."""
    end = first + len(block.ends)
    dropped = {row - part.above for row in part.leave_out if first <= row - part.above < end}
    if part.again and part.again in block.data:
        dropped |= {first + n for n in _rows_like(block, part.again)}
    if part.rules:
        starts, ends = block.first.tolist(), block.ends.tolist()
        dropped |= {
            first + n
            for n, (start, stop) in enumerate(zip(starts, ends, strict=True))
            if block.data[start : start + 1] in (b"-", b"=", b"_", b"+", b"|", b" ", b"*")
            and _RULES.fullmatch(block.data[start:stop])
        }
    return dropped


def _rows_like(block: Block, row: bytes) -> Iterator[int]:
    starts, ends = block.first, block.ends
    place = block.data.find(row)
    while place >= 0:
        n = int(np.searchsorted(starts, place))
        if n < len(starts) and starts[n] == place and block.data[place : int(ends[n])].rstrip(b"\r") == row:
            yield n
        place = block.data.find(row, place + 1)


def _without_bars(row: bytes) -> bytes:
    """A row of a list whose cells stand between bars: those at its edges hold nothing, and blanks only fill the columns."""
    if b'"' not in row:
        row = _BLANKS.sub(b"|", row)
    return _BARS_RIGHT.sub(rb"\1", _BARS_LEFT.sub(b"", row.rstrip(b"\r\n"), count=1), count=1) + b"\n"
