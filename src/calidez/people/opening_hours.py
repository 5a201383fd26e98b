"""When a service is open: hours by weekday, closed days, and which calendar holds on a day; local times, no clock, no Django."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

WEEK = 7
DAY = 24 * 60
MOST_STRETCHES = 2  # as a shop that closes at midday
WHOLE_DAY = "00:00-00:00"
_STRETCH = re.compile(r"(\d{1,2}):(\d\d)\s*[-–]\s*(\d{1,2}):(\d\d)")
_BETWEEN = re.compile(r"\s*[,;·]\s*|\s+")


@dataclass(frozen=True, order=True)
class Stretch:
    """Open from `start` (minutes after midnight) for so many minutes; it may last into the next day."""

    start: int
    minutes: int

    @property
    def end(self) -> int:
        return self.start + self.minutes

    def __str__(self) -> str:
        return f"{_clock(self.start)}-{_clock(self.end % DAY)}"


Hours = tuple[Stretch, ...]
CLOSED: Hours = ()


def between(start: int, end: int) -> Stretch:
    """From one time of the day to another: where the second is not later it is on the next day, as 22:00 to 06:00."""
    return Stretch(start, (end - start) % DAY or DAY)


def read_hours(text: str) -> Hours:
    """“08:00-14:00 16:00-20:00” as stretches in order; nothing written is closed. ValueError where it cannot be meant."""
    pieces = [piece for piece in _BETWEEN.split(re.sub(r"\s*[-–]\s*", "-", text.strip())) if piece]
    found = tuple(sorted(_stretch(piece) for piece in pieces))
    if len(found) > MOST_STRETCHES:
        raise ValueError("a day has two stretches at most")
    if any(later.start < earlier.end for earlier, later in itertools.pairwise(found)):
        raise ValueError("stretches of a day cannot overlap")
    if len(found) > 1 and found[-1].end > found[0].start + DAY:
        raise ValueError("stretches of a day cannot overlap")
    return found


def write_hours(hours: Iterable[Stretch]) -> str:
    """The one way to write them, so that equal hours are equal."""
    return " ".join(str(stretch) for stretch in sorted(hours))


def _stretch(text: str) -> Stretch:
    match = _STRETCH.fullmatch(text)
    if match is None:
        raise ValueError(f"“{text}” is not from one time to another")
    hour, minute, until_hour, until_minute = (int(part) for part in match.groups())
    if max(minute, until_minute) > 59 or hour > 23 or until_hour * 60 + until_minute > DAY:
        raise ValueError(f"“{text}” has a time that no clock shows")
    return between(hour * 60 + minute, until_hour * 60 + until_minute)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@dataclass(frozen=True)
class Closure:
    """Closed from one day to another, both included; `yearly` repeats on the same dates of every year."""

    first: dt.date
    last: dt.date
    yearly: bool = False

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a closure ends on its first day or later")

    @property
    def days(self) -> Iterator[dt.date]:
        for number in range((self.last - self.first).days + 1):
            yield self.first + dt.timedelta(days=number)


@dataclass(frozen=True)
class Timetable:
    """What one calendar of a unit says from `starts` on; `week` has the hours of Monday to Sunday.

    `adds_above` says that days closed in the units above are closed here too.
    """

    starts: dt.date
    week: tuple[Hours, ...]
    closures: tuple[Closure, ...] = ()
    adds_above: bool = True

    def __post_init__(self) -> None:
        if len(self.week) != WEEK:
            raise ValueError("a week has seven days")

    def closes(self, day: dt.date) -> bool:
        """Whether it is one of the closed days, whatever the weekday."""
        return day in self._single or (day.month, day.day) in self._yearly

    @cached_property
    def _single(self) -> frozenset[dt.date]:
        return frozenset(day for c in self.closures if not c.yearly for day in c.days)

    @cached_property
    def _yearly(self) -> frozenset[tuple[int, int]]:
        return frozenset((day.month, day.day) for c in self.closures if c.yearly for day in c.days)


@dataclass(frozen=True)
class Calendar:
    """The calendars that concern a unit: its own first, then those of the units above, each unit's in order of `starts`.

    The nearest unit that has any decides on the hours; of its own ones the newest that has begun holds, and before the
    first one the first.
    """

    levels: tuple[tuple[Timetable, ...], ...]

    def __post_init__(self) -> None:
        if not self.levels or not all(self.levels):
            raise ValueError("a calendar has at least one timetable")

    def is_open(self, day: dt.date) -> bool:
        """Whether the service opens on this day; a night that began the evening before does not count."""
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = bool(self.hours(day))
        return known

    def hours(self, day: dt.date) -> Hours:
        """The stretches that begin on this day."""
        for level in self.levels:
            table = _holding(level, day)
            if table.closes(day):
                return CLOSED
            if not table.adds_above:
                break
        return _holding(self.levels[0], day).week[day.weekday()]

    def open_days(self, first: dt.date, last: dt.date) -> int:
        """How many days from first to last, both included."""
        if (first, last) not in self._counted:
            days = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
            self._counted[first, last] = sum(self.is_open(day) for day in days)
        return self._counted[first, last]

    def open_minutes(self, since: dt.datetime, until: dt.datetime) -> int:
        """Whole minutes of service between two moments, both in the unit's own time; none where the second is earlier."""
        if since.tzinfo is not None or until.tzinfo is not None:
            raise ValueError("service hours are local: give moments without a time zone")
        seconds, reached = 0.0, since
        day = since.date() - dt.timedelta(days=1)  # the night before may last until now
        while day <= until.date():
            for stretch in self.hours(day):
                midnight = dt.datetime.combine(day, dt.time.min)
                begins = max(midnight + dt.timedelta(minutes=stretch.start), reached)
                ends = min(midnight + dt.timedelta(minutes=stretch.end), until)
                if ends > begins:
                    seconds += (ends - begins).total_seconds()
                    reached = ends  # hours of two days may overlap, and no minute counts twice
            day += dt.timedelta(days=1)
        return int(seconds // 60)

    # The axis asks for the same days again and again, for every series of a unit.
    @cached_property
    def _known(self) -> dict[dt.date, bool]:
        return {}

    @cached_property
    def _counted(self) -> dict[tuple[dt.date, dt.date], int]:
        return {}


def _holding(level: Sequence[Timetable], day: dt.date) -> Timetable:
    begun = [table for table in level if table.starts <= day]
    return begun[-1] if begun else level[0]


def calendar_along(path: str, tables: Sequence[tuple[str, Timetable]]) -> Calendar | None:
    """The calendar of the unit at `path`, from the timetables of some units by their paths; None where none concerns it."""
    levels: dict[str, list[Timetable]] = {}
    for place, table in tables:
        if path.startswith(place):
            levels.setdefault(place, []).append(table)
    if not levels:
        return None
    nearest = sorted(levels, key=len, reverse=True)
    return Calendar(tuple(tuple(sorted(levels[p], key=lambda t: t.starts)) for p in nearest))
