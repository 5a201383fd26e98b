"""Times of the day by weekday, as the clock of the place showed them."""

from __future__ import annotations

import datetime as dt

from calidez.engine import Column, ColumnType, Role, Schema, branches_in, times_of_day
from calidez.engine.tests.conftest import HEADER

MONDAY = dt.date(2024, 1, 1)


def test_hours_are_counted_by_weekday_with_the_days_on_which_they_were_seen(visits, load) -> None:
    lines = [
        f"{MONDAY + dt.timedelta(days=day)} {hour:02}:30:00,{branch},desk,5,3,true\n"
        for day in (0, 7, 14)
        for hour, branch in ((8, "N"), (9, "N"), (9, "S"))
    ]
    load(visits, HEADER + "".join(lines) + "2024-01-02 00:00:00,N,desk,5,3,true\n")
    assert branches_in(visits) == ("N", "S")
    found = times_of_day(visits)
    assert [(one.weekday, one.hour, one.rows, one.days, one.midnight) for one in found.hours] == [
        (0, 8, 3, 3, 0),
        (0, 9, 6, 3, 0),
        (1, 0, 1, 1, 1),
    ]
    assert found.days == {0: 3, 1: 1}
    assert [one.rows for one in times_of_day(visits, branches=["S"]).hours] == [3]
    assert times_of_day(visits, branches=[]).hours == ()


def test_only_the_last_year_of_the_data_counts(visits, load) -> None:
    load(visits, HEADER + "2020-01-06 05:00:00,N,desk,5,3,true\n2024-01-01 08:00:00,N,desk,5,3,true\n")
    assert [one.hour for one in times_of_day(visits).hours] == [8]


def test_days_have_no_hours(store, load) -> None:
    day = Column("day", "Day", ColumnType.DATE, Role.TIME, date_order="ymd")
    days = store.create("days", Schema((day,)))
    load(days, "Day\n2024-01-01\n")
    assert times_of_day(days) is None
    assert branches_in(days) == ()
