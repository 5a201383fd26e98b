"""Which periods a series has: those in which something can have happened, and which of them are not whole yet."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from calidez import engine
from calidez.monitoring.measuring.coverage import ALWAYS, Coverage, OpenDays, never_seen
from calidez.monitoring.measuring.periods import sequence


@dataclass(frozen=True)
class Circumstances:
    """What decides an axis besides the rows of the series itself.

    `coverage` is that of the whole dataset, `own` that of the unit's rows in it (None: not known); `own_end` says that
    where its rows end the unit is not known any more, and not that nothing happens there. `opening` is what the unit's
    service calendar says (None: it has none), `until` the period up to which other units of the indicator have rows.
    """

    today: dt.date
    coverage: Coverage | None = None
    own: Coverage | None = None
    own_end: bool = True
    opening: OpenDays | None = None
    until: dt.date | None = None


@dataclass(frozen=True)
class Axis:
    """`unfinished` are periods that still run, or in whose midst the data begin (on the day `begins`) or end (`ends`).

    `opening` is what the axis follows: the service calendar, as far as there is one, without the weekdays that `never`
    have data (0 is Monday). `silences` are stretches in which rows are missing: nobody knows that nothing happened in them.
    """

    periods: tuple[dt.date, ...]
    unfinished: frozenset[dt.date] = frozenset()
    begins: dt.date | None = None
    ends: dt.date | None = None
    opening: OpenDays = ALWAYS
    calendar: OpenDays | None = None
    never: frozenset[int] = frozenset()
    silences: tuple[tuple[dt.date, dt.date], ...] = ()

    @property
    def learnt(self) -> bool:
        """The opening days were learnt from the data, nobody said them."""
        return self.calendar is None and bool(self.never)


def axis_of(seen: Sequence[dt.date], period: str, given: Circumstances) -> Axis:
    """The axis of a series with rows in the periods `seen` (in order): a gap is an expected period without data."""
    step = engine.Period(period)
    given, seen = _until_today(given), [start for start in seen if start <= given.today]
    if not seen:
        return Axis(())
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
    begins, ends = _broken_off(frozenset(periods), step, given, opening)
    unfinished |= {engine.period_start(day, step) for day in (begins, ends) if day is not None}
    silences = tuple(sorted({s for one in (given.coverage, given.own) if one for s in one.silences(opening)}))
    return Axis(periods, unfinished, begins, ends, opening, given.opening, never, silences)


def _until_today(given: Circumstances) -> Circumstances:
    """Days to come say nothing of those before: a year that was mistyped does not make empty days of all until then."""
    return replace(
        given,
        coverage=given.coverage and given.coverage.until(given.today),
        own=given.own and given.own.until(given.today),
        until=given.until and min(given.until, given.today),
    )


def silent(axis: Axis, step: engine.Period) -> tuple[frozenset[dt.date], frozenset[dt.date]]:
    """The periods that lie in a silence whole, and those with a part in one."""
    whole: set[dt.date] = set()
    partly: set[dt.date] = set()
    for first, last in axis.silences:
        for start in axis.periods[bisect_left(axis.periods, engine.period_start(first, step)) :]:
            if start > last:
                break
            end = engine.next_start(start, step) - dt.timedelta(days=1)
            inside = axis.opening.open_days(max(start, first), min(end, last))
            if inside:
                (whole if inside == axis.opening.open_days(start, end) else partly).add(start)
    return frozenset(whole), frozenset(partly - whole)


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
    periods: Collection[dt.date], step: engine.Period, given: Circumstances, opening: OpenDays
) -> tuple[dt.date | None, dt.date | None]:
    """The days on which the rows begin after the start of a period, and end before the end of one.

    A unit that opens when others work already has a first period of its own.
    """
    begun = given.own or given.coverage
    ended = begun if given.own_end else given.coverage
    first = last = None
    if begun is not None:
        start = engine.period_start(begun.first, step)
        first = begun.first if start in periods and begun.begins_late(start, opening) else None
    if ended is not None:
        start = engine.period_start(ended.last, step)
        last = ended.last if start in periods and ended.ends_early(start, step, opening) else None
    return first, last
