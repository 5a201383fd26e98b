"""A count of a closed day is no zero."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import COUNT, Story, Words, days, events

WHEN = [day for day in days(dt.date(2025, 1, 6), 84) if day.weekday() != 6]


def numbers(told: Any) -> None:
    assert min(told.line("value")) >= 30
    assert not told.signals


STORY = Story(
    about="closed days",
    rows=events(WHEN, [30 + (7 * n) % 11 for n in range(len(WHEN))]),
    indicator={**COUNT, "name": "Visits", "period": "day", "better": "up"},
    today=dt.date(2025, 4, 1),
    numbers=numbers,
    says={"chart": Words(es=("variación ordinaria",), en=("ordinary variation",))},
)
