"""Which days without data look like days on which the service was closed; values in, values out."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from calidez.monitoring.measuring.drawing import Floats, Series

# A service with fewer days with data than this has gaps that nobody needs to explain.
REGULAR = 0.9
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Closing:
    """Days in a row without data; `yearly`: the same date lacked data in each later year too."""

    first: dt.date
    last: dt.date
    days: int  # of service, on which data were expected
    yearly: bool = False

    def __str__(self) -> str:
        """As an address carries it: “2025-12-25..2025-12-26”, with “*” where it comes back every year."""
        return f"{self.first}..{self.last}{'*' if self.yearly else ''}"


def closings(series: Series, period: str) -> list[Closing]:
    """The gaps of a daily series whose service has data nearly every day, the oldest first.

    Gaps at the end are left to wait: what is late looks the same.
    """
    if period != "day":
        return []
    seen = [bool(n > 0) for n in series.n]
    known = np.flatnonzero(seen)
    if not len(known) or known.size < REGULAR * (known[-1] + 1):
        return []
    periods = series.periods[: int(known[-1]) + 1]
    missing = [
        day
        for day, here in zip(periods, seen, strict=False)
        if not here and day not in series.axis.unfinished
    ]
    if _by_chance(series.n[known], len(missing)):
        return []
    yearly = _yearly(missing, [day for day, here in zip(periods, seen, strict=False) if here])
    found: list[Closing] = []
    for row in _in_rows(missing, periods):
        again = [day for day in row if (day.month, day.day) in yearly]
        if 2 * len(again) > len(row):  # a day of it fell on a week-end in the other years
            _add(found, Closing(row[0], row[-1], len(row), yearly=True))
            continue
        for day in again:
            _add(found, Closing(day, day, 1, yearly=True))
        rest = [day for day in row if day not in again]
        found += [Closing(part[0], part[-1], len(part)) for part in _in_rows(rest, periods)]
    return sorted(found, key=lambda one: one.first)


def _add(found: list[Closing], row: Closing) -> None:
    """What comes back is told by the year in which it did first."""
    for place, one in enumerate(found):
        if one.yearly and _falls_into(row, one):
            found[place] = replace(one, days=one.days + row.days)
            return
    found.append(row)


def _by_chance(sizes: Floats, missing: int) -> bool:
    """Whether so many days without a case are what few cases a day bring about.

    Where cases come by chance and there is more than one on most days, days with none are rarer than days with one. A
    file with one row for each day says nothing of chance.
    """
    return bool(sizes.max() > 1 and (sizes == 1).sum() >= missing)


def _yearly(missing: Sequence[dt.date], there: Iterable[dt.date]) -> dict[tuple[int, int], list[dt.date]]:
    """By month and day, the dates that lacked data in two years or more, and in none since had any."""
    worked: dict[tuple[int, int], dt.date] = {}
    for day in there:
        worked[day.month, day.day] = max(day, worked.get((day.month, day.day), day))
    dates: dict[tuple[int, int], list[dt.date]] = defaultdict(list)
    for day in missing:
        dates[day.month, day.day].append(day)
    return {
        key: days for key, days in dates.items() if len(days) > 1 and worked.get(key, dt.date.min) < min(days)
    }


def _falls_into(row: Closing, other: Closing) -> bool:
    """Whether the dates of a row, in the year of another, lie in it."""
    shift = row.first.year - other.first.year
    try:
        first, last = (day.replace(year=day.year - shift) for day in (row.first, row.last))
    except ValueError:  # 29 February
        return False
    return other.first <= first and last <= other.last


def _in_rows(missing: Sequence[dt.date], expected: Sequence[dt.date]) -> list[list[dt.date]]:
    """Days that follow each other on the axis in one; a week-end between two of them does not part them."""
    place = {day: n for n, day in enumerate(expected)}
    rows: list[list[dt.date]] = []
    for day in missing:
        if rows and place[day] == place[rows[-1][-1]] + 1:
            rows[-1].append(day)
        else:
            rows.append([day])
    return rows


def worked_when_closed(series: Series, period: str) -> list[dt.date]:
    """The days of a daily series that have data although the calendar is closed."""
    calendar = series.axis.calendar
    if calendar is None or period != "day":
        return []
    return [
        day for day, n in zip(series.periods, series.n, strict=True) if n > 0 and not calendar.is_open(day)
    ]
