"""Charts that remember: EWMA and CUSUM see small lasting shifts that single points hide."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from .._types import FloatLike, Floats
from .core import (
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
    standardise,
)
from .variables import single_values

WIDTH = 2.962
"""Limits of an EWMA with weight 0.2, in standard deviations, that alarm for nothing every 500 points."""

EWMA_RUN_LENGTH = 500.0
CUSUM_RUN_LENGTH = 465.4
"""Points between false alarms of the charts as they are drawn by default, with known limits (sources there)."""

_FARTHEST = 100.0
"""A distance of more standard deviations adds no more to a CUSUM: beside a process that did not vary it has no size."""


@dataclass(frozen=True, eq=False)
class Ewma:
    """Exponentially weighted moving average with its limits; NaN where the period has no data."""

    values: Floats
    ewma: Floats
    centre: float
    lower: Floats
    upper: Floats
    sigma: float
    weight: float
    beyond: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Cusum:
    """Tabular CUSUM in standard deviations: `above` ≥ 0, `below` ≤ 0, decision at ±`decision`."""

    values: Floats
    above: Floats
    below: Floats
    target: float
    sigma: float
    slack: float
    decision: float
    beyond_upper: tuple[int, ...]
    beyond_lower: tuple[int, ...]


def ewma(
    values: FloatLike,
    *,
    target: float,
    sigma: float,
    weight: float = 0.2,
    width: float = 3.0,
    steady: bool = False,
) -> Ewma:
    """EWMA z_i = λ x_i + (1 − λ) z_(i−1) from the target (Roberts 1959; ISO 7870-6).

    `weight` is λ, `width` the limits in standard deviations of the statistic. Limits widen with each point as
    the variance does, or are the asymptotic ones when `steady`. A missing period leaves the average as it was.
    """
    y = series(values)
    _positive(sigma, "sigma")
    if not 0 < weight <= 1:
        raise ValueError("the weight of an EWMA must be above 0 and at most 1")
    known = np.isfinite(y)
    smooth = _smooth(y[known] - target, weight)
    age = np.arange(1, int(known.sum()) + 1)
    growth = np.ones(len(age)) if steady else 1 - (1 - weight) ** (2 * age)
    half = width * sigma * np.sqrt(weight / (2 - weight) * growth)
    average, lower, upper = (np.full(len(y), np.nan) for _ in range(3))
    average[known], lower[known], upper[known] = target + smooth, target - half, target + half
    beyond = np.flatnonzero(known)[np.abs(smooth) > half * (1 + 1e-12)]
    return Ewma(y, average, target, lower, upper, sigma, weight, tuple(int(i) for i in beyond))


def cusum(
    values: FloatLike,
    *,
    target: float,
    sigma: float,
    slack: float = 0.5,
    decision: float = 5.0,
) -> Cusum:
    """Two-sided tabular CUSUM (Page 1954; ISO 7870-4).

    `slack` (k) and `decision` (h) are in standard deviations: k = 0.5 looks for shifts of one. A missing period
    leaves the sums as they were.
    """
    y = series(values)
    _positive(sigma, "sigma")
    _positive(decision, "the decision interval")
    if slack < 0:
        raise ValueError("the slack of a CUSUM must not be negative")
    above, below = _sums((y - target) / sigma, slack)
    upper = np.flatnonzero(above > decision)
    lower = np.flatnonzero(below < -decision)
    return Cusum(
        y,
        above,
        below,
        target,
        sigma,
        slack,
        decision,
        beyond_upper=tuple(int(i) for i in upper),
        beyond_lower=tuple(int(i) for i in lower),
    )


def ewma_chart(
    values: FloatLike,
    *,
    phases: Sequence[Phase] = (),
    gaps: Iterable[int] | None = None,
    excluded: npt.ArrayLike | None = None,
    weight: float = 0.2,
    width: float = WIDTH,
) -> ControlChart:
    """EWMA of single values as a chart: centre and sigma of each phase are those of an individuals chart.

    The average starts from the centre with each phase, and missing and excluded points leave it as it was. With
    the weight 0.2 and limits at 2.962 it raises a false alarm every 500 points if the limits are known, and sees a
    lasting shift of half a standard deviation after 42 points on average, of one after 10.5 (J. M. Lucas and
    M. S. Saccucci, Technometrics 32 (1990) 1); an individuals chart needs 155 and 44.
    """
    y = series(values)
    aside = exclusions(excluded, len(y))
    taught = set_aside(y, aside)
    parts, held, fit = _learned(taught, phases, gaps)
    spread = np.full(len(y), np.nan)
    average = np.full(len(y), np.nan)
    for phase, limits in zip(parts, held, strict=True):
        stretch = np.arange(phase.start, phase.stop)
        known = stretch[np.isfinite(taught[stretch])]
        average[known] = limits.centre + _smooth(taught[known] - limits.centre, weight)
        age = np.arange(1, len(known) + 1)
        spread[known] = limits.sigma * np.sqrt(weight / (2 - weight) * (1 - (1 - weight) ** (2 * age)))

    def draw(limits: FrozenLimits, window: slice) -> Lines:
        half = width * spread[window]
        return Lines(limits.centre, limits.centre - half, limits.centre + half, spread[window])

    chart = build(
        ChartKind.EWMA, average, phases=parts, breaks=find_breaks(taught, parts, gaps), fit=fit, draw=draw
    )
    return replace(chart, observed=y, excluded=aside)


def cusum_chart(
    values: FloatLike,
    *,
    phases: Sequence[Phase] = (),
    gaps: Iterable[int] | None = None,
    excluded: npt.ArrayLike | None = None,
    slack: float = 0.5,
    decision: float = 5.0,
) -> ControlChart:
    """Tabular CUSUM of single values as a chart, in standard deviations: the upper sum, and the lower one `below`.

    Centre and sigma of each phase are those of an individuals chart; both sums start from zero with each phase,
    and missing and excluded points leave them as they were. A signal's members are the points since its sum was
    last zero. With k = 0.5 and h = 5 there is a false alarm every 465 points if the limits are known, and a lasting
    shift of half a standard deviation is seen after 38 points on average, of one after 10.4 (J. M. Lucas and
    R. B. Crosier, Technometrics 24 (1982) 199).
    """
    y = series(values)
    _positive(decision, "the decision interval")
    aside = exclusions(excluded, len(y))
    taught = set_aside(y, aside)
    parts, held, fit = _learned(taught, phases, gaps)
    above, below = np.full(len(y), np.nan), np.full(len(y), np.nan)
    for phase, limits in zip(parts, held, strict=True):
        window = slice(phase.start, phase.stop)
        centre, sigma = (np.full(phase.stop - phase.start, level) for level in (limits.centre, limits.sigma))
        z = np.clip(standardise(taught[window], centre, sigma), -_FARTHEST, _FARTHEST)
        above[window], below[window] = _sums(z, slack)

    def draw(limits: FrozenLimits, window: slice) -> Lines:
        return Lines(0.0, -decision, decision, float("nan"))

    chart = build(
        ChartKind.CUSUM,
        above,
        phases=parts,
        breaks=find_breaks(taught, parts, gaps),
        fit=fit,
        draw=draw,
        standardise_with=lambda limits, window: np.where(above > -below, above, below)[window],
    )
    return replace(chart, observed=y, below=below, excluded=aside)


def _learned(
    y: Floats, phases: Sequence[Phase], gaps: Iterable[int] | None
) -> tuple[tuple[Phase, ...], list[FrozenLimits], Callable[[slice], FrozenLimits]]:
    """The phases, the limits of single values that hold in each, and how they are found."""
    parts = resolve_phases(len(y), phases)
    breaks = find_breaks(y, parts, gaps)

    def fit(window: slice) -> FrozenLimits:
        return single_values(y[window], breaks[window])

    held = [fit(phase.baseline) if phase.frozen is None else phase.frozen for phase in parts]
    if any(math.isnan(limits.sigma) for limits in held):
        raise ValueError("the frozen limits lack the standard deviation that this kind of chart needs")
    return parts, held, fit


def _sums(z: Floats, slack: float) -> tuple[Floats, Floats]:
    """Upper and lower sums; a missing distance leaves them as they were and has none of its own."""
    above, below = np.full(len(z), np.nan), np.full(len(z), np.nan)
    high = low = 0.0
    for index, distance in enumerate(z):
        if math.isnan(distance):
            continue
        high = max(0.0, high + float(distance) - slack)
        low = min(0.0, low + float(distance) + slack)
        above[index], below[index] = high, low
    return above, below


def _smooth(distances: Floats, weight: float) -> Floats:
    average = 0.0
    smoothed = np.empty(len(distances))
    for index, distance in enumerate(distances):
        average += weight * (distance - average)
        smoothed[index] = average
    return smoothed


def _positive(value: float, what: str) -> None:
    if not value > 0:
        raise ValueError(f"{what} must be above zero")
