"""Which period a moment belongs to, when a period begins and ends, and which ones a load touched."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from calidez.engine.definitions import IndicatorDefinition, Period
from calidez.engine.report import Interval, LoadReport
from calidez.engine.schema import Column, ColumnType


def period_start(day: date, period: Period) -> date:
    """The first day of the period that `day` is in; a moment's hour for HOUR."""
    match period:
        case Period.HOUR:
            moment = day if isinstance(day, datetime) else datetime.combine(day, time())
            return moment.replace(minute=0, second=0, microsecond=0)
        case Period.DAY:
            return _day(day)
        case Period.WEEK:
            return _day(day) - timedelta(days=day.weekday())
        case Period.MONTH:
            return date(day.year, day.month, 1)
        case Period.QUARTER:
            return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
        case Period.YEAR:
            return date(day.year, 1, 1)


def next_start(start: date, period: Period) -> date:
    """The beginning of the period after the one that begins at `start`."""
    match period:
        case Period.HOUR:
            return start + timedelta(hours=1)
        case Period.DAY:
            return start + timedelta(days=1)
        case Period.WEEK:
            return start + timedelta(days=7)
        case Period.MONTH | Period.QUARTER:
            months = start.month + (1 if period is Period.MONTH else 3)
            return date(start.year + (months > 12), months - 12 * (months > 12), 1)
        case Period.YEAR:
            return date(start.year + 1, 1, 1)


def _day(day: date) -> date:
    return day.date() if isinstance(day, datetime) else day


def intervals_of(starts: Iterable[date], period: Period, column: Column, zone: str) -> tuple[Interval, ...]:
    """The stretches of time (UTC) that the periods cover, neighbours joined."""
    joined: list[Interval] = []
    for start in sorted({period_start(start, period) for start in starts}):
        found = Interval(
            _moment(start, column, zone, period), _moment(next_start(start, period), column, zone, period)
        )
        if joined and joined[-1].end == found.start:
            joined[-1] = Interval(joined[-1].start, found.end)
        else:
            joined.append(found)
    return tuple(joined)


def _moment(start: date, column: Column, zone: str, period: Period) -> datetime:
    if isinstance(start, datetime):
        return start.replace(tzinfo=UTC)
    on_the_clock = UTC if column.type is ColumnType.DATE or period is Period.HOUR else ZoneInfo(zone)
    return datetime.combine(start, time(), on_the_clock).astimezone(UTC)


def touched_periods(
    definition: IndicatorDefinition, report: LoadReport, column: Column | None = None
) -> list[date]:
    """The starts of the periods in which the load put rows, and no others; moments for HOUR.

    Pass the time `column` where it is a date: dates have no zone.
    """
    plain = definition.period is Period.HOUR or (column is not None and column.type is ColumnType.DATE)
    zone = UTC if plain or definition.zone == "UTC" else ZoneInfo(definition.zone)
    found: set[date] = set()
    for interval in report.touched:
        first = interval.start.astimezone(zone).replace(tzinfo=None)
        last = (interval.end - timedelta(microseconds=1)).astimezone(zone).replace(tzinfo=None)
        start, end = period_start(first, definition.period), period_start(last, definition.period)
        while start <= end:
            found.add(start)
            start = next_start(start, definition.period)
    return sorted(found)
