"""Which periods a series has: those in which something can have happened, and which of them are not whole yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from calidez import engine
from calidez.monitoring.measuring.coverage import ALWAYS, Coverage, OpenDays, never_seen
from calidez.monitoring.measuring.periods import sequence


@dataclass(frozen=True)
class Circumstances:
    """What decides an axis besides the rows of the series itself.

    `coverage` is that of the whole dataset (None: not known), `opening` what the unit's service calendar says (None:
    it has none), `until` the period up to which other units of the indicator have rows.
    """

    today: dt.date
    coverage: Coverage | None = None
    opening: OpenDays | None = None
    until: dt.date | None = None


@dataclass(frozen=True)
class Axis:
    """`unfinished` are periods that still run, or in whose midst the data begin or end.

    `opening` is what the axis follows: the service calendar, as far as there is one, without the weekdays that `never`
    have data (0 is Monday).
    """

    periods: tuple[dt.date, ...]
    unfinished: frozenset[dt.date] = frozenset()
    opening: OpenDays = ALWAYS
    calendar: OpenDays | None = None
    never: frozenset[int] = frozenset()

    @property
    def learnt(self) -> bool:
        """The opening days were learnt from the data, nobody said them."""
        return self.calendar is None and bool(self.never)


def axis_of(seen: Sequence[dt.date], period: str, given: Circumstances) -> Axis:
    """The axis of a series with rows in the periods `seen` (in order): a gap is an expected period without data."""
    if not seen:
        return Axis(())
    step = engine.Period(period)
    never = _never(seen, step, given.coverage)
    # A weekday that never has data would be a gap in every week, or a row of noughts: it leaves the axis also where
    # the calendar opens it, as for an indicator of an office in a house that never closes. The page says so.
    opening = (given.opening or ALWAYS).without(never)
    last = max(seen[-1], given.until or seen[-1])
    if given.coverage is not None:
        last = max(last, engine.period_start(given.coverage.last, step))
    there = frozenset(seen)
    periods = tuple(
        start
        for start in sequence(seen[0], last, period)
        if start in there or _expected(start, step, opening)
    )
    unfinished = frozenset(p for p in periods if engine.next_start(p, step) > given.today)
    if given.coverage is not None:
        unfinished |= _broken_off(periods, step, given.coverage, opening)
    return Axis(periods, unfinished, opening, given.opening, never)


def _never(seen: Sequence[dt.date], step: engine.Period, coverage: Coverage | None) -> frozenset[int]:
    if step is engine.Period.DAY:
        return never_seen(seen)
    return coverage.never if coverage is not None else frozenset()


def _expected(start: dt.date, step: engine.Period, opening: OpenDays) -> bool:
    """Whether the service is open on a day of the period."""
    if opening == ALWAYS:
        return True
    if step is engine.Period.DAY:
        return opening.is_open(start)
    day, end = start, engine.next_start(start, step)
    while day < end:
        if opening.is_open(day):
            return True
        day += dt.timedelta(days=1)
    return False


def _broken_off(
    periods: Sequence[dt.date], step: engine.Period, coverage: Coverage, opening: OpenDays
) -> frozenset[dt.date]:
    """The first and the last period with rows, where the rows begin after its start or end before its end."""
    found = set()
    first, last = (engine.period_start(day, step) for day in (coverage.first, coverage.last))
    if first in periods and coverage.begins_late(first, step, opening):
        found.add(first)
    if last in periods and coverage.ends_early(last, step, opening):
        found.add(last)
    return frozenset(found)
