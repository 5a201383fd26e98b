"""Whether values look normal, and the percentiles that stand in for three sigma where they do not."""

import math
import sys
from dataclasses import dataclass

import numpy as np
from scipy import special

from .._types import Floats

LOW, HIGH = 0.00135, 0.99865
"""The shares below −3 and +3 sigma of a normal distribution (rounded as in ISO 22514-2)."""

LEVEL = 0.05
FEWEST_FOR_TEST = 8
MOST_FOR_SHAPIRO = 5000
ENOUGH_FOR_TAILS = 1000
"""From so many values on, the outer percentiles can be read off the data."""

LARGEST_LOG = math.log(sys.float_info.max)
"""Beyond it a lognormal percentile is no number: values that differ by hundreds of powers of ten."""


@dataclass(frozen=True)
class Normality:
    """Test of normality. With thousands of values any test rejects; then the shape itself decides."""

    method: str
    statistic: float
    p_value: float
    skewness: float
    excess_kurtosis: float
    normal: bool


@dataclass(frozen=True)
class Percentiles:
    """The 0.135 %, 50 % and 99.865 % points and where they come from."""

    low: float
    median: float
    high: float
    source: str


def normality(values: Floats) -> Normality | None:
    """Shapiro–Wilk up to 5,000 values; above, skewness within ±0.1 and excess kurtosis within ±0.2.

    None when there are fewer than eight values or they do not vary.
    """
    if len(values) < FEWEST_FOR_TEST or np.ptp(values) == 0:
        return None
    skewness, kurtosis = moments(values)
    if len(values) <= MOST_FOR_SHAPIRO:
        from scipy import stats  # takes half a second to load, and few pages need it

        result = stats.shapiro(values)
        statistic, p_value = float(result.statistic), float(result.pvalue)
        return Normality("shapiro_wilk", statistic, p_value, skewness, kurtosis, p_value >= LEVEL)
    return by_shape(len(values), skewness, kurtosis)


def by_shape(count: float, skewness: float, kurtosis: float) -> Normality:
    """Jarque–Bera statistic, and a verdict by the size of the departure instead of by its significance."""
    statistic = count / 6 * (skewness**2 + kurtosis**2 / 4)
    normal = abs(skewness) <= 0.1 and abs(kurtosis) <= 0.2
    return Normality("shape", statistic, math.exp(-statistic / 2), skewness, kurtosis, normal)


def moments(values: Floats, weights: Floats | None = None) -> tuple[float, float]:
    """Skewness and excess kurtosis."""
    centred = values - np.average(values, weights=weights)
    variance = float(np.average(centred**2, weights=weights))
    if variance == 0:
        return 0.0, 0.0
    skewness = float(np.average(centred**3, weights=weights)) / variance**1.5
    return skewness, float(np.average(centred**4, weights=weights)) / variance**2 - 3


def percentiles(values: Floats) -> Percentiles:
    """Outer percentiles of data that are not normal.

    Read off the data when there are a thousand values or more. With fewer, a percentile of one in a thousand
    cannot be seen, so a lognormal or a normal distribution is fitted, whichever is likelier; times and costs
    are mostly lognormal.
    """
    if len(values) >= ENOUGH_FOR_TAILS:
        low, middle, high = np.quantile(values, [LOW, 0.5, HIGH], method="median_unbiased")
        return Percentiles(float(low), float(middle), float(high), "observed")
    normal = _log_likelihood(values)
    if values.min() > 0:
        logs = np.log(values)
        if _log_likelihood(logs) - float(logs.sum()) > normal:
            low, middle, high = _normal_points(logs)
            if high < LARGEST_LOG:
                return Percentiles(math.exp(low), math.exp(middle), math.exp(high), "lognormal")
    low, middle, high = _normal_points(values)
    return Percentiles(low, middle, high, "normal")


def _log_likelihood(values: Floats) -> float:
    return -len(values) / 2 * (math.log(2 * math.pi * float(np.var(values))) + 1)


def _normal_points(values: Floats) -> tuple[float, float, float]:
    mean, sigma = float(np.mean(values)), float(np.std(values, ddof=1))
    return mean + float(special.ndtri(LOW)) * sigma, mean, mean + float(special.ndtri(HIGH)) * sigma
