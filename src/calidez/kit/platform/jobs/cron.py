"""When a cron expression falls due, in the organisation's own time; pure, so that clock changes can be tested.

A fixed hour that the clock shows twice counts once, and one that the clock skips counts just after the gap; "every
hour" and "every n minutes" follow real time. That is how Debian's cron does it.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

# Looking back a little first keeps an expression for every minute from being walked through a whole year.
_LOOKS_BACK = tuple(dt.timedelta(days=days) for days in (1 / 24, 1, 7, 31, 366))


def check(expression: str) -> None:
    try:
        CronSim(expression, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    except CronSimError as error:
        raise ValueError(f"the cron expression {expression!r} cannot be read: {error}") from None


def next_due(expression: str, after: dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
    """The first moment after `after`; None for a date that never comes."""
    for moment in CronSim(expression, after.astimezone(zone)):
        due = moment.astimezone(dt.UTC)
        # In an hour that the clock shows twice, the fixed times of its first half are over in the second.
        if due > after:
            return due
    return None


def latest_due(expression: str, after: dt.datetime, until: dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
    """The last moment that came after `after` and not after `until`: missed ones before it are not made up for."""
    for back in _LOOKS_BACK:
        start = max(after, until - back)
        found = None
        due = next_due(expression, start, zone)
        while due is not None and due <= until:
            found, due = due, next_due(expression, due, zone)
        if found is not None or start == after:
            return found
    return None
