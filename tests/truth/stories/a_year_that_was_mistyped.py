"""One row of 2062 among those of this year: the days until then are no days of nothing, and neither are those until today."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import COUNT, Story, Words, days, events

WHEN = list(days(dt.date(2026, 7, 1), 100))


def numbers(told: Any) -> None:
    assert told.points[-1]["period"] == "2026-10-08"
    assert 0 not in told.line("value")
    assert not told.signals


STORY = Story(
    about="gaps",
    rows=[
        *events(WHEN, [9, 12, 10, 11, 8, 10, 13, 9, 11, 10] * 10),
        {**events(WHEN[:1], [1])[0], "day": dt.date(2062, 10, 5)},
    ],
    indicator={**COUNT, "period": "day", "name": "Calls"},
    today=dt.date(2026, 11, 20),
    numbers=numbers,
    says={"chart": Words(never_es=("2062",), never_en=("2062",))},
)
