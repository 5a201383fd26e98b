"""The two icons that say how a chart stands: is it changing, and will it meet the target.

Source: NHS England, Making Data Count.
"""

import math
from collections.abc import Sequence
from enum import StrEnum

from .charts.core import MEMORY, ControlChart
from .rules.definitions import RUNS, TRENDS, Rule
from .rules.signals import Signal

FEWEST_POINTS = 12
"""Below this many points behind the limits neither icon is honest."""


class Direction(StrEnum):
    """Which way the measure gets better."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


class VariationIcon(StrEnum):
    COMMON_CAUSE = "common_cause"
    IMPROVEMENT_HIGH = "improvement_high"
    IMPROVEMENT_LOW = "improvement_low"
    CONCERN_HIGH = "concern_high"
    CONCERN_LOW = "concern_low"
    NEITHER_HIGH = "neither_high"
    NEITHER_LOW = "neither_low"
    NOT_ENOUGH_DATA = "not_enough_data"


class AssuranceIcon(StrEnum):
    CONSISTENTLY_MET = "consistently_met"
    CONSISTENTLY_MISSED = "consistently_missed"
    HIT_AND_MISS = "hit_and_miss"
    NO_TARGET = "no_target"
    NOT_ENOUGH_DATA = "not_enough_data"


_ICONS = {
    (Direction.UP, 1): VariationIcon.IMPROVEMENT_HIGH,
    (Direction.UP, -1): VariationIcon.CONCERN_LOW,
    (Direction.DOWN, 1): VariationIcon.CONCERN_HIGH,
    (Direction.DOWN, -1): VariationIcon.IMPROVEMENT_LOW,
    (Direction.NONE, 1): VariationIcon.NEITHER_HIGH,
    (Direction.NONE, -1): VariationIcon.NEITHER_LOW,
}


def variation(chart: ControlChart, signals: Sequence[Signal], better: Direction) -> VariationIcon:
    """Icon of the last point: common cause, or special cause for better, for worse, or neither.

    The point counts as special when it is a member of a pattern. Where several hold, the order is: beyond a
    limit, trend, zones, run; a pattern without a direction shows the side on which the point lies.
    """
    if not _enough(chart):
        return VariationIcon.NOT_ENOUGH_DATA
    last = chart.last
    strongest = point_signal(signals, last)
    if strongest is None:
        return VariationIcon.COMMON_CAUSE
    if strongest.direction == 0:
        high = chart.values[last] >= chart.centre[last]
        return VariationIcon.NEITHER_HIGH if high else VariationIcon.NEITHER_LOW
    return _ICONS[Direction(better), strongest.direction]


def icon(better: Direction, direction: int) -> VariationIcon:
    """The icon of a change for the higher (1) or the lower (−1) that stands out by itself, such as a long trend."""
    return _ICONS[Direction(better), direction]


def assurance(chart: ControlChart, target: float | None, better: Direction) -> AssuranceIcon:
    """Whether the process as it runs now will meet the target: always, never, or by luck.

    The target is compared with the limits at the last point, the worse limit having to meet it.
    """
    if target is None or math.isnan(target) or better == Direction.NONE:
        return AssuranceIcon.NO_TARGET
    # The limits of a statistic that remembers are not those of the measure.
    if not _enough(chart) or chart.kind in MEMORY:
        return AssuranceIcon.NOT_ENOUGH_DATA
    lower, upper = float(chart.lower[chart.last]), float(chart.upper[chart.last])
    if math.isnan(lower) or math.isnan(upper):
        return AssuranceIcon.NOT_ENOUGH_DATA
    if lower <= target <= upper:
        return AssuranceIcon.HIT_AND_MISS
    met = (target < lower) == (better == Direction.UP)
    return AssuranceIcon.CONSISTENTLY_MET if met else AssuranceIcon.CONSISTENTLY_MISSED


def point_signal(signals: Sequence[Signal], index: int) -> Signal | None:
    """The strongest signal of which the point is a member."""
    holding = [signal for signal in signals if index in signal.members]
    return min(holding, key=lambda signal: rank(signal.rule), default=None)


def rank(rule: Rule) -> int:
    """How plainly a rule speaks, the plainest first: a limit, a trend, zones, a run."""
    if rule is Rule.BEYOND_LIMITS:
        return 0
    if rule in TRENDS:
        return 1
    if rule in (Rule.TWO_OF_THREE, Rule.TWO_OF_THREE_ONE_SIDE, Rule.FOUR_OF_FIVE):
        return 2
    return 3 if rule in RUNS or rule is Rule.LONGEST_RUN else 4


def _enough(chart: ControlChart) -> bool:
    """Enough points behind the limits that hold now; frozen limits of unknown origin are a person's word."""
    points = chart.phases[-1].points
    return points == 0 or points >= FEWEST_POINTS
