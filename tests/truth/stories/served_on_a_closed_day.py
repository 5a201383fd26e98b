"""The calendar closes on 1 May and there are rows on it: they are shown, and it is said."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import OFFICE, SHARE, Story, Words, drawn_shares, weekdays

MAY_DAY, HOLIDAY = dt.date(2025, 5, 1), dt.date(2025, 4, 18)
WHEN = [day for day in weekdays(dt.date(2025, 1, 6), 131) if day != HOLIDAY]


def numbers(told: Any) -> None:
    assert len(told.points) == 130
    assert told.at(MAY_DAY.isoformat())["value"] is not None


STORY = Story(
    about="closed days",
    rows=drawn_shares(WHEN, [0.9] * 130, 120),
    indicator={**SHARE, "name": "Answered", "period": "day"},
    today=dt.date(2025, 7, 8),
    calendars=[{**OFFICE, "starts": dt.date(2025, 1, 1)}],
    closed=[{"first": day, "name": "Holiday"} for day in (MAY_DAY, HOLIDAY)],
    numbers=numbers,
    says={
        "chart": Words(
            es=("Hay datos en 1 día en que el calendario está cerrado: 1 may 2025.",),
            en=("There are data on 1 day on which the calendar is closed: 1 May 2025.",),
            never_es=("sin datos",),
            never_en=("no data",),
        )
    },
)
