"""What a calendar does to charts: days that may be closed, what is read anew when it changes, and a year's open days."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World, create
from calidez.kit.platform.jobs.worker import run_queued
from calidez.monitoring import selectors
from calidez.monitoring.indicator_pages import opening
from calidez.monitoring.indicator_pages.address import View
from calidez.monitoring.indicator_pages.promise import year_of
from calidez.monitoring.measuring.axis import Axis, Circumstances
from calidez.monitoring.measuring.change import read
from calidez.monitoring.measuring.charting import Reading
from calidez.monitoring.measuring.closed import closings, worked_when_closed
from calidez.monitoring.measuring.coverage import Opening
from calidez.monitoring.measuring.drawing import Options, Series
from calidez.monitoring.measuring.series import from_rows
from calidez.monitoring.measuring.services.indicators import keep_version
from calidez.monitoring.measuring.services.measuring import refresh_standings
from calidez.monitoring.models import Indicator, Measurement, Standing
from calidez.monitoring.tests import factories
from calidez.people.models import WEEKDAYS, ClosedDay, ServiceCalendar

MONDAY = dt.date(2024, 1, 1)
OFFICE = dict.fromkeys(WEEKDAYS[:5], "08:00-15:00")


def workdays(count: int, first: dt.date = MONDAY) -> list[dt.date]:
    every = (first + dt.timedelta(days=n) for n in range(count))
    return [day for day in every if day.weekday() < 5]


def series(expected: list[dt.date], lacking: set[dt.date], **axis: Any) -> Series:
    n = np.array([0.0 if day in lacking else 100.0 for day in expected])
    return Series(tuple(expected), np.where(n > 0, 90.0, np.nan), n, axis=Axis(tuple(expected), **axis))


def said(found: Series, period: str = "day") -> list[str]:
    return [str(one) for one in closings(found, period)]


def test_days_in_a_row_are_one_closing_and_a_week_end_does_not_part_them() -> None:
    friday, monday, wednesday = dt.date(2024, 3, 1), dt.date(2024, 3, 4), dt.date(2024, 3, 13)
    found = series(workdays(200), {friday, monday, wednesday})
    assert said(found) == ["2024-03-01..2024-03-04", "2024-03-13..2024-03-13"]
    assert [one.days for one in closings(found, "day")] == [2, 1]
    assert said(found, "week") == []


def test_a_date_that_lacks_data_each_year_comes_back_and_one_that_was_worked_does_not() -> None:
    christmas = {dt.date(year, 12, 25) for year in (2024, 2025, 2026)}
    worked_since = {
        dt.date(2024, 5, 2),
        dt.date(2025, 5, 2),
    }  # in 2026 it is a Saturday, in 2023 there were no data
    worked_last = {dt.date(2024, 10, 9), dt.date(2025, 10, 9)}  # there were data in 2026
    found = series(workdays(1100), christmas | worked_since | worked_last)
    assert said(found) == [
        "2024-05-02..2024-05-02*",
        "2024-10-09..2024-10-09",
        "2024-12-25..2024-12-25*",
        "2025-10-09..2025-10-09",
    ]


def test_a_service_without_data_on_many_days_and_data_that_are_late_propose_nothing() -> None:
    days = workdays(200)
    assert said(series(days, set(days[::5]))) == []
    assert said(series(days, set(days[-3:]))) == []
    assert said(series(days, set(days))) == []


def test_days_without_a_case_that_chance_explains_propose_nothing() -> None:
    days = workdays(400)
    n = np.random.default_rng(1).poisson(3, len(days)).astype(float)
    few = Series(tuple(days), n, n, axis=Axis(tuple(days)))
    assert 0 < (n == 0).sum() < 0.1 * len(days)
    assert said(few) == []
    one_row_a_day = np.where(np.arange(len(days)) == 50, 0.0, 1.0)
    assert said(Series(tuple(days), one_row_a_day, one_row_a_day, axis=Axis(tuple(days)))) == [
        f"{days[50]}..{days[50]}"
    ]


def test_days_worked_against_the_calendar_are_named() -> None:
    days = workdays(30)
    closed = Opening(closed_days=frozenset(days[3:5]))
    assert worked_when_closed(series(days, {days[4]}, calendar=closed), "day") == [days[3]]
    assert worked_when_closed(series(days, set()), "day") == []


def test_a_shift_is_found_on_exactly_the_points_on_which_it_is_found_without_closed_days() -> None:
    """From 90 to 92.5 %, thirty times: as a service from Monday to Friday with holidays, and as one that never closes."""
    count = 130
    working = workdays(200)
    holidays = working[9:140:13]
    open_days = [day for day in working if day not in holidays][:count]
    closed = Opening(frozenset({5, 6}), frozenset(holidays))
    every_day = [MONDAY + dt.timedelta(days=n) for n in range(count)]
    found = 0
    for seed in range(30):
        met = np.random.default_rng(seed).binomial(120, [0.90] * 80 + [0.925] * 50)
        signals = [
            [(one.index, one.members, one.reasons) for one in shares(days, met, opening).signals]
            for days, opening in ((open_days, closed), (every_day, None))
        ]
        assert signals[0] == signals[1]
        found += any(index >= 80 for index, _members, _reasons in signals[0])
    assert found >= 20


def shares(days: list[dt.date], met: Any, opening: Any) -> Reading:
    indicator = Indicator(measure="counted", period="day", multiplier=1)
    rows = [
        (day, 120, 120, float(good), None, int(good), 120 - int(good), None, None, None, None, 0)
        for day, good in zip(days, met, strict=True)
    ]
    made = from_rows(rows, indicator, Circumstances(today=dt.date(2030, 1, 1), opening=opening))
    assert made.periods == tuple(days)
    return read(made, Options(measure="counted", better="up", period="day"))


def daily(world: World, days: list[dt.date]) -> Indicator:
    """An indicator that the north has figures of on these days."""
    found = factories.indicator(world, world.root, 0, name="Answered", period="day")
    run_queued()
    version = keep_version(found)
    Measurement.objects.bulk_create(
        Measurement(
            version=version, unit=unit, period_start=day, n=100, weight=100, total=90, met=90, unmet=10
        )
        for unit in (world.root, world.north)
        for day in days
    )
    refresh_standings(version)
    return found


@pytest.mark.django_db
def test_charts_are_read_anew_by_the_worker_where_a_calendar_touches_them(world: World) -> None:
    # The last three days have no data: a service that is expected to be open then has nothing new to tell.
    days = workdays(60)
    indicator = daily(world, days)
    Standing.objects.update(trace={})

    def read(unit: Any) -> bool:
        return bool(Standing.objects.get(indicator=indicator, unit=unit).trace)

    create(ServiceCalendar, world.admin, unit=world.south, starts=MONDAY, **OFFICE)
    run_queued()
    assert not read(world.north)  # the south has no part in it
    calendar = create(ServiceCalendar, world.admin, unit=world.north, starts=MONDAY, **OFFICE)
    assert not read(world.north)  # not while somebody saves
    run_queued()
    assert read(world.north)
    assert read(world.root)  # the whole is open when any of its units is
    Standing.objects.update(trace={})
    edition = catalog.of(ServiceCalendar).edition
    assert edition is not None
    edition(calendar, by=world.admin, saturday="10:00-14:00")
    create(ClosedDay, world.admin, unit=world.root, first=days[7])
    run_queued()
    assert read(world.north)


@pytest.mark.django_db
def test_a_year_of_the_error_budget_has_the_open_days_of_the_calendar(world: World) -> None:
    indicator = daily(world, workdays(60, dt.date(2025, 9, 1)))
    version = indicator.versions.get()

    def length() -> int:
        return year_of(View(indicator, world.root, version))

    assert length() == 261  # weekdays from Monday to Friday, as the data have them
    create(ServiceCalendar, world.admin, unit=world.root, starts=MONDAY, **OFFICE)
    create(
        ClosedDay,
        world.admin,
        unit=world.root,
        first=dt.date(2025, 8, 1),
        last=dt.date(2025, 8, 31),
    )
    assert length() == 261 - 21


@pytest.mark.django_db
def test_every_chart_reads_the_calendars_in_one_query(world: World, django_assert_num_queries: Any) -> None:
    indicator = daily(world, workdays(40))
    create(ServiceCalendar, world.admin, unit=world.root, starts=MONDAY, **OFFICE)
    with django_assert_num_queries(1):
        found = selectors.openings(indicator, [world.root, world.north, world.south])
    assert found[world.north.pk] is not None
    create(ServiceCalendar, world.admin, unit=world.north, starts=MONDAY, **OFFICE, saturday="10:00-14:00")
    with django_assert_num_queries(2):  # which units have figures
        found = selectors.openings(indicator, [world.root, world.south])
    saturday = dt.date(2026, 3, 7)
    whole, south = found[world.root.pk], found[world.south.pk]
    assert whole is not None
    assert south is not None
    assert (whole.is_open(saturday), south.is_open(saturday)) == (True, False)


@pytest.mark.django_db
@pytest.mark.usefixtures("english")
def test_the_longest_closing_is_named_first_and_only_where_it_is_shown(world: World) -> None:
    every = workdays(330)
    single = {every[n] for n in (20, 41, 63, 85, 107)}
    summer = {day for day in every if dt.date(2024, 8, 5) <= day <= dt.date(2024, 8, 16)}
    indicator = daily(world, [day for day in every if day not in single | summer])

    def said(**shown: dt.date) -> str:
        version = indicator.versions.get()
        found = opening.said(View(indicator, world.root, version, **shown), world.admin)
        return "" if found is None else found.sentence

    assert "15 other days: 5 Aug 2024 – 16 Aug 2024, " in said()
    assert said().endswith(" and 2 more days. Was the service closed?")
    assert "1 other day: 29 Jan 2024." in said(since=dt.date(2024, 1, 15), until=dt.date(2024, 1, 30))
    assert (
        said(since=dt.date(2024, 10, 1)) == "No data on any Saturday or Sunday. Is the service closed then?"
    )
