"""Charts for events so rare that counts per period are mostly zero: time or cases between events."""

import math
from collections.abc import Iterable, Sequence
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy import special

from .._types import FloatLike, Floats, floats
from .core import (
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
    series,
    set_aside,
    standardise,
)
from .variables import process_sigma

NELSON_POWER = 3.6
"""A Weibull time to the power 1/3.6 is nearly normal (Nelson, Journal of Quality Technology 26, 1994)."""


class Limits(StrEnum):
    """Three sigma of the approximating distribution, or the same tail probabilities of the exact one."""

    SIGMA = "sigma"
    PROBABILITY = "probability"


def t(
    times: FloatLike,
    *,
    phases: Sequence[Phase] = (),
    gaps: Iterable[int] | None = None,
    excluded: npt.ArrayLike | None = None,
    limits: Limits = Limits.SIGMA,
    screen: bool = False,
) -> ControlChart:
    """Chart of times between events: limits of an individuals chart on times^(1/3.6), transformed back.

    `z` is on the transformed scale and `sigma` a third of the distance to the upper limit. Frozen limits hold
    the centre in units of time and sigma on the transformed scale. With `Limits.PROBABILITY` the limits and
    the centre (median) are those of an exponential distribution with the mean of the baseline. Events at one time
    count as a little apart (see `apart`).
    """
    y = apart(_not_negative(times, "a time between events must not be negative"))
    parts = resolve_phases(len(y), phases)
    aside = exclusions(excluded, len(y))
    taught = set_aside(y, aside)
    breaks = find_breaks(taught, parts, gaps)
    root = y ** (1 / NELSON_POWER)
    learned = set_aside(root, aside)

    def fit(window: slice) -> FrozenLimits:
        known = learned[window][np.isfinite(learned[window])]
        if len(known) < 2:
            raise ValueError("a chart of times between events needs at least two times")
        if limits == Limits.PROBABILITY:
            return FrozenLimits(
                float(np.nanmean(taught[window])) * math.log(2), float("nan"), points=len(known)
            )
        sigma = process_sigma(moving_ranges(learned[window], breaks[window]), screen=screen)
        return FrozenLimits(float(known.mean()) ** NELSON_POWER, sigma, points=len(known))

    def draw(held: FrozenLimits, window: slice) -> Lines:
        if math.isnan(held.sigma):
            low, high = (-held.centre / math.log(2) * math.log1p(-tail) for tail in _tails())
        else:
            middle = held.centre ** (1 / NELSON_POWER)
            low = max(0.0, middle - 3 * held.sigma) ** NELSON_POWER
            high = (middle + 3 * held.sigma) ** NELSON_POWER
        return Lines(held.centre, low, high, (high - held.centre) / 3)

    def transformed(held: FrozenLimits, window: slice) -> Floats:
        if math.isnan(held.sigma):
            if held.centre == 0:  # nothing but events at once: any time between is infinitely long
                return np.where(y[window] > 0, np.inf, 0.0 * y[window])
            share = -np.expm1(-y[window] * math.log(2) / held.centre)
            return special.ndtri(np.clip(share, 1e-300, 1 - 1e-16))
        middle = np.full(len(root[window]), held.centre ** (1 / NELSON_POWER))
        return standardise(root[window], middle, np.full(len(middle), held.sigma))

    return build(
        ChartKind.T,
        y,
        phases=parts,
        breaks=breaks,
        fit=fit,
        draw=draw,
        bounds=(0.0, None),
        standardise_with=transformed,
        excluded=aside,
    )


