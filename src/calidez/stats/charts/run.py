"""Run charts and Anhøj's runs analysis, which ask nothing of the distribution of the data.

Source: J. Anhøj and A. V. Olesen, PLoS ONE 9 (2014) e113825.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy import special

from .._types import FloatLike, Floats, Ints
from .core import (
    ROUNDING,
    ChartKind,
    ControlChart,
    FrozenLimits,
    Lines,
    Phase,
    build,
    exclusions,
    find_breaks,
    resolve_phases,
    series,
    set_aside,
)

TOLERANCE = 1e-9
"""A value this close to the centre (relative to the spread of the series) lies on it."""


@dataclass(frozen=True)
class Runs:
    """Runs analysis of one phase. Positions are those of the longest run, within the values given."""

    useful: int
    longest_run: int
    longest_run_max: int
    crossings: int
    crossings_min: int
    members: tuple[int, ...]
    side: int

    @property
    def too_long(self) -> bool:
        return self.longest_run > self.longest_run_max

    @property
    def too_few_crossings(self) -> bool:
        return self.crossings < self.crossings_min

    @property
    def signal(self) -> bool:
        return self.too_long or self.too_few_crossings


def run_chart(
    values: FloatLike,
    *,
    phases: Sequence[Phase] = (),
    gaps: Iterable[int] | None = None,
    excluded: npt.ArrayLike | None = None,
) -> ControlChart:
    """Values around the median of each phase's baseline; a run chart has no control limits."""
    y = series(values)
    parts = resolve_phases(len(y), phases)
    aside = exclusions(excluded, len(y))
    taught = set_aside(y, aside)

    def fit(window: slice) -> FrozenLimits:
        known = taught[window][np.isfinite(taught[window])]
        if len(known) == 0:
            raise ValueError("each phase of a run chart needs a value")
        return FrozenLimits(float(np.median(known)), float("nan"), points=len(known))

    def draw(limits: FrozenLimits, window: slice) -> Lines:
        none = float("nan")
        return Lines(limits.centre, none, none, none)

    breaks = find_breaks(taught, parts, gaps)
    return build(ChartKind.RUN, y, phases=parts, breaks=breaks, fit=fit, draw=draw, excluded=aside)


def runs(values: FloatLike, centre: FloatLike | float) -> Runs:
    """Longest run and crossings of one phase. Missing points and points on the centre are left out."""
    y = series(values)
    middle = np.broadcast_to(np.asarray(centre, dtype=np.float64), y.shape)
    side = sides(y, middle)
    useful = np.flatnonzero(side)
    if len(useful) == 0:
        return Runs(0, 0, longest_run_max(0), 0, crossings_min(0), (), 0)
    signs = side[useful]
    starts = np.concatenate([[0], np.flatnonzero(np.diff(signs)) + 1])
    lengths = np.diff(np.append(starts, len(signs)))
    longest = int(lengths.argmax())
    members = useful[starts[longest] : starts[longest] + lengths[longest]]
    return Runs(
        useful=len(useful),
        longest_run=int(lengths[longest]),
        longest_run_max=longest_run_max(len(useful)),
        crossings=len(starts) - 1,
        crossings_min=crossings_min(len(useful)),
        members=tuple(int(index) for index in members),
        side=int(signs[starts[longest]]),
    )


def sides(y: Floats, centre: Floats) -> Ints:
    """+1 above the centre, −1 below, 0 on it or missing."""
    distance = y - centre
    known = np.isfinite(distance)
    spread = float(np.abs(distance[known]).max(initial=0.0))
    side = np.zeros(len(y), dtype=np.int64)
    on_it = np.abs(distance) <= np.maximum(TOLERANCE * spread, ROUNDING * np.abs(y))
    side[known] = np.sign(np.where(on_it, 0.0, distance))[known]
    return side


def longest_run_max(useful: int) -> int:
    """Longest run that chance explains among so many useful points."""
    return round(math.log2(useful)) + 3 if useful > 0 else 0


@cache
def crossings_min(useful: int) -> int:
    """Fewest crossings that chance explains: the 5 % point of a binomial of useful − 1 fair coins."""
    coins = useful - 1
    if coins < 1:
        return 0
    # The normal quantile is within a few steps of the binomial one.
    crossings = max(0, math.floor(coins / 2 - 0.83 * math.sqrt(coins)) - 2)
    while special.bdtr(crossings, coins, 0.5) < 0.05:
        crossings += 1
    return crossings
