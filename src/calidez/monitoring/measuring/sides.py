"""On which side of the target of their time the periods lie: since when without a break, or how often where they change sides."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from calidez.monitoring.measuring.charting import Reading
from calidez.monitoring.measuring.periods import year_before
from calidez.monitoring.measuring.present import begins
from calidez.monitoring.rules import ENOUGH_CASES, Promise, Schedule

# A stretch shorter than this says little where the periods of a year change sides so often.
SHORT = 8
MANY_CHANGES = 8
SEEN_BEFORE = 2  # stretches as long on the same side, so that the newest is nothing new


@dataclass(frozen=True)
class Stretch:
    """How long the target has been met, or missed, without a break; `index` is its first period.

    `promise` is the one that the newest period is judged by; `moved`: in earlier periods the target was another one.
    """

    met: bool
    index: int
    periods: int
    always: bool
    promise: Promise
    moved: bool


@dataclass(frozen=True)
class InTurns:
    """How many periods met the target, of how many since `index`; `promise` and `moved` as in `Stretch`."""

    met: int
    periods: int
    index: int
    promise: Promise
    moved: bool


def target_stretch(reading: Reading, promised: Schedule) -> Stretch | None:
    """The latest unbroken stretch on one side of the target of its time; periods with too few cases do not break it."""
    judged = _judged(reading, promised)
    if not judged or judged[-1][0] != reading.last:
        return None
    values = reading.series.values
    met = [meets(float(values[i]), promise) for i, promise in judged]
    first = len(met) - 1
    while first > 0 and met[first - 1] == met[-1]:
        first -= 1
    targets = {(promise.target, promise.at_least) for _i, promise in judged[first:]}
    return Stretch(
        met[-1], judged[first][0], len(met) - first, first == 0, judged[-1][1], moved=len(targets) > 1
    )


def in_turns(reading: Reading, promised: Schedule) -> InTurns | None:
    """Where met and missed alternate, over the latest year of the service as it works now; None where a stretch says more.

    A newest stretch longer than others on its side is news, however short it is.
    """
    judged = _judged(reading, promised)
    if not judged or judged[-1][0] != reading.last:
        return None
    start = max(begins(reading)[0], year_before(reading.series.periods, judged[-1][0]))
    judged = [(i, promise) for i, promise in judged if i >= start]
    if not judged:
        return None
    met = [meets(float(reading.series.values[i]), promise) for i, promise in judged]
    *before, (side, length) = [(side, len(list(group))) for side, group in itertools.groupby(met)]
    as_long = sum(one == side and others >= length for one, others in before)
    if length >= SHORT or len(before) < MANY_CHANGES or as_long < SEEN_BEFORE:
        return None
    targets = {(promise.target, promise.at_least) for _i, promise in judged}
    return InTurns(sum(met), len(met), judged[0][0], judged[-1][1], moved=len(targets) > 1)


def _judged(reading: Reading, promised: Schedule) -> list[tuple[int, Promise]]:
    """The periods with enough cases that something was promised for."""
    values, n, periods = reading.series.values, reading.series.n, reading.series.periods
    return [
        (i, promise)
        for i in range(len(values))
        if np.isfinite(values[i])
        and n[i] >= ENOUGH_CASES
        and (promise := promised.on(periods[i])) is not None
    ]


def meets(value: float, promise: Promise) -> bool:
    slack = abs(promise.target) * 1e-9  # 0.95 * 100 is a hair less than 95
    return value >= promise.target - slack if promise.at_least else value <= promise.target + slack
