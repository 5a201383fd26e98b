"""Closures that come back every year are proposed in rows, whatever fell on week-ends in one year or another."""

from __future__ import annotations

import datetime as dt

import numpy as np

from calidez.monitoring.measuring.axis import Axis
from calidez.monitoring.measuring.closed import closings
from calidez.monitoring.measuring.drawing import Series


def office(closed: set[dt.date], years: int = 3) -> Series:
    """Open from Monday to Friday, with thirty cases a day."""
    first = dt.date(2023, 1, 2)
    days = [first + dt.timedelta(days=n) for n in range(365 * years)]
    periods = tuple(day for day in days if day.weekday() < 5)
    n = np.array([0.0 if day in closed else 30.0 for day in periods])
    return Series(periods, np.where(n > 0, 12.0, np.nan), n, axis=Axis(periods))


def test_two_weeks_of_every_august_are_one_proposal() -> None:
    closed = {dt.date(year, 8, day) for year in (2023, 2024, 2025) for day in range(7, 19)}
    found = closings(office(closed), "day")
    yearly = [one for one in found if one.yearly]
    assert [(one.first, one.last) for one in yearly] == [(dt.date(2023, 8, 7), dt.date(2023, 8, 18))]
    assert sum(one.days for one in found) == sum(day.weekday() < 5 for day in closed)


def test_single_holidays_stay_single() -> None:
    closed = {dt.date(year, *day) for year in (2023, 2024, 2025) for day in ((5, 1), (12, 8))}
    found = closings(office(closed), "day")
    assert [(one.first, one.last, one.yearly) for one in found if one.yearly] == [
        (dt.date(2023, 5, 1), dt.date(2023, 5, 1), True),
        (dt.date(2023, 12, 8), dt.date(2023, 12, 8), True),
    ]
