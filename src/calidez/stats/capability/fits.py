"""Distributions for values that are not normal: fitted by likelihood, and refused where they do not fit.

Times and costs begin at zero, and some are exactly zero (nobody waited): those are a share of their own, and the rest is
lognormal, Weibull or gamma. Values that go below zero, or lean to the left, are lognormal from some point on, which the
quantiles tell. Sources: N. L. Johnson, S. Kotz and N. Balakrishnan, Continuous Univariate Distributions 1 (1994), chapters
14, 17 and 21; S. C. Choi and R. Wette, Technometrics 11 (1969) 683 (gamma); J. Aitchison, JASA 50 (1955) 901 (zeros apart).
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy import special

from .._types import Floats

LEVEL = 0.01
"""A shape is refused below this p-value: with hundreds of rounded values a stricter test refuses every shape."""

MOST_ZEROS = 0.5
"""With more zeros than this the median is zero, and nothing can be told in distances from it."""

OUTER = 0.05
"""The quantiles that tell where a shifted lognormal begins: this share from either end."""


@dataclass(frozen=True)
class Fit:
    """A fitted distribution of values, a share `zeros` of which is exactly zero; `aic` compares fits of the same values."""

    name: str
    cdf: Callable[[Floats], Floats]
    inverse: Callable[[float], float]
    aic: float
    zeros: float = 0.0

    def quantile(self, q: float) -> float:
        """The q-th quantile of all values."""
        return 0.0 if q <= self.zeros else self.inverse((q - self.zeros) / (1 - self.zeros))


def likeliest(values: Floats) -> Fit | None:
    """The likeliest of the shapes that the values do not refuse; None where they refuse all."""
    zeros = float(np.mean(values == 0))
    used = values[values != 0] if values.min() == 0 else values
    if (used is not values and zeros > MOST_ZEROS) or len(np.unique(used)) < 3:
        return None
    with np.errstate(all="ignore"):
        found = [
            fit for fit in _candidates(used) if math.isfinite(fit.aic) and p_value(used, fit.cdf) >= LEVEL
        ]
    if not found:
        return None
    best = min(found, key=lambda fit: fit.aic)
    return best if used is values else Fit(best.name, best.cdf, best.inverse, best.aic, zeros)


def p_value(values: Floats, cdf: Callable[[Floats], Floats]) -> float:
    """How well values fit a distribution whose parameters were estimated from them; 0 where that cannot be computed.

    Chen and Balakrishnan: as normal scores the values must look normal, which Anderson and Darling's statistic judges.
    """
    scores = special.ndtri(cdf(np.sort(values)))
    if not np.isfinite(scores).all() or np.ptp(scores) == 0:
        return 0.0
    n = len(scores)
    z = (scores - scores.mean()) / scores.std(ddof=1)
    ranks = np.arange(1, n + 1)
    squared = -n - float(np.mean((2 * ranks - 1) * (special.log_ndtr(z) + special.log_ndtr(-z[::-1]))))
    return _of_statistic(squared * (1 + 0.75 / n + 2.25 / n**2))


def _of_statistic(a: float) -> float:
    """D'Agostino and Stephens, table 4.9."""
    if a < 0.2:
        return 1 - math.exp(-13.436 + 101.14 * a - 223.73 * a**2)
    if a < 0.34:
        return 1 - math.exp(-8.318 + 42.796 * a - 59.938 * a**2)
    if a < 0.6:
        return math.exp(0.9177 - 4.279 * a - 1.38 * a**2)
    return math.exp(1.2937 - 5.709 * a + 0.0186 * a**2) if a < 13 else 0.0


def _candidates(values: Floats) -> Iterator[Fit]:
    if values.min() > 0:
        yield _lognormal(values)
        yield from (fit for fit in (_weibull(values), _gamma(values)) if fit is not None)
    shifted = _shifted(values)
    if shifted is not None:
        yield shifted


def _lognormal(values: Floats, name: str = "lognormal", parameters: int = 2) -> Fit:
    logs = np.log(values)
    mean, sigma = float(logs.mean()), float(logs.std(ddof=1))
    likelihood = -len(logs) / 2 * (math.log(2 * math.pi * float(np.var(logs))) + 1) - float(logs.sum())

    def inverse(q: float) -> float:
        with np.errstate(over="ignore"):
            return float(np.exp(mean + sigma * special.ndtri(q)))

    return Fit(
        name,
        lambda x: special.ndtr((np.log(x) - mean) / sigma),
        inverse,
        2 * parameters - 2 * likelihood,
    )


def _weibull(values: Floats) -> Fit | None:
    logs = np.log(values)
    n, mean, top = len(logs), float(logs.mean()), float(logs.max())

    def slope(k: float) -> float:
        weights = np.exp(k * (logs - top))
        return float((weights * logs).sum() / weights.sum()) - 1 / k - mean

    shape = _root(slope, 1e-3, 1e3)
    if shape is None:
        return None
    scale = math.exp(top) * float(np.mean(np.exp(shape * (logs - top)))) ** (1 / shape)
    likelihood = n * (math.log(shape) - shape * math.log(scale)) + (shape - 1) * float(logs.sum()) - n
    return Fit(
        "weibull",
        lambda x: -np.expm1(-((x / scale) ** shape)),
        lambda q: scale * (-math.log1p(-q)) ** (1 / shape),
        4 - 2 * likelihood,
    )


def _gamma(values: Floats) -> Fit | None:
    logs, mean = np.log(values), float(values.mean())
    gap = math.log(mean) - float(logs.mean())
    shape = _root(lambda a: gap - (math.log(a) - float(special.digamma(a))), 1e-3, 1e6)
    if shape is None:
        return None
    scale = mean / shape
    likelihood = (shape - 1) * float(logs.sum()) - len(logs) * (
        shape + shape * math.log(scale) + float(special.gammaln(shape))
    )
    return Fit(
        "gamma",
        lambda x: special.gammainc(shape, x / scale),
        lambda q: scale * float(special.gammaincinv(shape, q)),
        4 - 2 * likelihood,
    )


def _shifted(values: Floats) -> Fit | None:
    """Lognormal from a point below all values on, or up to a point above them all where they lean to the left.

    Between three quantiles of a lognormal lies a constant factor, from where it begins: so they tell that point. The
    likelihood does not, it grows without end as the point comes near the least value.
    """
    low, middle, high = np.quantile(values, [OUTER, 0.5, 1 - OUTER])
    lean = (high - middle) - (middle - low)
    if abs(lean) <= 1e-9 * (high - low):
        return None
    side = 1.0 if lean > 0 else -1.0
    start = side * float((low * high - middle**2) / (low + high - 2 * middle))
    beyond = side * values - start
    if not beyond.min() > 0:
        return None
    fit = _lognormal(beyond, "shifted_lognormal", 3)

    def cdf(x: Floats) -> Floats:
        share = fit.cdf(side * x - start)
        return share if side > 0 else 1 - share

    def inverse(q: float) -> float:
        return side * (start + fit.inverse(q if side > 0 else 1 - q))

    return Fit(fit.name, cdf, inverse, fit.aic)


def _root(function: Callable[[float], float], low: float, high: float) -> float | None:
    """Where a rising function is zero, by halving on a logarithmic scale; None where it is not between the ends."""
    if not function(low) < 0 < function(high):
        return None
    a, b = math.log(low), math.log(high)
    for _ in range(80):
        middle = (a + b) / 2
        a, b = (middle, b) if function(math.exp(middle)) < 0 else (a, middle)
    return math.exp((a + b) / 2)
