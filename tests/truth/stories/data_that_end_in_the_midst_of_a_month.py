"""Daily rows until 12 March: March is drawn, but nobody calls it the worst month."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import COUNT, Story, Words, days, events

WHEN = list(days(dt.date(2023, 1, 1), 802))


def numbers(told: Any) -> None:
    assert WHEN[-1] == dt.date(2025, 3, 12)
    assert told.points[-1]["unfinished"]
    assert not told.signals


STORY = Story(
    about="running period",
    rows=events(WHEN, [6 + n % 3 for n in range(len(WHEN))]),
    indicator={**COUNT, "name": "Calls"},
    today=dt.date(2025, 5, 2),
    numbers=numbers,
    says={
        "chart": Words(
            es=("solo hasta el 12 mar 2025, donde acaban los datos",),
            en=("only until 12 Mar 2025, where the data end",),
        )
    },
)
