"""When a service is open: hours by weekday, closed days, and which calendar holds on a day; local times, no clock, no Django."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

WEEK = 7
DAY = 24 * 60
MOST_STRETCHES = 2  # as a shop that closes at midday
WHOLE_DAY = "00:00-24:00"
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
        return f"{_clock(self.start)}-{_clock(self.end if self.end <= DAY else self.end - DAY)}"


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
    """Closed from one day to another, both included; `yearly` repeats it on the same dates of every later year."""

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
    """The hours of Monday to Sunday in a unit from `starts` on.

    `adds_above` says that days closed in the units above are closed here too.
    """

    starts: dt.date
    week: tuple[Hours, ...]
    adds_above: bool = True

    def __post_init__(self) -> None:
        if len(self.week) != WEEK:
            raise ValueError("a week has seven days")


EVERY_DAY = Timetable(dt.date.min, tuple([(Stretch(0, DAY),)] * WEEK))


@dataclass(frozen=True)
class Level:
    """What is said for one unit: its timetables in order of `starts`, and the days on which it is closed."""

    tables: tuple[Timetable, ...] = ()
    closures: tuple[Closure, ...] = ()

    def closes(self, day: dt.date) -> bool:
        """Whether it is one of the closed days, whatever the weekday."""
        if day in self._single:
            return True
        since = self._yearly.get((day.month, day.day))
        return since is not None and since <= day

    def holding(self, day: dt.date) -> Timetable | None:
        """The newest that has begun; before the first one the first."""
        begun = [table for table in self.tables if table.starts <= day]
        return begun[-1] if begun else next(iter(self.tables), None)

    @cached_property
    def _single(self) -> frozenset[dt.date]:
        return frozenset(day for c in self.closures if not c.yearly for day in c.days)

    @cached_property
    def _yearly(self) -> dict[tuple[int, int], dt.date]:
        """Month and day with the date on which it was closed first."""
        found: dict[tuple[int, int], dt.date] = {}
        for day in (day for c in self.closures if c.yearly for day in c.days):
            key = (day.month, day.day)
            found[key] = min(day, found.get(key, day))
        return found


@dataclass(frozen=True)
class Calendar:
    """When one unit serves: what is said for itself first, then for the units above it.

    The nearest unit with a timetable decides on the hours; where nobody wrote one, it serves all day, every day.
    """

    levels: tuple[Level, ...] = ()

    def is_open(self, day: dt.date) -> bool:
        """Whether the service opens on this day; a night that began the evening before does not count."""
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = bool(self.hours(day))
        return known

    def hours(self, day: dt.date) -> Hours:
        """The stretches that begin on this day."""
        table: Timetable | None = None
        for level in self.levels:
            if level.closes(day):
                return CLOSED
            here = level.holding(day)
            table = table or here
            if here is not None and not here.adds_above:
                break
        return (table or EVERY_DAY).week[day.weekday()]

    def open_days(self, first: dt.date, last: dt.date) -> int:
        """How many days from first to last, both included."""
        return sum(self.is_open(day) for day in _days(first, last))

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


@dataclass(frozen=True)
class Together:
    """Units that are measured as one: open on a day on which any of them is, and never on some weekdays (0 is Monday)."""

    calendars: tuple[Calendar, ...]
    never: frozenset[int] = frozenset()

    @property
    def says_hours(self) -> bool:
        """Whether somebody wrote down the hours of any of them, and not closed days alone."""
        return any(level.tables for one in self.calendars for level in one.levels)

    def is_open(self, day: dt.date) -> bool:
        return day.weekday() not in self.never and any(one.is_open(day) for one in self.calendars)

    def open_days(self, first: dt.date, last: dt.date) -> int:
        """How many days from first to last, both included."""
        if (first, last) not in self._counted:
            self._counted[first, last] = sum(self.is_open(day) for day in _days(first, last))
        return self._counted[first, last]

    def without(self, weekdays: frozenset[int]) -> Together:
        """The same, closed on these weekdays too."""
        if weekdays not in self._without:
            self._without[weekdays] = Together(self.calendars, self.never | weekdays)
        return self._without[weekdays]

    # Many series share one calendar, and each asks how many days were open.
    @cached_property
    def _counted(self) -> dict[tuple[dt.date, dt.date], int]:
        return {}

    @cached_property
    def _without(self) -> dict[frozenset[int], Together]:
        return {}


@dataclass(frozen=True)
class Known:
    """What is said of opening in some units, by their paths."""

    tables: tuple[tuple[str, Timetable], ...] = ()
    closures: tuple[tuple[str, Closure], ...] = ()

    def at(self, path: str) -> Calendar | None:
        """The calendar of the unit at `path`; None where nothing is said for it or above it."""
        places = tuple(place for place in _along(path) if place in self._levels)
        if places and places not in self._made:
            self._made[places] = Calendar(tuple(self._levels[place] for place in places))
        return self._made.get(places)

    def together(self, path: str, measured: Iterable[str] = ()) -> Together | None:
        """When the unit at `path` serves, seen as those of the units at the paths `measured` that are in it.

        Of units and units in them only the inner ones count, as their figures make up those of the outer. None where
        nothing is said for any of them.
        """
        inside = [one for one in measured if one.startswith(path) and one != path]
        outer = {place for one in inside for place in _along(one)[1:]}
        places = [one for one in inside if one not in outer] or [path]
        calendars = {id(found): found for found in (self.at(place) for place in places)}
        if set(calendars.values()) == {None}:
            return None
        key = tuple(sorted(calendars))
        if key not in self._joined:
            self._joined[key] = Together(tuple(found or Calendar() for found in calendars.values()))
        return self._joined[key]

    def below(self, path: str) -> bool:
        """Whether anything is said for a unit below this one."""
        return any(place.startswith(path) and place != path for place in self._levels)

    @cached_property
    def _levels(self) -> dict[str, Level]:
        tables, closures = defaultdict(list), defaultdict(list)
        for place, table in self.tables:
            tables[place].append(table)
        for place, closure in self.closures:
            closures[place].append(closure)
        return {
            place: Level(tuple(sorted(tables[place], key=lambda t: t.starts)), tuple(closures[place]))
            for place in {**tables, **closures}
        }

    @cached_property
    def _made(self) -> dict[tuple[str, ...], Calendar]:
        return {}

    # By identity: a calendar is made once, and telling two long ones apart takes longer than it saves.
    @cached_property
    def _joined(self) -> dict[tuple[int, ...], Together]:
        return {}


def _along(path: str) -> list[str]:
    """The path itself and those above it, the nearest first."""
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[:depth]) + "/" for depth in range(len(parts), 0, -1)]


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    return (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
