"""How sure one figure is: the interval around a share, a mean, a rate, a count, a percentile or a net promoter score.

Sources: E. B. Wilson, JASA 22 (1927) 209 (share); F. Garwood, Biometrika 28 (1936) 437 (count, rate); the t interval of a
mean; the order statistics of a percentile by the normal approximation of the binomial (W. J. Conover, Practical
Nonparametric Statistics, §3.2); D. G. Bonett and R. M. Price, Journal of Educational and Behavioral Statistics 37 (2012)
479, for the difference of two shares of one multinomial (net promoter score).
"""

import math
from dataclasses import dataclass

from scipy import special

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    lower: float
    upper: float


def share(met: float, n: float, *, confidence: float = CONFIDENCE) -> Interval:
    """Wilson's score interval of met/n, as shares of one."""
    if n <= 0 or not 0 <= met <= n:
        raise ValueError("a share needs at least one case and no more met than cases")
    z = _z(confidence)
    p, spread = met / n, z * z / n
    centre = (p + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(p * (1 - p) / n + spread / (4 * n))
    return Interval(max(0.0, centre - half), min(1.0, centre + half))


def mean(value: float, variance: float, n: float, *, confidence: float = CONFIDENCE) -> Interval:
    """Student's t interval of a mean; `variance` is that of the values, with the divisor n - 1."""
    if n < 2 or variance < 0:
        raise ValueError("the interval of a mean needs two values and a variance that is not negative")
    _z(confidence)
    half = float(special.stdtrit(n - 1, (1 + confidence) / 2)) * math.sqrt(variance / n)
    return Interval(value - half, value + half)


def count(events: float, *, confidence: float = CONFIDENCE) -> Interval:
    """Garwood's exact interval of a Poisson count."""
    if events < 0:
        raise ValueError("a count cannot be negative")
    _z(confidence)
    tail = (1 - confidence) / 2
    lower = 0.0 if events == 0 else float(special.gammaincinv(events, tail))
    return Interval(lower, float(special.gammaincinv(events + 1, 1 - tail)))


def rate(events: float, exposure: float, *, confidence: float = CONFIDENCE) -> Interval:
    """Events per exposure, from the interval of the events."""
    if exposure <= 0:
        raise ValueError("a rate needs an exposure above zero")
    found = count(events, confidence=confidence)
    return Interval(found.lower / exposure, found.upper / exposure)


def net_promoter(
    promoters: float, detractors: float, n: float, *, confidence: float = CONFIDENCE
) -> Interval:
    """Promoters less detractors as a share of one, from -1 to 1: the adjusted Wald interval, with an answer added to each.

    The plain one claims certainty where all answer alike, and holds two thirds of its confidence with five answers.
    """
    if n < 2 or promoters < 0 or detractors < 0 or promoters + detractors > n:
        raise ValueError("a net promoter score needs two answers, and no more of either kind than answers")
    p, d = (promoters + 1) / (n + 2), (detractors + 1) / (n + 2)
    half = _z(confidence) * math.sqrt((p + d - (p - d) ** 2) / (n + 2))
    score = (promoters - detractors) / n
    return Interval(max(-1.0, min(score, p - d - half)), min(1.0, max(score, p - d + half)))


def percentile_ranks(q: float, n: float, *, confidence: float = CONFIDENCE) -> Interval:
    """Between which percentiles of the sample the true q-th lies, as shares of one; for reading off a histogram."""
    if n <= 0 or not 0 < q < 1:
        raise ValueError("a percentile lies between 0 and 1 and needs at least one case")
    half = _z(confidence) * math.sqrt(q * (1 - q) / n)
    return Interval(max(0.0, q - half), min(1.0, q + half))


def _z(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError("the confidence must lie between 0 and 1")
    return float(special.ndtri((1 + confidence) / 2))
