"""Whether values lie further out on one side of the usual than on the other: limits are then passed there more often."""

import math

import numpy as np

from .._types import FloatLike, Floats, floats
from .core import ControlChart
from .pattern import parts

FEWEST_POINTS = 20
"""Fewer points tell a lopsided law from chance too seldom to speak of it."""

SURE = 1.96
"""Beyond this standard normal deviate values are called lopsided: of normal ones fewer than 2 in 100 series are."""

LATEST = 400
"""Of longer charts the newest points tell it."""


FEWEST_PERIODS = 8
"""Periods whose farthest values tell a lopsided law from chance."""

VERY_SURE = 3.0
"""Standard errors from which the farthest values of periods lie lopsided for sure."""


def leaning(chart: ControlChart) -> int:
    """+1 where high values lie further from the usual than low ones, −1 where low ones do, 0 where neither is sure.

    D'Agostino's test of skewness (R. B. D'Agostino, Biometrika 57 (1970) 679) on what is left around the levels that
    the series had, without its farthest point: neither a lasting change nor one accident is a law of its own.
    """
    y = chart.heights[chart.phases[-1].start :][-LATEST:]
    judged = chart.judged[chart.phases[-1].start :][-LATEST:]
    known = y[np.isfinite(y) & np.isfinite(judged)]
    if len(known) < FEWEST_POINTS or np.ptp(known) == 0:
        return 0
    known = np.delete(known, np.abs(known - np.median(known)).argmax())
    around = np.concatenate([part - part.mean() for part in np.split(known, parts(known)[1:])])
    if np.allclose(around, 0):
        return 0
    z = skewness_z(around)
    return int(math.copysign(1, z)) if abs(z) > SURE else 0


def leaning_within(n: FloatLike, mean: FloatLike, low: FloatLike, high: FloatLike) -> int:
    """+1 where the cases within periods lie further out above their mean than below it, −1 the other way, else 0.

    `n`, `mean`, `low` and `high` have one number for each period: cases, their mean, the least and the greatest. It is
    read from how far off the middle between the farthest two the mean lies, as a share of their distance. Means of many
    cases are even however lopsided the cases are: 0 where their limits are passed no more than a third more often than
    those of normal cases. That bound was found by simulating gamma and lognormal cases, 4 to 400 a period
    (`tests/test_skewness.py` holds some of them).
    """
    cases, middle = floats(n, "the cases"), floats(mean, "the means")
    least, most = floats(low, "the least"), floats(high, "the greatest")
    told = np.isfinite(middle) & (cases >= 3) & (most > least)
    if told.sum() < FEWEST_PERIODS:
        return 0
    off = (most + least - 2 * middle)[told] / (most - least)[told]
    share, usual = float(off.mean()), float(np.median(cases[told]))
    if abs(share) < VERY_SURE * float(off.std(ddof=1)) / math.sqrt(len(off)):
        return 0
    matters = max(0.4 * math.log10(usual) - 0.23, 0.02)
    return int(math.copysign(1, share)) if abs(share) >= matters else 0


def skewness_z(values: Floats) -> float:
    """The skewness as a standard normal deviate (D'Agostino's transformation; eight values or more)."""
    n = len(values)
    distance = values - values.mean()
    skewness = float((distance**3).mean() / (distance**2).mean() ** 1.5)
    y = skewness * math.sqrt((n + 1) * (n + 3) / (6 * (n - 2)))
    kurtosis = 3 * (n**2 + 27 * n - 70) * (n + 1) * (n + 3) / ((n - 2) * (n + 5) * (n + 7) * (n + 9))
    w = math.sqrt(2 * (kurtosis - 1)) - 1
    return math.asinh(y / math.sqrt(2 / (w - 1))) / math.sqrt(math.log(w) / 2)
