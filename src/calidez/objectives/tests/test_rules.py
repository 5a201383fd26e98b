"""What the plan asks on a day, how a period stands to it, and who may close what: plain values."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calidez.objectives.rules import (
    Missing,
    Plan,
    Point,
    Refusal,
    Status,
    judge,
    lies_below,
    meets,
    missing_to_activate,
    refusal_to_close,
    would_circle,
)

PLAN = Plan(dt.date(2026, 1, 1), dt.date(2026, 12, 31), 98.0, at_least=True, baseline=90.0)


def month(number: int, value: float, half: float | None = 0.5, *, enough: bool = True) -> Point:
    start = dt.date(2026, number, 1)
    end = (start + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    low, high = (None, None) if half is None else (value - half, value + half)
    return Point(start, end, value, 1000, low, high, enough)


def test_the_plan_is_a_straight_line_from_baseline_to_target() -> None:
    assert PLAN.asks(dt.date(2025, 12, 31)) is None
    assert PLAN.asks(PLAN.starts) == 90
    assert PLAN.asks(dt.date(2026, 7, 2)) == pytest.approx(94, abs=0.01)
    assert PLAN.asks(PLAN.due) == 98
    assert PLAN.asks(dt.date(2027, 6, 1)) == 98


def test_milestones_bend_the_line_and_those_outside_are_ignored() -> None:
    bent = replace(PLAN, milestones=((dt.date(2026, 7, 2), 97.0), (dt.date(2028, 1, 1), 10.0)))
    assert bent.asks(dt.date(2026, 7, 2)) == 97
    assert bent.asks(dt.date(2026, 4, 2)) == pytest.approx(93.5, abs=0.01)


def test_without_a_baseline_nothing_is_asked_before_the_first_milestone() -> None:
    bare = replace(PLAN, baseline=None)
    assert bare.asks(dt.date(2026, 6, 1)) is None
    assert bare.asks(PLAN.due) == 98
    first = replace(bare, milestones=((dt.date(2026, 6, 30), 95.0),))
    assert first.asks(dt.date(2026, 6, 29)) is None
    assert first.asks(dt.date(2026, 6, 30)) == 95


@given(st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)), st.floats(0, 50), st.floats(51, 100))
def test_the_plan_never_leaves_the_way_from_baseline_to_target(
    day: dt.date, baseline: float, target: float
) -> None:
    asked = Plan(PLAN.starts, PLAN.due, target, True, baseline).asks(day)
    assert asked is not None
    assert baseline - 1e-9 <= asked <= target + 1e-9


@pytest.mark.parametrize(
    ("value", "half", "status"),
    [
        (90.0, 0.5, Status.BEHIND),  # the plan asks 92.0 at the end of March
        (91.8, 0.5, Status.ON_PLAN),  # below, and 92.0 still lies within its interval
        (92.2, 0.5, Status.ON_PLAN),
        (93.0, 0.5, Status.AHEAD),
        (98.0, 0.5, Status.REACHED),
    ],
)
def test_a_period_is_behind_only_where_its_whole_interval_is(
    value: float, half: float, status: Status
) -> None:
    found = judge([month(3, value, half)], PLAN)
    assert found.status == status
    assert found.asked == pytest.approx(91.96, abs=0.02)


def test_where_less_is_better_the_sides_change() -> None:
    plan = replace(PLAN, at_least=False, baseline=20.0, target=10.0)
    assert judge([month(3, 19.0)], plan).status == Status.BEHIND
    assert judge([month(3, 15.0)], plan).status == Status.AHEAD
    assert judge([month(3, 9.9)], plan).status == Status.REACHED


def test_a_figure_without_interval_is_judged_by_two_periods() -> None:
    once = [month(2, 95.0, None), month(3, 85.0, None)]
    assert judge(once, PLAN).status == Status.ON_PLAN
    assert judge([month(3, 85.0, None)], PLAN).status == Status.ON_PLAN
    assert judge([month(2, 85.0, None), month(3, 85.0, None)], PLAN).status == Status.BEHIND


def test_there_is_no_verdict_without_data_of_now() -> None:
    assert judge([], PLAN).status == Status.UNKNOWN
    assert judge([month(3, 90.0, enough=False)], PLAN).status == Status.UNKNOWN
    before = Point(dt.date(2025, 12, 1), dt.date(2025, 12, 31), 99.0, 1000, 98.5, 99.5)
    assert judge([before], PLAN).status == Status.UNKNOWN
    assert judge([month(3, 90.0)], PLAN, stale=True).status == Status.UNKNOWN
    assert judge([month(3, 97.0)], replace(PLAN, baseline=None)).status == Status.UNKNOWN


def test_rounding_is_no_miss() -> None:
    assert meets(0.95 * 100, 95.0, at_least=True)
    assert meets(0.1 * 3 * 100, 30.0, at_least=False)


WHOLE = {
    "has_indicator": True,
    "target": 98.0,
    "starts": dt.date(2026, 1, 1),
    "due": dt.date(2026, 12, 31),
    "baseline": 90.0,
    "no_baseline": "",
    "resources": "Two people.",
    "evaluation": "Every month.",
    "at_least": True,
}


@pytest.mark.parametrize(
    ("without", "missing"),
    [
        ({}, []),
        ({"has_indicator": False}, [Missing.INDICATOR]),
        ({"target": None}, [Missing.TARGET]),
        ({"baseline": None}, [Missing.BASELINE]),
        ({"baseline": None, "no_baseline": "The service is new."}, []),
        ({"starts": None}, [Missing.STARTS]),
        ({"due": None}, [Missing.DUE]),
        ({"resources": " "}, [Missing.RESOURCES]),
        ({"evaluation": ""}, [Missing.EVALUATION]),
        ({"baseline": 99.0}, [Missing.NO_WAY]),
        ({"milestones": [dt.date(2027, 1, 1)]}, [Missing.MILESTONES]),
        ({"target": None, "due": None}, [Missing.TARGET, Missing.DUE]),
    ],
)
def test_what_keeps_an_objective_from_becoming_active(without: dict, missing: list[Missing]) -> None:
    assert missing_to_activate(**{**WHOLE, **without}) == missing


@pytest.mark.parametrize(
    ("reached", "owner", "point", "refusal"),
    [
        (True, True, month(12, 99.0), Refusal.OWNER),
        (True, False, None, Refusal.NOT_MEASURED),
        (True, False, month(12, 99.0, enough=False), Refusal.NOT_MEASURED),
        (True, False, month(12, 97.9), Refusal.NOT_MET),
        (True, False, month(12, 98.1), None),  # when it is due, the value itself decides
        (True, False, month(6, 98.1), Refusal.NOT_YET_SURE),
        (True, False, month(6, 99.0), None),
        (True, False, month(6, 99.0, None), Refusal.NOT_YET_SURE),
        (False, False, month(6, 91.0), Refusal.NOT_DUE),
        (False, False, month(12, 98.1), Refusal.MET),
        (False, False, month(12, 91.0), None),
    ],
)
def test_who_closes_when_and_as_what(
    reached: bool, owner: bool, point: Point | None, refusal: Refusal | None
) -> None:
    assert refusal_to_close(reached=reached, by_owner=owner, last=point, plan=PLAN) == refusal


def test_the_cascade_goes_down_and_never_round() -> None:
    assert lies_below("/a/b/", "/a/")
    assert not lies_below("/a/", "/a/")
    assert not lies_below("/c/", "/a/")
    assert would_circle(1, [3, 2, 1])
    assert not would_circle(1, [3, 2])
