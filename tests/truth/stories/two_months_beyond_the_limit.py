"""January and February in a row beyond one limit are one signal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Story, Words, months, shares

WHEN = list(months(dt.date(2023, 1, 1), 28))
MET = [905, 898, 902, 896, 901, 899, 903] * 4
LOW = {dt.date(2025, 1, 1): 780, dt.date(2025, 2, 1): 790}


def numbers(told: Any) -> None:
    assert len(told.signals) == 1
    assert told.signals[0]["periods"] == ["2025-01-01", "2025-02-01"]
    assert told.signals[0]["rules"] == ["beyond_limits", "two_of_three"]


STORY = Story(
    about="episodes",
    rows=shares(WHEN, [LOW.get(day, m) for day, m in zip(WHEN, MET, strict=True)], [1000] * 28),
    indicator={**SHARE, "name": "Answered"},
    today=dt.date(2025, 5, 6),
    numbers=numbers,
    says={
        "signals": Words(
            es=("Por debajo de lo habitual desde enero de 2025; 79,0 % en febrero de 2025",),
            en=("Below the usual since January 2025; 79.0% in February 2025",),
        )
    },
)
