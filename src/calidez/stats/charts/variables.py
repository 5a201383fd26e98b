"""Charts of single measured values: individuals and their moving ranges."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from .. import constants
from .._types import Flags, FloatLike, Floats, floats
from .core import (
    Bounds,
    ChartKind,
    ControlChart,
    FrozenLimits,
    Lines,
    Phase,
    build,
    exclusions,
    find_breaks,
    moving_ranges,
    resolve_phases,
    screened_mean,
    series,
    set_aside,
)
from .season import Season, adjusted, course
from .season_fit import Form


class Spread(StrEnum):
    """How the standard deviation of single values is estimated."""

    MEAN_RANGE = "mean_range"
    MEDIAN_RANGE = "median_range"
    DEVIATION = "deviation"


@dataclass(frozen=True)
class Factors:
    """What the mean moving range is multiplied by: for the distance of a limit, and for screening ranges."""

    limit: float
    screen: float


EXACT = Factors(limit=3 / constants.D2_PAIR, screen=constants.D4_PAIR)
MAKING_DATA_COUNT = Factors(limit=2.66, screen=3.267)
"""Printed factors of NHS England's Making Data Count, for charts that must agree with theirs."""


def individuals(
    values: FloatLike,
    *,
    phases: Sequence[Phase] = (),
    gaps: Iterable[int] | None = None,
    excluded: npt.ArrayLike | None = None,
    screen: bool = False,
    spread: Spread = Spread.MEAN_RANGE,
    weights: FloatLike | None = None,
    factors: Factors = EXACT,
    bounds: Bounds = (None, None),
    season: Season | Iterable[Season] | None = None,
) -> ControlChart:
    """Chart of single values with limits from moving ranges (ISO 7870-2).

    `screen` drops moving ranges at or above the upper range limit once before averaging (Nelson 1982).
    With `weights` (how many cases stand behind each value) the centre is the weighted mean and each point has
    its own limits (Taylor's normalised individuals chart, I′); `sigma` is then that of a weight of one.
    With a `season` (Form.ADDITIVE or Form.FACTOR) centre and limits follow it, and the moving ranges are those
    of the values without it.
    """
    y = series(values)
    size = _weights(weights, y)
    y = np.where(size > 0, y, np.nan)
    parts = resolve_phases(len(y), phases)
    aside = exclusions(excluded, len(y))
    breaks = find_breaks(set_aside(y, aside), parts, gaps)
    moving = course(season, len(y), (Form.ADDITIVE, Form.FACTOR))
    plain = y if moving is None else adjusted(y, moving.seasons)
    taught = set_aside(plain, aside)
    # A point that helped to estimate its own effect lies closer to it, as one of a larger weight would.
    weight = size if moving is None else size / moving.spread**2

    def fit(window: slice) -> FrozenLimits:
        held = _fit_individuals(taught[window], weight[window], breaks[window], screen, spread, factors)
        return held if moving is None else replace(held, sigma=held.sigma * moving.widening)

    def draw(limits: FrozenLimits, window: slice) -> Lines:
        with np.errstate(divide="ignore"):
            sigma = limits.sigma / np.sqrt(weight[window])
        if moving is None:
            return Lines(limits.centre, limits.centre - 3 * sigma, limits.centre + 3 * sigma, sigma)
        centre, sigma = moving.expected(limits.centre, window), sigma * moving.scale[window]
        return Lines(centre, centre - 3 * sigma, centre + 3 * sigma, sigma)

    denominators = None if weights is None else size
    return build(
        ChartKind.I,
        y,
        phases=parts,
        breaks=breaks,
        fit=fit,
        draw=draw,
        bounds=bounds,
        denominators=denominators,
        adjusted=None if moving is None else plain,
        excluded=aside,
    )


