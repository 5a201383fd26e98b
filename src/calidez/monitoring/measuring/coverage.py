"""From when to when a dataset has rows, and on which days: what tells a day off from a day without data, and a part of a period from the whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, Protocol

from calidez import engine

# What has a smaller chance than this is not put down to chance.
SELDOM = 0.001
# A tail of days without rows that would be this unlikely by chance says that the period is not complete.
UNLIKELY = 0.0101
# However regular a service is, now and then there is a day without a row.
NEVER_SURER = 0.99
FEWEST_STAMPS = 3
FEWEST_SILENT = 3  # days in a row; what is shorter may be a day off that no calendar knows
REGULAR = 0.8
COARSE = (engine.Period.YEAR, engine.Period.QUARTER, engine.Period.MONTH, engine.Period.WEEK)
WEEK = 7
ONE_DAY = dt.timedelta(days=1)


class OpenDays(Protocol):
    """On which days a service is open: as its service calendar says, or as the data let one guess."""

    @property
    def says_hours(self) -> bool:
        """Whether somebody wrote down on which weekdays, and not closed days alone."""

    def is_open(self, day: dt.date) -> bool: ...

    def open_days(self, first: dt.date, last: dt.date) -> int: ...

    def without(self, weekdays: frozenset[int]) -> OpenDays:
        """The same, closed on these weekdays (0 is Monday) too."""


@dataclass(frozen=True)
class Opening:
    """The weekdays (0 is Monday) on which a service never is open, and single days on which it is not."""

    closed_weekdays: frozenset[int] = frozenset()
    closed_days: frozenset[dt.date] = frozenset()

    @property
    def says_hours(self) -> bool:
        return bool(self.closed_weekdays)

    def is_open(self, day: dt.date) -> bool:
        return day.weekday() not in self.closed_weekdays and day not in self.closed_days

    def open_days(self, first: dt.date, last: dt.date) -> int:
        """How many days from first to last, both included."""
        return sum(self.is_open(first + dt.timedelta(days=n)) for n in range((last - first).days + 1))

    def without(self, weekdays: frozenset[int]) -> Opening:
        return Opening(self.closed_weekdays | weekdays, self.closed_days)


ALWAYS = Opening()


@dataclass(frozen=True)
class Coverage:
    """The days (in the dataset's own zone) on which it has rows: `bits` has one bit a day, the lowest for `first`."""

    first: dt.date
    bits: int
    # How finely rows are dated, where it is known from elsewhere: a part of a dataset is dated as the whole is.
    dated: engine.Period | None = None
    # Until which day it is known that there is no row that is missing; empty where nobody said so.
    complete: dt.date | None = None

    @classmethod
    def of(cls, days: Iterable[dt.date]) -> Coverage | None:
        """None where there is no day."""
        found = set(days)
        if not found:
            return None
        first, bits = min(found), 0
        for day in found:
            bits |= 1 << (day - first).days
        return cls(first, bits)

    @classmethod
    def from_json(
        cls,
        data: Mapping[str, Any] | None,
        *,
        dated: engine.Period | None = None,
        complete: dt.date | None = None,
    ) -> Coverage | None:
        if not data:
            return None
        return cls(dt.date.fromisoformat(data["first"]), int(data["days"], 16), dated, complete)

    def to_json(self) -> dict[str, str]:
        return {"first": self.first.isoformat(), "days": f"{self.bits:x}"}

    @cached_property
    def days(self) -> tuple[dt.date, ...]:
        length = self.bits.bit_length()
        return tuple(self.first + dt.timedelta(days=n) for n in range(length) if self.bits >> n & 1)

    @property
    def last_row(self) -> dt.date:
        return self.first + dt.timedelta(days=self.bits.bit_length() - 1)

    @property
    def last(self) -> dt.date:
        """The last day of which something is known."""
        return self.last_row if self.complete is None else max(self.last_row, self.complete)

    def __or__(self, other: Coverage | None) -> Coverage:
        """The days of both."""
        if other is None:
            return self
        first = min(self.first, other.first)
        bits = self.bits << (self.first - first).days | other.bits << (other.first - first).days
        return Coverage(first, bits, self.dated, self.complete)

    def without(self, days: Iterable[dt.date]) -> Coverage | None:
        """The days but these; None where none is left."""
        bits = self.bits
        for day in days:
            if day >= self.first:
                bits &= ~(1 << (day - self.first).days)
        if not bits:
            return None
        skipped = (bits & -bits).bit_length() - 1
        return Coverage(self.first + dt.timedelta(days=skipped), bits >> skipped, self.dated, self.complete)

    def until(self, day: dt.date) -> Coverage | None:
        """Without the days after this one; None where none is left."""
        length = (day - self.first).days + 1
        if length >= self.bits.bit_length():
            return self
        bits = self.bits & ((1 << max(length, 0)) - 1)
        return replace(self, bits=bits) if bits else None

    @cached_property
    def never(self) -> frozenset[int]:
        """The weekdays on which there is never a row, as far as chance does not explain it."""
        return never_seen(self.days)

    @cached_property
    def stamp(self) -> engine.Period:
        """How finely rows are dated: a dataset with one day a month, say, holds monthly figures."""
        if self.dated is not None:
            return self.dated
        for period in COARSE:
            starts = {engine.period_start(day, period) for day in self.days}
            # Rare events may fall on one day a week too, but not week after week.
            if len(starts) == len(self.days) >= FEWEST_STAMPS and len(starts) >= REGULAR * self._spanned(
                period
            ):
                return period
        return engine.Period.DAY

    def _spanned(self, period: engine.Period) -> int:
        """How many periods from the first to the last."""
        count, start = 1, engine.period_start(self.first, period)
        last = engine.period_start(self.last, period)
        while start < last:
            start, count = engine.next_start(start, period), count + 1
        return count

    def begins_late(self, start: dt.date, opening: OpenDays) -> bool:
        """Whether the rows begin in the midst of the period that starts then."""
        begun = engine.period_start(self.first, self.stamp)
        return start < begun and self._too_many_missing(start, begun - ONE_DAY, opening)

    def ends_early(self, start: dt.date, period: engine.Period, opening: OpenDays) -> bool:
        """Whether the rows end in the midst of the period that starts then."""
        end = engine.next_start(start, period)
        if self.last > self.last_row:  # somebody said so, and chance has no part in it
            return self.last < end - ONE_DAY and opening.open_days(self.last + ONE_DAY, end - ONE_DAY) > 0
        covered = engine.next_start(engine.period_start(self.last, self.stamp), self.stamp)
        return covered < end and self._too_many_missing(covered, end - ONE_DAY, opening)

    def silences(self, opening: OpenDays) -> list[tuple[dt.date, dt.date]]:
        """Stretches between the first and the last row without any, where chance would never leave so many open days empty.

        There rows are missing, as when a month's file was not loaded; nobody knows that nothing happened.
        """
        if self.complete is not None or len(self.days) < FEWEST_STAMPS:
            return []
        if self.stamp is not engine.Period.DAY:
            return []  # of figures by the month one may be left out because it was nought
        tries = self.bits.bit_length()  # that many stretches could have begun
        empty = 1 - self._density(opening)
        found = []
        for one, other in pairwise(self.days):
            first, last = one + ONE_DAY, other - ONE_DAY
            if (last - first).days + 1 >= FEWEST_SILENT:
                chance = empty ** opening.open_days(first, last)
                found += [(first, last)] if chance * tries <= SELDOM else []
        return found

    def _too_many_missing(self, first: dt.date, last: dt.date, opening: OpenDays) -> bool:
        """Whether chance would seldom leave all the open days from first to last without a row."""
        if self.stamp is not engine.Period.DAY:
            return True  # a month of monthly figures is there or not
        if len(self.days) < FEWEST_STAMPS:
            return False  # one or two days do not say how often there are rows
        missing = opening.open_days(first, last)
        return missing > 0 and (1 - self._density(opening)) ** missing <= UNLIKELY

    def _density(self, opening: OpenDays) -> float:
        """Share of the open days with a row."""
        expected = opening.open_days(self.first, self.last)
        return min(len(self.days) / max(expected, 1), NEVER_SURER)


def never_seen(days: Iterable[dt.date]) -> frozenset[int]:
    """Weekdays without any of these days, where a weekday like the others would surely have shown.

    The others are seen on a share s of their dates; that a like one is missed w times has the chance (1 − s)^w.
    """
    found = sorted(set(days))
    if not found:
        return frozenset()
    seen = {day.weekday() for day in found}
    weeks = ((found[-1] - found[0]).days + 1) // WEEK
    share = min(len(found) / max(weeks * len(seen), 1), NEVER_SURER)
    if weeks < FEWEST_STAMPS or len(seen) == 1 or (1 - share) ** weeks > SELDOM:
        return frozenset()
    return frozenset(range(WEEK)) - seen
