"""A Wednesday without rows is a gap; the Sundays, on which there never is one, are not."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Story, Words, days, drawn_shares

MISSING = dt.date(2025, 3, 12)
WHEN = [day for day in days(dt.date(2025, 1, 6), 112) if day.weekday() != 6 and day != MISSING]


def numbers(told: Any) -> None:
    assert told.at(MISSING.isoformat())["value"] is None
    assert not any(dt.date.fromisoformat(p["period"]).weekday() == 6 for p in told.points)


STORY = Story(
    about="closed days",
    rows=drawn_shares(WHEN, [0.9] * len(WHEN), 200),
    indicator={**SHARE, "name": "Answered", "period": "day"},
    today=dt.date(2025, 4, 28),
    numbers=numbers,
    says={"chart": Words(es=("12 mar 2025",), en=("12 Mar",))},
)