def moving_range(
    values: FloatLike,
    *,
    phases: Sequence[Phase] = (),
    gaps: Iterable[int] | None = None,
    excluded: npt.ArrayLike | None = None,
    screen: bool = False,
    factors: Factors = EXACT,
) -> ControlChart:
    """Chart of moving ranges; a range across a gap or a phase boundary, or to an excluded point, is no data.

    Frozen limits are those of the individuals chart: sigma of single values; the centre is derived from it.
    """
    y = series(values)
    y = set_aside(y, exclusions(excluded, len(y)))
    parts = resolve_phases(len(y), phases)
    breaks = find_breaks(y, parts, gaps)
    ranges = moving_ranges(y, breaks)
    if np.isnan(ranges).all():
        raise ValueError("a moving-range chart needs at least two values in a row")

    def fit(window: slice) -> FrozenLimits:
        ones = np.ones(len(y[window]))
        found = _fit_individuals(y[window], ones, breaks[window], screen, Spread.MEAN_RANGE, factors)
        return FrozenLimits(found.sigma * constants.D2_PAIR, found.sigma, points=found.points)

    def draw(limits: FrozenLimits, window: slice) -> Lines:
        centre = limits.sigma * constants.D2_PAIR
        sigma = limits.sigma * constants.d3(2)
        return Lines(centre, 0.0, centre * constants.D4_PAIR, sigma)

    range_breaks = find_breaks(ranges, parts, gaps)
    return build(
        ChartKind.MR, ranges, phases=parts, breaks=range_breaks, fit=fit, draw=draw, bounds=(0.0, None)
    )


def process_sigma(
    ranges: Floats,
    *,
    screen: bool = False,
    spread: Spread = Spread.MEAN_RANGE,
    factors: Factors = EXACT,
) -> float:
    """Standard deviation of single values from moving ranges (NaN where there is none).

    Where most values are equal, screening or the median can leave no variation at all although there is some, and
    every other value would be beyond the limits: then the mean of all ranges speaks.
    """
    known = ranges[np.isfinite(ranges)]
    if len(known) == 0:
        raise ValueError("an individuals chart needs at least two values in a row")
    if spread == Spread.MEDIAN_RANGE:
        middle = float(np.median(known))
        if middle > 0:
            return middle / constants.MEDIAN_PAIR
    mean = float(known.mean())
    if screen and mean > 0:
        mean = screened_mean(known, factors.screen * mean)
    return mean * factors.limit / 3


def single_values(y: Floats, breaks: Flags) -> FrozenLimits:
    """Centre and sigma of single values, as an individuals chart of them has."""
    return _fit_individuals(y, np.ones(len(y)), breaks, False, Spread.MEAN_RANGE, EXACT)


def _fit_individuals(
    y: Floats, size: Floats, breaks: Flags, screen: bool, spread: Spread, factors: Factors
) -> FrozenLimits:
    known = np.isfinite(y)
    points = int(known.sum())
    if points < 2:
        raise ValueError("an individuals chart needs at least two values")
    centre = float(np.average(y[known], weights=size[known]))
    if spread == Spread.DEVIATION:
        sigma = float(np.std(y[known], ddof=1)) / constants.c4(points)
        return FrozenLimits(centre, sigma, points=points)
    ranges = moving_ranges(y, breaks)
    # The range of two means of sizes a and b has variance σ²(1/a + 1/b); equal sizes of one leave it as it is.
    scale = np.ones(len(y))
    with np.errstate(divide="ignore"):
        scale[1:] = np.sqrt(2 / (1 / size[1:] + 1 / size[:-1]))
    sigma = process_sigma(ranges * scale, screen=screen, spread=spread, factors=factors)
    return FrozenLimits(centre, sigma, points=points)


def _weights(weights: FloatLike | None, y: Floats) -> Floats:
    if weights is None:
        return np.ones(len(y))
    size = np.nan_to_num(floats(weights, "the weights"), nan=0.0)
    if len(size) != len(y):
        raise ValueError("there must be one weight for each value")
    if (size < 0).any():
        raise ValueError("a weight must not be negative")
    return size
