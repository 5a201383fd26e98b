"""The opening hours that the times of day of the data let one guess; values in, values out."""

from __future__ import annotations

from calidez import engine
from calidez.people.opening_hours import DAY, Stretch

INSIDE = 0.995  # of the rows of a weekday lie within the hours proposed
TRIFLING = 0.05  # of the days of a weekday; an hour seen on more of them was an hour of service
ENOUGH_ROWS, ENOUGH_DAYS, ENOUGH_HOURS = 100, 4, 3
NO_TIME = 0.02  # of rows exactly at midnight: then midnight means that nobody wrote down the time
HOUR = 60


def hours_seen(times: engine.DayTimes | None) -> dict[int, Stretch] | None:
    """By weekday, the full hours between which nearly all rows lie. None where the data tell no times of the day.

    A weekday without rows enough, or with service around the clock or over midnight, is left out: all day is the answer
    that loses nothing.
    """
    if times is None or not _tells_times(times.hours):
        return None
    found = {}
    for weekday, days in times.days.items():
        hours = [one for one in times.hours if one.weekday == weekday]
        if sum(one.rows for one in hours) < ENOUGH_ROWS or days < ENOUGH_DAYS:
            continue
        first, last = _span(hours, days)
        if (first, last) != (0, DAY // HOUR):
            found[weekday] = Stretch(first * HOUR, (last - first) * HOUR)
    return found


def _tells_times(hours: tuple[engine.HourSeen, ...]) -> bool:
    """Not where days stand at midnight, or all at one hour that somebody put in."""
    rows = sum(one.rows for one in hours)
    midnight = sum(one.midnight for one in hours)
    return rows > 0 and midnight <= NO_TIME * rows and len({one.hour for one in hours}) >= ENOUGH_HOURS


def _span(hours: list[engine.HourSeen], days: int) -> tuple[int, int]:
    """From which hour until which: nearly all rows, and every hour that comes on more than a trifling share of days."""
    by_hour = {one.hour: one.rows for one in hours}
    often = [one.hour for one in hours if one.days > TRIFLING * days]
    left = (1 - INSIDE) * sum(by_hour.values()) / 2
    first, last = _until(by_hour, left), _until(by_hour, left, backwards=True)
    return min(first, *often), max(last, *often) + 1


def _until(by_hour: dict[int, int], left: float, *, backwards: bool = False) -> int:
    """The hour at which more rows have been passed than may be left out on this side."""
    passed = 0
    for hour in sorted(by_hour, reverse=backwards):
        passed += by_hour[hour]
        if passed > left:
            return hour
    raise ValueError("a weekday without rows has no hours")
