"""When something is due in people's words, and how long it may be put off."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

LONGEST_OVERDUE = 3  # days; what is late may wait a little, but not sink
LONGEST = 90


class Group(StrEnum):
    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"
    UNDATED = "undated"


def group(due: dt.date | None, today: dt.date) -> Group:
    """`week` is until Sunday."""
    if due is None:
        return Group.UNDATED
    if due < today:
        return Group.OVERDUE
    if due == today:
        return Group.TODAY
    return Group.WEEK if due <= today + dt.timedelta(days=6 - today.weekday()) else Group.LATER


def latest_return(due: dt.date | None, today: dt.date) -> dt.date:
    """The last day until which an item may be snoozed: never beyond its due day, and shortly when that has come."""
    if due is None:
        return today + dt.timedelta(days=LONGEST)
    if due <= today:
        return today + dt.timedelta(days=LONGEST_OVERDUE)
    return min(due, today + dt.timedelta(days=LONGEST))


def reminder_due(due: dt.date, last: dt.date | None, *, on: dt.date, before: int, again: int) -> bool:
    """Once from some days before it is due, then every so often while it is overdue; a day without jobs loses nothing."""
    if on < due - dt.timedelta(days=before):
        return False
    if last is None:
        return True
    if on <= due:
        return False
    return last <= due or on - last >= dt.timedelta(days=again)


def tomorrow(today: dt.date) -> dt.date:
    return today + dt.timedelta(days=1)


def next_week(today: dt.date) -> dt.date:
    """The coming Monday."""
    return today + dt.timedelta(days=7 - today.weekday())


LONGEST_COUNT = dt.timedelta(minutes=10)  # not everything that jobs bring about leaves an event


def count_holds(
    counted_at: dt.datetime,
    now: dt.datetime,
    *,
    same_day: bool,
    concerned: bool,
    happened: bool,
    others: dt.timedelta,
) -> bool:
    """Whether the number of what waits for somebody may still be shown as it was counted.

    `concerned`: since then the person did or was told something. `happened`: anybody did anything; that holds the
    number for `others` longer, or each page of a busy site would have it counted.
    """
    if not same_day or concerned:  # with the day, things fall due and come back
        return False
    age = now - counted_at
    return age < (others if happened else LONGEST_COUNT)
