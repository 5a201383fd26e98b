"""What qicharts2 would call on the same chart: points beyond three sigma, and Anhøj's two rules of runs.

The rules of its documentation (runs analysis of all useful points, from a stored table of its own answers), worked out
here from the drawn lines alone, so that nothing of the product's rules takes part.
"""

from __future__ import annotations

import json
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from calidez.monitoring.measuring.charting import Reading

TABLE = Path(__file__).resolve().parent.parent / "tests" / "oracles" / "spc" / "o12_anhoej_table.json"


@cache
def _table() -> dict[int, tuple[int, int]]:
    """For each number of useful points the longest run and the fewest crossings that it takes for chance."""
    stored = json.loads(TABLE.read_text(encoding="utf-8"))
    expected = stored["expected"]
    columns = (stored["input"]["n_useful"], expected["longest_run_max"], expected["crossings_min"])
    return {useful: (longest, fewest) for useful, longest, fewest in zip(*columns, strict=True)}


def speaks(reading: Reading) -> bool:
    """Whether anything on the chart is a signal; beyond 200 useful points, where the table ends, by its last row."""
    if reading.chart is None:
        return False
    y = reading.series.values
    known = np.isfinite(y)
    beyond = (y > reading.upper) | (y < reading.lower)
    if beyond[known].any():
        return True
    side = np.sign(y - reading.centre)[known]
    useful = side[side != 0]
    if not len(useful):
        return False
    longest, crossings = _runs(useful.tolist())
    held = _table()
    most, fewest = held[min(len(useful), max(held))]
    return longest > most or crossings < fewest


def _runs(sides: list[float]) -> tuple[int, int]:
    crossings, longest, length = 0, 1, 1
    for before, now in pairwise(sides):
        crossings += before != now
        length = 1 if before != now else length + 1
        longest = max(longest, length)
    return longest, crossings
