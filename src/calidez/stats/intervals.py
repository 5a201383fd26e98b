"""How sure one figure is: the interval around a share, a mean, a rate, a count, a percentile or a net promoter score.

Sources: E. B. Wilson, JASA 22 (1927) 209 (share); F. Garwood, Biometrika 28 (1936) 437 (count, rate); the t interval of a
mean; the order statistics of a percentile by the binomial distribution itself (W. J. Conover, Practical Nonparametric
Statistics, §3.2); D. G. Bonett and R. M. Price, Journal of Educational and Behavioral Statistics 37 (2012)
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


@dataclass(frozen=True)
class Ranks:
    """Ranks of values in order, from 1; None where there is no bound on that side."""

    lower: int | None
    upper: int | None


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


def percentile_ranks(q: float, n: int, *, confidence: float = CONFIDENCE) -> Ranks:
    """Which of n values in order (from 1) lie below and above the true q-th percentile, each but for half the rest.

    Whatever the distribution: how many of n values lie below the percentile is binomial with q. Few values have no upper
    bound of a high percentile (below 72 values none of the 95th at 95 %, for the greatest may lie below it too often) and
    no lower one of a low percentile.
    """
    if n < 1 or not 0 < q < 1:
        raise ValueError("a percentile lies between 0 and 1 and needs at least one case")
    _z(confidence)
    tail = (1 - confidence) / 2
    lower = _last_above(tail, q, n)
    # Seen from the other end, the q-th percentile is the one of 1 - q.
    upper = _last_above(tail, 1 - q, n)
    return Ranks(lower, None if upper is None else n + 1 - upper)


def _last_above(tail: float, q: float, n: int) -> int | None:
    """The greatest rank whose value lies above the q-th percentile with a chance of at most `tail`; None if the first does."""
    least, most = 0, n + 1
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (middle, most) if float(special.bdtr(middle - 1, n, q)) <= tail else (least, middle)
    return least or None


def _z(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError("the confidence must lie between 0 and 1")
    return float(special.ndtri((1 + confidence) / 2))
