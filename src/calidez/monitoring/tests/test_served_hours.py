"""Opening hours guessed from the times of the day: never narrower than what is often seen, never invented."""

from __future__ import annotations

from calidez.engine import DayTimes, HourSeen
from calidez.monitoring.measuring.served_hours import hours_seen


def monday(rows: dict[int, int], days: dict[int, int] | None = None, *, midnight: int = 0) -> DayTimes:
    seen = days or {}
    return DayTimes(
        tuple(HourSeen(0, h, n, seen.get(h, 50), midnight if h == 0 else 0) for h, n in rows.items()), {0: 52}
    )


def said(times: DayTimes | None) -> str | None:
    found = hours_seen(times)
    return None if found is None else str(found.get(0, "all day"))


def test_full_hours_hold_nearly_all_rows() -> None:
    office = dict.fromkeys(range(8, 15), 500)
    assert said(monday(office)) == "08:00-15:00"
    assert said(monday({**office, 3: 1, 22: 2}, {3: 1, 22: 2})) == "08:00-15:00"


def test_an_hour_seen_on_many_days_is_an_hour_of_service_however_few_came() -> None:
    assert said(monday({**dict.fromkeys(range(8, 15), 5000), 19: 4}, {19: 4})) == "08:00-20:00"


def test_around_the_clock_and_over_midnight_are_all_day() -> None:
    assert said(monday(dict.fromkeys(range(24), 500))) == "all day"
    assert said(monday(dict.fromkeys([22, 23, 0, 1, 2, 3, 4, 5], 500))) == "all day"


def test_few_rows_tell_nothing_of_their_weekday() -> None:
    assert said(monday({8: 5, 9: 5, 10: 5})) == "all day"


def test_days_without_times_have_no_hours() -> None:
    assert said(None) is None
    assert said(monday({0: 3000}, midnight=3000)) is None
    assert said(monday({0: 300, **dict.fromkeys(range(8, 15), 500)}, midnight=300)) is None
    assert said(monday({12: 3000})) is None, "noon that somebody put in"
    assert said(DayTimes((), {})) is None
