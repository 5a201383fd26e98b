"""Of the day that runs only a morning is known: it is drawn and not judged."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import COUNT, Story, Words, days, events

WHEN = list(days(dt.date(2025, 1, 6), 60))


def numbers(told: Any) -> None:
    assert told.points[-1]["unfinished"]
    assert not told.signals


STORY = Story(
    about="running period",
    rows=events(WHEN, [40 + (n * 7) % 5 for n in range(59)] + [9]),
    indicator={**COUNT, "name": "Calls", "period": "day"},
    today=WHEN[-1],
    numbers=numbers,
    says={"chart": Words(es=("9 hasta ahora",), en=("9 so far",))},
)
