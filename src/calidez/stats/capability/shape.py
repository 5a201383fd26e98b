"""Whether values look normal, and the percentiles that stand in for three sigma where they do not.

Sources: ISO 22514-2 (percentile method); G. Chen and N. Balakrishnan, Journal of Quality Technology 27 (1995) 154 (one test
of fit for any distribution, with the p-values that R. B. D'Agostino and M. A. Stephens, Goodness-of-Fit Techniques (1986),
table 4.9, give for the Anderson–Darling statistic); H. Akaike, IEEE Transactions on Automatic Control 19 (1974) 716.
"""

import math
from dataclasses import dataclass

import numpy as np

from .._types import Floats
from .fits import likeliest

LOW, HIGH = 0.00135, 0.99865
"""The shares below −3 and +3 sigma of a normal distribution (rounded as in ISO 22514-2)."""

LEVEL = 0.05
FEWEST_FOR_TEST = 8
MOST_FOR_SHAPIRO = 5000
ENOUGH_FOR_TAILS = 1000
"""From so many values on, the outer percentiles can be read off the data."""


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
    """The 0.135 %, 50 % and 99.865 % points and where they come from.

    `source` is "observed" or "histogram" where they are read off, else the name of the distribution that was fitted:
    "lognormal", "weibull", "gamma" (of times and costs, beside a share of zeros), or "shifted_lognormal".
    """

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


def percentiles(values: Floats) -> Percentiles | None:
    """Outer percentiles of data that are not normal; None where neither a shape nor the data can tell them.

    Read off the data when there are a thousand values or more. With fewer, a percentile of one in a thousand cannot be
    seen, so of the distributions that a test of fit does not reject the likeliest is taken (by Akaike's criterion).
    Never the normal one, which was rejected before.
    """
    if len(values) >= ENOUGH_FOR_TAILS:
        low, middle, high = np.quantile(values, [LOW, 0.5, HIGH], method="median_unbiased")
        return Percentiles(float(low), float(middle), float(high), "observed")
    found = likeliest(values)
    if found is None:
        return None
    low, middle, high = (found.quantile(q) for q in (LOW, 0.5, HIGH))
    if not low <= middle < high < math.inf:
        return None
    return Percentiles(low, middle, high, found.name)
