"""Calendar periods: what follows what, so that a month without facts is a gap and not a shorter axis."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator


def next_start(start: dt.date, period: str) -> dt.date:
    """The first day of the following period."""
    if period == "day":
        return start + dt.timedelta(days=1)
    if period == "week":
        return start + dt.timedelta(days=7)
    months = {"month": 1, "quarter": 3, "year": 12}[period]
    index = start.year * 12 + start.month - 1 + months
    return dt.date(index // 12, index % 12 + 1, 1)


def sequence(first: dt.date, last: dt.date, period: str) -> Iterator[dt.date]:
    """Every period from `first` to `last`, both included."""
    start = first
    while start <= last:
        yield start
        start = next_start(start, period)


def elapsed(start: dt.date, until: dt.date, period: str) -> int:
    """How many whole periods lie between the one that begins at `start` and the day `until`."""
    days = (until - start).days
    length = {"day": 1, "week": 7, "month": 30.44, "quarter": 91.3, "year": 365.25}[period]
    return max(0, int(days / length))


def label(start: dt.date, period: str, language: str) -> str:
    """A period as people say it: “January 2019”, “12 mar 2026”, “T2 2019”."""
    from django.utils import translation
    from django.utils.formats import date_format

    with translation.override(language):
        if period == "month":
            return date_format(start, "YEAR_MONTH_FORMAT")
        if period == "quarter":
            letter = "T" if language.startswith("es") else "Q"
            return f"{letter}{(start.month - 1) // 3 + 1} {start.year}"
        if period == "year":
            return str(start.year)
        return date_format(start, "j N Y" if language.startswith("en") else "j b Y")


def previous_start(start: dt.date, period: str, count: int) -> dt.date:
    """The first day of the period `count` periods earlier."""
    if period in {"day", "week"}:
        return start - dt.timedelta(days=count * (7 if period == "week" else 1))
    months = {"month": 1, "quarter": 3, "year": 12}[period] * count
    index = start.year * 12 + start.month - 1 - months
    return dt.date(index // 12, index % 12 + 1, 1)
