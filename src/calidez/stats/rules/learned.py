"""How often rules alarm for nothing once their limits are learned from data and not known."""

import math

import numpy as np

from .._types import Floats
from . import learned_table as table
from .presets import PRESETS, FalseAlarm, Preset

LEARNED = "simulation of 200,000 series with limits of an individuals chart, seed 20261101"


def false_alarms(preset: Preset | str, points: int, *, frozen: bool) -> FalseAlarm:
    """False alarms of a preset whose limits rest on `points` points of a stable process; 0 points: limits known.

    With `frozen` limits later points are judged, with patterns that go on from the points before them; without it the
    very points from which the limits were learned: those pull the limits towards them and alarm less. `within_24` is the chance of a signal in the next 24
    points, or among the last 24 of the chart; `within_points` that of one anywhere among the points of the chart.
    `average_run_length` is that of a constant rate with the same chances (for frozen limits, with known limits
    that of the preset): a plain average over all limits that could have been learned would be ruled by a few lucky
    wide ones (C. P. Quesenberry, Journal of Quality Technology 25 (1993) 237).

    Stands for all charts: it is simulated for individuals. Read from a table, between whose sizes the rate is
    interpolated over 1/points.
    """
    chosen = PRESETS[preset] if isinstance(preset, str) else preset
    known = chosen.false_alarm
    if points < 0:
        raise ValueError("limits cannot rest on fewer than no points")
    if points == 0:
        return known
    name = next((name for name, listed in PRESETS.items() if set(listed.rules) == set(chosen.rules)), None)
    if name is None:
        raise ValueError(f"the false alarms of the rules {chosen.name!r} were never simulated")
    if frozen:
        known_rate = _rate(known.within_24)
        rate = _between(table.LATER[name], points)
        length = known.average_run_length * known_rate / rate
        return FalseAlarm(length, 1 - math.exp(-rate), LEARNED, points)
    # Fewer than 24 points are all there are; their rate is carried on to 24.
    rate = _between(table.OWN[name], points, np.minimum(table.SIZES, 24) / 24.0)
    every = _between(table.ALL[name], points, np.array(table.SIZES) / 24.0) / 24
    return FalseAlarm(1 / every, 1 - math.exp(-rate), LEARNED, points, 1 - math.exp(-every * points))


def _rate(within: float) -> float:
    return -math.log1p(-within)


def _between(chances: tuple[float, ...], points: int, stretches: Floats | float = 1.0) -> float:
    """Rate in 24 points at so many points behind the limits; the last of the table holds for more points too.

    `stretches` are what the chances cover, in 24 points.
    """
    rates = -np.log1p(-np.array(chances)) / stretches
    across = 1 / np.array(table.SIZES, dtype=np.float64)
    return float(np.interp(1 / points, across[::-1], rates[::-1]))
