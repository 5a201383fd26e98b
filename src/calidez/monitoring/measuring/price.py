"""What the rules of a chart cost: how often they alarm when nothing changes, and where that cannot be said."""

from __future__ import annotations

import numpy as np

from calidez.monitoring.measuring.charting import Reading
from calidez.monitoring.measuring.drawing import Series
from calidez.monitoring.measuring.episodes import FEWEST_TO_FLAG
from calidez.stats import charts, rules

SURE = 0.01
"""How rarely chance may bring a correlation that silences the price.

Of charts of independent points those with a high correlation alarm most: leaving out more of them than one in two
hundred would make what the others state too high.
"""


def price_of(reading: Reading, preset: str) -> rules.FalseAlarm | None:
    """False alarms of the rules on the limits that hold now; None where that cannot be told."""
    if reading.chart is None or not can_be_told(reading, preset):
        return None
    return rules.false_alarms_of(reading.chart, preset, counts=_of_counts(reading))


def can_be_told(reading: Reading, preset: str) -> bool:
    """Not where no rule speaks of limits, nor where the answer would be wrong.

    It presupposes points that are independent and lie evenly around the centre; where they surely do not the page
    says that instead (`resembling`, `skewed`).
    """
    if reading.chart is None or reading.kind == "run" or preset not in rules.PRESETS:
        return False
    if 0 < reading.chart.phases[-1].points < FEWEST_TO_FLAG:
        return False  # nothing is called a signal there
    if rules.expects_less_than_one(reading.chart):
        return False  # single events pass the limit and are no signals
    alike = reading.chart.autocorrelation
    surely = alike is not None and alike.r > 0 and alike.p_value < SURE
    return not surely and (not skewed(reading) or _of_counts(reading))


def _of_counts(reading: Reading) -> bool:
    """Counts charted as single values, whose law is known although it is not even."""
    return reading.reason == charts.Reason.COUNT_OVERDISPERSED


def resembling(reading: Reading) -> float | None:
    """The correlation of neighbouring periods where it is more than chance; a negative one brings no signals."""
    found = reading.chart.autocorrelation if reading.chart is not None else None
    return found.r if found is not None and found.p_value < SURE and found.r > 0 else None


def skewed(reading: Reading) -> int:
    """+1 where values, or the cases behind means, surely lie further out above the usual than below, −1 the other way
    round, else 0.

    Where three sigma below the centre would be less than nothing, they cannot be even around it either.
    """
    if reading.chart is None or reading.kind not in {"i", "xbar_s"}:
        return 0
    if at_its_floor(reading):
        return 1
    return charts.leaning(reading.chart) if reading.kind == "i" else _within(reading.series)


def _within(series: Series) -> int:
    """Of means: whether the cases of a period are so few and so lopsided that their mean is too."""
    if series.lows is None or series.highs is None:
        return 0
    return charts.leaning_within(series.n, series.values / series.scale, series.lows, series.highs)


def at_its_floor(reading: Reading) -> bool:
    """Whether the lower limit stands at nought, because values cannot fall below."""
    chart = reading.chart
    if chart is None or reading.kind not in {"i", "xbar_s"} or chart.bounds[0] != 0:
        return False
    known = np.isfinite(chart.lower)
    return bool(known.any() and (chart.lower[known] <= 0).all())
