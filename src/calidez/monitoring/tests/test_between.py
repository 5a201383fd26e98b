"""The stretches from one rare event to the next, by hand and on the page."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from calidez.monitoring.measuring.between import Between, between
from calidez.monitoring.measuring.drawing import Options, Series, SetAside

DAY = dt.date(2025, 1, 1)
COUNT = Options(measure="count", better="down", period="day")


def daily(counts: list[float]) -> Series:
    periods = tuple(DAY + dt.timedelta(days=i) for i in range(len(counts)))
    values = np.array(counts, dtype=float)
    return Series(periods, values, values)


def monthly(hits: list[float], cases: list[float]) -> Series:
    periods = tuple(dt.date(2024 + i // 12, i % 12 + 1, 1) for i in range(len(hits)))
    below = np.array(cases, dtype=float)
    values = 100 * np.array(hits, dtype=float) / below
    return Series(periods, values, below, np.array(hits, dtype=float), below, scale=100)


def every(days: int, times: int) -> list[float]:
    return [1.0 if i % days == 0 else 0.0 for i in range(days * times + 1)]


def found(series: Series, options: Options) -> Between:
    answer = between(series, options)
    assert answer is not None
    return answer


def test_days_between_events_and_the_stretch_that_runs() -> None:
    one = found(daily([0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0]), COUNT)
    assert one.lengths.tolist() == [3, 4]
    assert one.ended == (DAY + dt.timedelta(days=4), DAY + dt.timedelta(days=8))
    assert one.running == 2.5
    assert one.until == DAY + dt.timedelta(days=10)
    assert one.better == "up"


def test_two_on_one_day_are_half_a_day_apart() -> None:
    assert found(daily([1, 0, 2, 0]), COUNT).lengths.tolist() == [1.75, 0.5]


def test_of_a_share_the_cases_between_the_scarcer_side_count() -> None:
    """One miss in each month of a hundred: 99 cases between, whichever side is the good one."""
    misses = found(monthly([99] * 6, [100] * 6), Options(measure="proportion", better="up"))
    assert misses.lengths.tolist() == [99] * 5
    assert misses.better == "up"
    hits = found(monthly([1] * 6, [100] * 6), Options(measure="proportion", better="up"))
    assert hits.lengths.tolist() == [99] * 5
    assert hits.better == "down"
    assert hits.chart is not None
    assert hits.chart.kind == "g"


def test_days_are_those_of_the_calendar_open_or_not() -> None:
    closed_at_the_weekend = Series(
        tuple(dt.date(2025, 1, d) for d in (2, 3, 6, 7)), np.array([1.0, 0, 0, 1]), np.array([1.0, 0, 0, 1])
    )
    assert found(closed_at_the_weekend, COUNT).lengths.tolist() == [5]


def test_whole_sums_are_counted_too() -> None:
    assert found(
        daily([0, 1, 0, 2]), Options(measure="sum", better="down", period="day")
    ).lengths.tolist() == [1.75, 0.5]
    assert between(daily([0.5, 1]), Options(measure="sum", period="day")) is None


def test_a_stretch_longer_than_chance_explains_is_said_before_it_ends() -> None:
    ends = np.cumsum(np.random.default_rng(3).exponential(7, 30)).astype(int)
    counts = np.bincount(ends).astype(float).tolist()
    assert found(daily([*counts, *[0.0] * 200]), COUNT).longer
    assert not found(daily([*counts, *[0.0] * 10]), COUNT).longer
    assert not found(daily([1, 0, 1, *[0.0] * 500]), COUNT).longer, "two events tell no limits"


def test_ever_longer_stretches_are_a_signal_for_the_better() -> None:
    rng = np.random.default_rng(7)
    ends = np.cumsum(np.concatenate([rng.exponential(6, 30), rng.exponential(60, 12)])).astype(int) + 1
    counts = np.bincount(ends).astype(float)
    signals = found(daily(counts.tolist()), COUNT).signals
    assert {s.kind for s in signals if s.direction > 0} == {"improvement"}


def test_a_stretch_that_ended_in_a_period_left_out_is_drawn_and_not_judged() -> None:
    counts = [*every(5, 20), *[0.0] * 300, 1.0, *every(5, 5)]
    aside = SetAside(DAY + dt.timedelta(days=401), DAY + dt.timedelta(days=401), "The counter was broken.")
    plain = found(daily(counts), COUNT)
    without = found(daily(counts), Options(measure="count", better="down", period="day", set_aside=(aside,)))
    assert plain.signals
    assert len(without.aside) == 1
    assert without.chart is not None
    assert plain.chart is not None
    assert without.chart.upper[0] < plain.chart.upper[0]


@pytest.mark.parametrize(
    ("series", "measure"),
    [
        (daily([0, 0, 0]), "count"),
        (daily([0.5, 2, 1]), "mean"),
        (monthly([0.5, 1.5], [10, 10]), "rate"),
        (daily([1000] * 10), "count"),
    ],
)
def test_what_cannot_be_counted_one_by_one_has_none(series: Series, measure: str) -> None:
    assert between(series, Options(measure=measure, period="day" if measure != "rate" else "month")) is None
