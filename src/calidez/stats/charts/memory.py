"""Charts that remember: EWMA and CUSUM see small lasting shifts that single points hide."""

import math
from dataclasses import dataclass

import numpy as np

from .._types import FloatLike, Floats
from .core import series


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
    above, below = np.full(len(y), np.nan), np.full(len(y), np.nan)
    high = low = 0.0
    for index, z in enumerate((y - target) / sigma):
        if math.isnan(z):
            continue
        high = max(0.0, high + z - slack)
        low = min(0.0, low + z + slack)
        above[index], below[index] = high, low
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
