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
