"""Control-chart constants to full precision, because three printed digits move real limits.

Source: ISO 7870-2:2013, annex; definitions by the distribution of the relative range and of the standard
deviation of a normal sample. Tables printed elsewhere are roundings of these values.
"""

import math
from functools import cache

import numpy as np
from scipy import special

D2_PAIR = 2 / math.sqrt(math.pi)
"""d2 for two values: what turns a mean moving range into a standard deviation."""

MEDIAN_PAIR = math.sqrt(2) * float(special.ndtri(0.75))
"""What turns a median moving range into a standard deviation."""

D4_PAIR = 1 + 3 * math.sqrt(2 - 4 / math.pi) / D2_PAIR
"""Upper limit of a moving range, in mean moving ranges."""


@cache
def d2(n: int) -> float:
    """Mean range of n standard normal values."""
    return _range_moments(_at_least_two(n))[0]


@cache
def d3(n: int) -> float:
    """Standard deviation of the range of n standard normal values."""
    mean, square = _range_moments(_at_least_two(n))
    return math.sqrt(square - mean * mean)


@cache
def c4(n: int) -> float:
    """Mean of the standard deviation of n standard normal values."""
    v = _at_least_two(n) - 1
    if v < 100:
        return math.sqrt(2 / v) * math.exp(math.lgamma(n / 2) - math.lgamma(v / 2))
    # Stirling's series: two large logarithms would leave few digits of their difference.
    terms = (-1 / 4, 1 / 32, 5 / 128, -21 / 2048, -399 / 8192, 869 / 65536)
    return 1 + sum(term / v**power for power, term in enumerate(terms, 1))


def mean_factor(n: int) -> float:
    """A: limits of a mean in process standard deviations."""
    return 3 / math.sqrt(n)


def mean_factor_by_range(n: int) -> float:
    """A2: limits of a mean in mean ranges."""
    return 3 / (d2(n) * math.sqrt(n))


def mean_factor_by_sd(n: int) -> float:
    """A3: limits of a mean in mean standard deviations."""
    return 3 / (c4(n) * math.sqrt(n))


def range_limits(n: int) -> tuple[float, float]:
    """D1, D2: limits of a range in process standard deviations."""
    return max(0.0, d2(n) - 3 * d3(n)), d2(n) + 3 * d3(n)


def range_limits_by_range(n: int) -> tuple[float, float]:
    """D3, D4: limits of a range in mean ranges."""
    low, high = range_limits(n)
    return low / d2(n), high / d2(n)


def sd_limits(n: int) -> tuple[float, float]:
    """B5, B6: limits of a standard deviation in process standard deviations."""
    spread = 3 * math.sqrt(1 - c4(n) ** 2)
    return max(0.0, c4(n) - spread), c4(n) + spread


def sd_limits_by_sd(n: int) -> tuple[float, float]:
    """B3, B4: limits of a standard deviation in mean standard deviations."""
    low, high = sd_limits(n)
    return low / c4(n), high / c4(n)


def _at_least_two(n: int) -> int:
    if n < 2:
        raise ValueError("a control-chart constant needs a subgroup of at least two values")
    return n


@cache
def _range_moments(n: int) -> tuple[float, float]:
    """E(W) and E(W²) of the range W, from P(W ≤ r) = n ∫ φ(x) [Φ(x + r) − Φ(x)]^(n−1) dx."""
    # The trapezium rule converges geometrically on an analytic integrand that dies out at both ends.
    x = np.linspace(-10, 10, 401)
    density = np.exp(-x * x / 2) / math.sqrt(2 * math.pi) * (x[1] - x[0])
    nodes, weights = np.polynomial.legendre.leggauss(160)
    longest = 16.0
    r = (nodes + 1) * longest / 2
    weights = weights * longest / 2
    inside = special.ndtr(x[:, None] + r) - special.ndtr(x)[:, None]
    beyond = 1 - n * (density @ inside ** (n - 1))
    return float(weights @ beyond), float(2 * weights @ (r * beyond))
