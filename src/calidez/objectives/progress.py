"""How objectives stand to their plan, read from the measurements."""

from __future__ import annotations

import datetime as dt

from django.db.models import prefetch_related_objects

from calidez import engine
from calidez.monitoring.measuring.periods import last_day, previous_start, sequence
from calidez.monitoring.rules import STALE_PERIODS
from calidez.objectives.figures import points_of
from calidez.objectives.models import Objective
from calidez.objectives.rules import Plan, Point, Verdict, judge

TRACE_POINTS = 24


def plan_of(objective: Objective) -> Plan | None:
    """The plan as far as it is made: without target or dates there is none."""
    if objective.target is None or objective.starts is None or objective.due is None:
        return None
    milestones = tuple((one.on, one.value) for one in objective.milestones.all())
    return Plan(
        objective.starts,
        objective.due,
        objective.target,
        objective.at_least,
        objective.baseline,
        milestones,
    )


def measured(objective: Objective) -> tuple[Point, ...]:
    if objective.indicator is None:
        return ()
    return points_of(objective.indicator, objective.unit)


def read_for_page(objective: Objective) -> tuple[Plan | None, tuple[Point, ...]]:
    """Plan and points of an objective that is only looked at: its panel and what stands in the way of each step share them."""
    found: tuple[Plan | None, tuple[Point, ...]] | None = getattr(objective, "_read_for_page", None)
    if found is None:
        prefetch_related_objects([objective], "milestones")  # the steps look at them too
        found = objective._read_for_page = plan_of(objective), measured(objective)  # type: ignore[attr-defined]
    return found


def verdict_of(objective: Objective, points: tuple[Point, ...], *, on: dt.date) -> Verdict | None:
    plan = plan_of(objective)
    if plan is None or objective.indicator is None:
        return None
    return judge(points, plan, stale=is_stale(points, objective.indicator.period, on=min(on, plan.due)))


def is_stale(points: tuple[Point, ...], period: str, *, on: dt.date) -> bool:
    """Whether two whole periods have passed since the newest one that was measured."""
    if not points:
        return False
    following = points[-1].end + dt.timedelta(days=1)
    return last_day(previous_start(following, period, -(STALE_PERIODS - 1)), period) < on


def closing_point(points: tuple[Point, ...], due: dt.date) -> Point | None:
    """The period in which the objective was due, once it is measured; before that the newest one."""
    return next((p for p in points if p.end >= due), points[-1] if points else None)


def standing(objective: Objective, today: dt.date) -> dict[str, object]:
    """What lists and the cascade read, by the field that keeps it."""
    points = measured(objective)
    verdict = verdict_of(objective, points, on=today)
    last = verdict.point if verdict is not None else None
    return {
        "status": str(verdict.status) if verdict is not None else Objective.Status.UNKNOWN,
        "period_start": last.start if last else None,
        "value": last.value if last else None,
        "low": last.low if last else None,
        "high": last.high if last else None,
        "n": last.n if last else 0,
        "asked": verdict.asked if verdict is not None else None,
        "trace": _trace(objective, points),
    }


def _trace(objective: Objective, points: tuple[Point, ...]) -> list[float | None]:
    """The last periods in order, gaps included."""
    if objective.indicator is None or not points:
        return []
    by_start = {p.start: p.value for p in points}
    periods = list(sequence(points[0].start, points[-1].start, objective.indicator.period))
    found = [by_start.get(start) for start in periods[-TRACE_POINTS:]]
    return [None if value is None else float(f"{value:.6g}") for value in found]


def period_start(day: dt.date, period: str) -> dt.date:
    """The first day of the period that a day lies in."""
    return engine.period_start(day, engine.Period(period))


def has_interval(objective: Objective) -> bool:
    """Whether the figure says how sure it is."""
    return objective.low is not None or objective.high is not None
