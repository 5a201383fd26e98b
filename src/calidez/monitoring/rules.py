"""Decisions of monitoring: is the promise kept, since when, and what does a signal mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from calidez.standards.rules import beyond_unacceptable

# Fewer cases than this say little about a share or a mean: one case more or less moves it by points.
ENOUGH_CASES = 30
# An indicator without a measurement for two periods says nothing about now.
STALE_PERIODS = 2
# Of days it takes a week: two may be a week-end.
STALE_DAYS = 7


class Verdict(StrEnum):
    KEPT = "kept"
    AT_RISK = "at_risk"
    BROKEN = "broken"
    UNKNOWN = "unknown"
    NO_TARGET = "no_target"


class SignalKind(StrEnum):
    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    CHANGE = "change"


@dataclass(frozen=True)
class Promise:
    """The target as judged: in the unit in which values are shown."""

    target: float
    tolerance: float
    at_least: bool
    starts: dt.date | None = None
    ends: dt.date | None = None
    unacceptable: float | None = None  # what is worse asks for a reaction at once

    def holds_on(self, day: dt.date) -> bool:
        return (self.starts is None or day >= self.starts) and (self.ends is None or day <= self.ends)


@dataclass(frozen=True)
class Schedule:
    """What was promised, version after version, oldest first: a period is judged by the one in force as it began."""

    promises: tuple[Promise, ...]

    def on(self, day: dt.date) -> Promise | None:
        return next((promise for promise in reversed(self.promises) if promise.holds_on(day)), None)

    def spoken_of_on(self, day: dt.date) -> Promise:
        """The one in force; else the last that was, else the first that will be."""
        begun = [p for p in self.promises if p.starts is None or p.starts <= day]
        return self.on(day) or (begun[-1] if begun else self.promises[0])


def judge(value: float | None, *, n: int, promise: Promise | None, worsening: bool = False) -> Verdict:
    """Whether one period keeps the promise.

    On target but with a signal of worsening it is at risk; short of the target within the tolerance too. Too few
    cases are no verdict at all.
    """
    if promise is None:
        return Verdict.NO_TARGET
    if value is None or value != value or n < ENOUGH_CASES:
        return Verdict.UNKNOWN
    shortfall = (promise.target - value) if promise.at_least else (value - promise.target)
    if shortfall > promise.tolerance + _slack(promise.target):
        return Verdict.BROKEN
    if shortfall > _slack(promise.target) or worsening:
        return Verdict.AT_RISK
    return Verdict.KEPT


def is_unacceptable(value: float | None, *, n: int, promise: Promise | None) -> bool:
    """Whether a period is worse than the threshold of the promise in force then; too few cases say nothing."""
    if promise is None or value is None or value != value or n < ENOUGH_CASES:
        return False
    return beyond_unacceptable(value, at_least=promise.at_least, unacceptable=promise.unacceptable)


def unbroken_since(verdicts: Sequence[Verdict]) -> int | None:
    """Index of the first period of the last verdict's unbroken stretch; periods without data do not break it."""
    known = [(i, v) for i, v in enumerate(verdicts) if v != Verdict.UNKNOWN]
    if not known:
        return None
    last = known[-1][1]
    first = known[-1][0]
    for index, verdict in reversed(known):
        if verdict != last:
            break
        first = index
    return first


def kind_of_signal(direction: int, better: str) -> SignalKind:
    """Up is good or bad only where the indicator says so."""
    if better == "none" or direction == 0:
        return SignalKind.CHANGE
    good = (direction > 0) == (better == "up")
    return SignalKind.IMPROVEMENT if good else SignalKind.CONCERN


def _slack(target: float) -> float:
    # 0.95 * 100 is 94.99999999999999 in floating point: exactly on the target is kept.
    return abs(target) * 1e-9
