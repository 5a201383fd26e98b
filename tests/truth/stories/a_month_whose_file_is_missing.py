"""Nobody loaded the calls of September: its days are not days of no calls, and October is no new level."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import COUNT, Story, Words, days, events

WHEN = [day for day in days(dt.date(2026, 8, 1), 92) if day.month != 9]


def numbers(told: Any) -> None:
    assert told.at("2026-09-15")["value"] is None
    assert 0 not in told.line("value")
    assert not told.signals


STORY = Story(
    about="gaps",
    rows=events(WHEN, [31, 29, 33, 28, 30, 32, 27, 34] * 7 + [31, 29, 33, 28, 30, 32]),
    indicator={**COUNT, "period": "day", "name": "Calls"},
    today=dt.date(2026, 11, 10),
    numbers=numbers,
    says={"chart": Words(never_es=("antes, 0",), never_en=("before that, 0", "before, 0"))},
)
