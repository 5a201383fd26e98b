"""Decisions about objectives: what is missing, what the plan asks on a day, and how a measured period stands to it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

# Fewer cases than this tell nothing about a share, a mean or a percentile, whatever the interval says.
ENOUGH_CASES = 10
# A figure without an interval (a sum, a ratio) swings by itself: one period alone beyond the plan is no verdict.
PERIODS_WITHOUT_INTERVAL = 2


class Missing(StrEnum):
    """What keeps an objective from becoming active; the value is the field that gives it."""

    INDICATOR = "indicator"
    TARGET = "target"
    STARTS = "starts"
    DUE = "due"
    BASELINE = "baseline"
    RESOURCES = "resources"
    EVALUATION = "evaluation"
    NO_WAY = "no_way"  # the baseline already meets the target
    MILESTONES = "milestones"  # one lies outside start and due


class Status(StrEnum):
    AHEAD = "ahead"
    ON_PLAN = "on_plan"
    BEHIND = "behind"
    REACHED = "reached"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Plan:
    """From the baseline at the start to the target at the due date, by the milestones between them."""

    starts: dt.date
    due: dt.date
    target: float
    at_least: bool
    baseline: float | None = None
    milestones: tuple[tuple[dt.date, float], ...] = ()

    def corners(self) -> tuple[tuple[dt.date, float], ...]:
        """The points between which the plan is a straight line, in order."""
        first = ((self.starts, self.baseline),) if self.baseline is not None else ()
        between = sorted((on, value) for on, value in self.milestones if self.starts < on < self.due)
        return (*first, *between, (self.due, self.target))

    def asks(self, day: dt.date) -> float | None:
        """What the plan asks on a day; None where it asks nothing yet. After the due date it asks the target."""
        corners = self.corners()
        if day < corners[0][0] or day < self.starts:
            return None
        for (before, low), (after, high) in pairwise(corners):
            if before <= day < after:
                return low + (high - low) * (day - before).days / (after - before).days
        return self.target


@dataclass(frozen=True)
class Point:
    """One measured period; `low` and `high` are None where the figure has no interval, or none on that side."""

    start: dt.date
    end: dt.date  # its last day
    value: float
    n: int
    low: float | None = None
    high: float | None = None
    enough: bool = True  # whether so many cases tell anything at all


@dataclass(frozen=True)
class Verdict:
    """How the newest period that can be judged stands; `asked` is the plan's value at its end."""

    status: Status
    point: Point | None = None
    asked: float | None = None


def missing_to_activate(
    *,
    has_indicator: bool,
    target: float | None,
    starts: dt.date | None,
    due: dt.date | None,
    baseline: float | None,
    no_baseline: str,
    resources: str,
    evaluation: str,
    at_least: bool,
    milestones: Sequence[dt.date] = (),
) -> list[Missing]:
    """All that keeps an objective from becoming active, in the order in which people fill it in."""
    given = (
        (Missing.INDICATOR, has_indicator),
        (Missing.TARGET, target is not None),
        (Missing.BASELINE, baseline is not None or bool(no_baseline.strip())),
        (Missing.STARTS, starts is not None),
        (Missing.DUE, due is not None),
        (Missing.RESOURCES, bool(resources.strip())),
        (Missing.EVALUATION, bool(evaluation.strip())),
    )
    missing = [what for what, there in given if not there]
    if baseline is not None and target is not None and meets(baseline, target, at_least=at_least):
        missing.append(Missing.NO_WAY)
    if starts is not None and due is not None and any(not starts < on < due for on in milestones):
        missing.append(Missing.MILESTONES)
    return missing


def meets(value: float, asked: float, *, at_least: bool) -> bool:
    slack = abs(asked) * 1e-9  # 0.95 * 100 is a hair less than 95
    return value >= asked - slack if at_least else value <= asked + slack


def judge(points: Sequence[Point], plan: Plan, *, stale: bool = False) -> Verdict:
    """How the newest period stands to the plan.

    Reached where the value meets the target; behind only where the whole interval lies on the wrong side of what the
    plan asks at the end of the period, ahead where it lies on the right side. `stale` says that the newest period is
    too old to speak of now.
    """
    known = [p for p in points if p.enough and p.end >= plan.starts]
    if not known:
        return Verdict(Status.UNKNOWN)
    last = known[-1]
    asked = plan.asks(last.end)
    if stale:
        return Verdict(Status.UNKNOWN, last, asked)
    if meets(last.value, plan.target, at_least=plan.at_least):
        return Verdict(Status.REACHED, last, asked)
    if asked is None:
        return Verdict(Status.UNKNOWN, last)
    if last.low is None and last.high is None:
        sides = [_side_of_value(p, plan) for p in known[-PERIODS_WITHOUT_INTERVAL:]]
        certain = len(sides) == PERIODS_WITHOUT_INTERVAL and len(set(sides)) == 1
        return Verdict(sides[-1] if certain else Status.ON_PLAN, last, asked)
    # Where there is no bound, there is nothing that the figure could not be.
    low = -math.inf if last.low is None else last.low
    high = math.inf if last.high is None else last.high
    return Verdict(_side(low, high, asked, at_least=plan.at_least), last, asked)


def _side(low: float, high: float, asked: float, *, at_least: bool) -> Status:
    if high < asked:
        return Status.BEHIND if at_least else Status.AHEAD
    if low > asked:
        return Status.AHEAD if at_least else Status.BEHIND
    return Status.ON_PLAN


def _side_of_value(point: Point, plan: Plan) -> Status:
    asked = plan.asks(point.end)
    return Status.ON_PLAN if asked is None else _side(point.value, point.value, asked, at_least=plan.at_least)


class Refusal(StrEnum):
    """Why an objective cannot be closed."""

    OWNER = "owner"
    NOT_MEASURED = "not_measured"
    NOT_MET = "not_met"
    NOT_YET_SURE = "not_yet_sure"
    NOT_DUE = "not_due"
    MET = "met"


def refusal_to_close(*, reached: bool, by_owner: bool, last: Point | None, plan: Plan) -> Refusal | None:
    """An objective is judged by the period in which it was due, and by somebody else than its owner.

    It is closed as reached earlier only where the whole interval meets the target: one lucky month is no proof.
    """
    if by_owner:
        return Refusal.OWNER
    if last is None or not last.enough:
        return Refusal.NOT_MEASURED
    met = meets(last.value, plan.target, at_least=plan.at_least)
    measured_to_the_end = last.end >= plan.due
    if not reached:
        if not measured_to_the_end:
            return Refusal.NOT_DUE
        return Refusal.MET if met else None
    if not met:
        return Refusal.NOT_MET
    if not measured_to_the_end and not _sure(last, plan):
        return Refusal.NOT_YET_SURE
    return None


def _sure(point: Point, plan: Plan) -> bool:
    worst = point.low if plan.at_least else point.high
    return worst is not None and meets(worst, plan.target, at_least=plan.at_least)


def would_circle(uid: object, ancestors: Sequence[object]) -> bool:
    """An objective cannot contribute to itself, whatever lies between."""
    return uid in ancestors


def lies_below(child_path: str, parent_path: str) -> bool:
    """A share belongs to a unit strictly below that of the whole."""
    return child_path != parent_path and child_path.startswith(parent_path)
