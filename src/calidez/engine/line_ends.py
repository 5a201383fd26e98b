"""Lines that end in different ways, or with a return too many, made to end in one: no reader of tables takes them as they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from calidez.engine.connection import storage_errors
from calidez.engine.row_numbers import Block, blocks

RETURN = 13


def with_even_lines(path: Path, copy: Path) -> Path | None:
    """A copy whose rows all end with a line break alone; None, and no copy, where they end alike already.

    What stands within quotes is left as it is: a cell may hold lines of its own.
    """
    alone = returned = doubled = 0
    with storage_errors(), copy.open("wb") as file:
        for block in blocks(path):
            before, twice = _returns(block)
            returned += int(before.sum())
            alone += int((~before).sum())
            doubled += int(twice.sum())
            file.write(_without_returns(block))
    if doubled or (alone and returned):
        return copy
    copy.unlink()
    return None


def _returns(block: Block) -> tuple[np.ndarray, np.ndarray]:
    """For each row whether a return stands before its line break, and whether two do."""
    data = np.frombuffer(block.data, np.uint8)
    last, last_but_one = np.maximum(block.ends - 1, 0), np.maximum(block.ends - 2, 0)
    before = (data[last] == RETURN) & (block.ends > block.first)
    return before, before & (data[last_but_one] == RETURN) & (block.ends - 1 > block.first)


def _without_returns(block: Block) -> bytes:
    data = np.frombuffer(block.data, np.uint8)
    keep = np.ones(len(data), np.bool_)
    places, first = block.ends - 1, block.first
    while len(places):
        here = (places >= first) & (data[np.maximum(places, 0)] == RETURN)
        keep[places[here]] = False
        places, first = places[here] - 1, first[here]
    return data[keep].tobytes()