def g(
    cases: FloatLike,
    *,
    phases: Sequence[Phase] = (),
    gaps: Iterable[int] | None = None,
    excluded: npt.ArrayLike | None = None,
    limits: Limits = Limits.SIGMA,
) -> ControlChart:
    """Chart of cases between events (Benneyan 2001): mean ± 3 √(mean (mean + 1)), drawn around the median.

    Frozen limits hold the drawn centre and sigma; the mean follows from sigma. With `Limits.PROBABILITY` the
    lines are those of a geometric distribution with the mean of the baseline.
    """
    y = _not_negative(cases, "cases between events must not be negative")
    parts = resolve_phases(len(y), phases)
    aside = exclusions(excluded, len(y))
    taught = set_aside(y, aside)

    def fit(window: slice) -> FrozenLimits:
        known = taught[window][np.isfinite(taught[window])]
        if len(known) < 2:
            raise ValueError("a chart of cases between events needs at least two counts")
        mean = float(known.mean())
        return FrozenLimits(float(np.median(known)), math.sqrt(mean * (mean + 1)), points=len(known))

    def draw(held: FrozenLimits, window: slice) -> Lines:
        mean = (math.sqrt(1 + 4 * held.sigma**2) - 1) / 2
        if limits == Limits.PROBABILITY:
            low, high = (_geometric(tail, mean) for tail in _tails())
            return Lines(_geometric(0.5, mean), low, high, held.sigma)
        return Lines(held.centre, mean - 3 * held.sigma, mean + 3 * held.sigma, held.sigma)

    return build(
        ChartKind.G,
        y,
        phases=parts,
        breaks=find_breaks(taught, parts, gaps),
        fit=fit,
        draw=draw,
        bounds=(0.0, None),
        excluded=aside,
    )


def between_events(counts: FloatLike, exposure: FloatLike | None = None) -> Floats:
    """Exposure (or periods) between successive events, from counts per period.

    The stretch before the first event is of unknown length and left out. Events in a period without exposure count
    as a little apart (see `apart`).
    """
    moments = moments_of_events(counts, exposure)
    return apart(np.diff(moments)) if len(moments) else np.empty(0)


def moments_of_events(counts: FloatLike, exposure: FloatLike | None = None) -> Floats:
    """Where events lie along the exposure (or the periods) added up, from counts per period.

    The events of a period are taken as evenly spread over it, which is all that period counts can tell.
    """
    events = floats(counts, "the counts")
    size = np.ones(len(events)) if exposure is None else floats(exposure, "the exposure")
    if len(size) != len(events):
        raise ValueError("there must be one exposure for each count")
    events, size = np.nan_to_num(events), np.nan_to_num(size)
    if (events < 0).any() or not np.array_equal(events, np.round(events)) or (size < 0).any():
        raise ValueError("counts of events must be whole numbers, and neither they nor exposures negative")
    ends = np.cumsum(size)
    moments = [
        np.linspace(end - length, end, int(count), endpoint=False) + length / count / 2
        for end, length, count in zip(ends, size, events, strict=True)
        if count > 0
    ]
    return np.concatenate(moments) if moments else np.empty(0)


def apart(times: Floats) -> Floats:
    """Times with those of zero put at half the shortest other one.

    Two events at one time are as close as the clock can tell, not infinitely close: a time of zero is what rounding
    left of one between nothing and the shortest that was measured (D. C. Montgomery, Introduction to Statistical
    Quality Control, 6th ed. 2009, section 7.3, whose transformation supposes positive times).
    """
    positive = times[times > 0]
    return np.where(times == 0, positive.min() / 2, times) if len(positive) else times


def _not_negative(values: FloatLike, sentence: str) -> Floats:
    y = series(values)
    if (y < 0).any():
        raise ValueError(sentence)
    return y


def _tails() -> tuple[float, float]:
    """The probabilities below the lower and the upper limit of a normal three-sigma chart."""
    low = 0.00135
    return low, 1 - low


def _geometric(probability: float, mean: float) -> float:
    """Quantile of the number of cases before the next event, from its mean; of events without a case between, none."""
    if mean == 0:
        return 0.0
    chance = 1 / (mean + 1)
    return max(0.0, math.ceil(math.log1p(-probability) / math.log1p(-chance) - 1 - 1e-9))
