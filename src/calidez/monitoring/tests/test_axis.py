"""Which periods a series has, and which of them are whole: days off, running months, data that begin or end in the midst."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from calidez import engine
from calidez.kit.conformance import World
from calidez.monitoring.measuring.axis import Circumstances, axis_of
from calidez.monitoring.measuring.charting import READING
from calidez.monitoring.measuring.coverage import ALWAYS, Coverage, Opening, never_seen
from calidez.monitoring.measuring.services import measuring
from calidez.monitoring.models import Dataset, Indicator, IndicatorVersion, Signal, Standing
from calidez.monitoring.tests.factories import measured

LATER = dt.date(2030, 1, 1)
MONDAY = dt.date(2024, 1, 1)
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2023, 12, 31))


def days(count: int, *, first: dt.date = MONDAY, but: tuple[int, ...] = ()) -> list[dt.date]:
    """So many days in a row, without some weekdays."""
    every = (first + dt.timedelta(days=n) for n in range(count))
    return [day for day in every if day.weekday() not in but]


def axis(seen: list[dt.date], period: str = "day", *, today: dt.date = LATER, **more: Any) -> Any:
    return axis_of(seen, period, Circumstances(today=today, **more))


@given(st.sets(DAYS, min_size=1, max_size=40))
def test_coverage_holds_exactly_the_days_it_was_given(found: set[dt.date]) -> None:
    coverage = Coverage.of(found)
    assert coverage is not None
    assert coverage.days == tuple(sorted(found))
    assert (coverage.first, coverage.last) == (min(found), max(found))
    assert Coverage.from_json(coverage.to_json()) == coverage


@given(st.sets(DAYS, min_size=1, max_size=30), st.sets(DAYS, max_size=30))
def test_more_days_never_take_any_away(found: set[dt.date], more: set[dt.date]) -> None:
    coverage = Coverage.of(found)
    assert coverage is not None
    assert set((coverage | Coverage.of(more)).days) == found | more


@given(
    st.sets(DAYS, min_size=1, max_size=60), st.sampled_from([p.value for p in engine.Period if p != "hour"])
)
def test_every_period_with_rows_is_on_the_axis_in_order(found: set[dt.date], period: str) -> None:
    seen = sorted({engine.period_start(day, engine.Period(period)) for day in found})
    made = axis(seen, period, coverage=Coverage.of(found))
    assert set(seen) <= set(made.periods)
    assert list(made.periods) == sorted(set(made.periods))


def test_weekdays_never_seen_leave_the_axis_and_a_missing_weekday_stays_as_a_gap() -> None:
    open_days = days(70, but=(5, 6))
    missing = open_days.pop(20)
    made = axis(open_days)
    assert missing in made.periods
    assert {day.weekday() for day in made.periods} == {0, 1, 2, 3, 4}
    assert made.learnt


def test_a_weekday_that_chance_may_have_left_out_stays() -> None:
    """One event in five days: after four weeks nobody can tell that Sundays are free of them."""
    assert never_seen(days(28)[::5]) == frozenset()
    assert never_seen([]) == frozenset()
    # Figures that are always dated on a Monday say nothing of the other days.
    assert never_seen(days(700)[::7]) == frozenset()


def test_a_day_that_was_worked_is_on_the_axis_even_where_the_calendar_says_closed() -> None:
    worked = days(21, but=(6,))
    made = axis(worked, opening=Opening(frozenset({5, 6})))
    assert set(worked) <= set(made.periods)
    assert not any(day.weekday() == 6 for day in made.periods)
    assert not made.learnt


def test_holidays_of_the_calendar_and_months_without_an_open_day_are_no_gaps() -> None:
    august = frozenset(dt.date(2024, 8, day) for day in range(1, 32))
    seen = [dt.date(2024, month, 1) for month in (6, 7, 9, 10)]
    assert dt.date(2024, 8, 1) in axis(seen, "month").periods
    assert dt.date(2024, 8, 1) not in axis(seen, "month", opening=Opening(closed_days=august)).periods


def test_closed_days_at_the_end_of_a_month_do_not_break_it_off() -> None:
    december = days(23, first=dt.date(2024, 12, 1))
    rows = [*days(366 - 31), *december]
    closed = frozenset(dt.date(2024, 12, day) for day in range(24, 32))
    starts = [dt.date(2024, month, 1) for month in range(1, 13)]
    given = {"coverage": Coverage.of(rows)}
    assert starts[-1] in axis(starts, "month", **given).unfinished
    assert starts[-1] not in axis(starts, "month", **given, opening=Opening(closed_days=closed)).unfinished


def test_the_period_that_runs_is_not_whole() -> None:
    seen = [dt.date(2024, 5, 1), dt.date(2024, 6, 1)]
    assert axis(seen, "month", today=dt.date(2024, 6, 30)).unfinished == {dt.date(2024, 6, 1)}
    assert axis(seen, "month", today=dt.date(2024, 7, 1)).unfinished == frozenset()


@pytest.mark.parametrize(
    ("last", "whole"),
    [
        (dt.date(2024, 6, 12), False),  # in the midst
        (dt.date(2024, 6, 27), False),  # a Thursday: one open day short of the end
        (dt.date(2024, 6, 28), True),  # a Friday; the month ends on a Sunday
    ],
)
def test_data_that_end_in_the_midst_of_a_month_leave_it_unfinished(last: dt.date, whole: bool) -> None:
    open_days = [day for day in days(400, but=(5, 6)) if day <= last]
    starts = sorted({day.replace(day=1) for day in open_days})
    made = axis(starts, "month", coverage=Coverage.of(open_days))
    assert (dt.date(2024, 6, 1) not in made.unfinished) == whole


def test_data_that_begin_in_the_midst_of_a_month_leave_it_unfinished() -> None:
    open_days = days(200, first=dt.date(2024, 1, 20))
    starts = sorted({day.replace(day=1) for day in open_days})
    assert dt.date(2024, 1, 1) in axis(starts, "month", coverage=Coverage.of(open_days)).unfinished


def test_rare_events_do_not_make_their_last_month_unfinished() -> None:
    """One fall in ten days: three weeks without one are nothing unusual."""
    falls = days(365)[::10]
    starts = sorted({day.replace(day=1) for day in falls})
    assert axis(starts, "month", coverage=Coverage.of(falls)).unfinished == frozenset()


@pytest.mark.parametrize("days_there", [1, 2])
def test_one_or_two_days_do_not_say_that_their_month_is_not_whole(days_there: int) -> None:
    stamps = [dt.date(2024, month, 1) for month in range(3, 3 + days_there)]
    assert axis(stamps, "month", coverage=Coverage.of(stamps)).unfinished == frozenset()


@pytest.mark.parametrize("day_of_month", [1, 15, 28])
def test_monthly_figures_are_whole_whatever_day_they_are_dated(day_of_month: int) -> None:
    stamps = [dt.date(2024, month, day_of_month) for month in range(1, 7)]
    coverage = Coverage.of(stamps)
    assert coverage is not None
    assert coverage.stamp is engine.Period.MONTH
    starts = [day.replace(day=1) for day in stamps]
    assert axis(starts, "month", coverage=coverage).unfinished == frozenset()
    # A quarter of which two months are there is not.
    stamps.append(dt.date(2024, 7, day_of_month))
    quarters = [dt.date(2024, month, 1) for month in (1, 4, 7)]
    found = axis(quarters, "quarter", coverage=Coverage.of(stamps)).unfinished
    assert found == {dt.date(2024, 7, 1)}


def test_a_year_whose_monthly_figures_begin_in_july_is_not_whole() -> None:
    stamps = [dt.date(2005 + (6 + n) // 12, (6 + n) % 12 + 1, 1) for n in range(30)]
    years = [dt.date(year, 1, 1) for year in (2005, 2006, 2007)]
    assert axis(years, "year", coverage=Coverage.of(stamps)).unfinished == {dt.date(2005, 1, 1)}


def test_an_axis_of_nothing_is_empty() -> None:
    assert axis([]).periods == ()
    assert Coverage.of([]) is None
    assert Coverage.from_json({}) is None
    assert ALWAYS.is_open(MONDAY)


@pytest.mark.django_db
def test_a_month_that_ended_since_it_was_measured_is_judged_by_the_next_reading(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: dt.date(2025, 12, 20))
    found = measured(world, world.north)
    every_day = days(731)
    Dataset.objects.filter(pk=found.dataset_id).update(days=Coverage.of(every_day).to_json())  # type: ignore[union-attr]
    Indicator.objects.update(measured_at=timezone.now())
    measuring.refresh_standings(found.versions.get())
    assert Standing.objects.get().period_start == dt.date(2025, 11, 1)
    assert measuring.read_again() == 0
    monkeypatch.setattr(timezone, "localdate", lambda: dt.date(2026, 1, 2))
    assert measuring.read_again() == 1
    assert Standing.objects.get().period_start == dt.date(2025, 12, 1)
    assert measuring.read_again() == 0


@pytest.mark.django_db
def test_signals_kept_before_are_folded_and_what_was_acknowledged_stays_so(world: World) -> None:
    """Two rules on one month were two signals; the one that somebody knew about is the one that stays."""
    found = measured(world, world.north)
    kept = Signal.objects.get(rule="beyond_limits")
    Signal.objects.create(
        indicator=found,
        indicator_version=kept.indicator_version,
        unit=world.north,
        rule="two_of_three",
        kind=kept.kind,
        period_start=kept.period_start,
        evidence={**kept.evidence, "reasons": None},
        state=Signal.State.ACKNOWLEDGED,
    )
    IndicatorVersion.objects.update(read_as=0)
    Indicator.objects.update(measured_at=timezone.now())
    assert measuring.read_again() == 1
    folded = Signal.objects.get(rule="beyond_limits")
    assert not Signal.objects.filter(rule="two_of_three").exists()
    assert (folded.rule, folded.state, folded.holds) == ("beyond_limits", Signal.State.ACKNOWLEDGED, True)
    assert folded.evidence["reasons"] == ["beyond_limits"]
    assert IndicatorVersion.objects.get().read_as == READING
