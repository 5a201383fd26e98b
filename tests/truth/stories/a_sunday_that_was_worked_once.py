"""One Sunday in half a year is on the axis; the other Sundays are no gaps."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Story, Words, days, drawn_shares

SUNDAY = dt.date(2025, 3, 16)
WHEN = [day for day in days(dt.date(2025, 1, 6), 140) if day.weekday() != 6 or day == SUNDAY]


def numbers(told: Any) -> None:
    assert told.at(SUNDAY.isoformat())["value"] is not None


STORY = Story(
    about="closed days",
    rows=drawn_shares(WHEN, [0.9] * len(WHEN), 300),
    indicator={**SHARE, "name": "Answered", "period": "day"},
    today=dt.date(2025, 5, 27),
    numbers=numbers,
    says={"chart": Words(es=("121 días",), en=("121 days",))},
)
