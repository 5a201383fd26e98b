"""Below the target for two years, and clearly better in the last months."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Promised, Story, Words, months, shares

WHEN = list(months(dt.date(2024, 1, 1), 24))


def numbers(told: Any) -> None:
    assert told.series["variation"] == "improvement_high"
    assert told.standing.state == "broken"


STORY = Story(
    about="promises",
    rows=shares(WHEN, [1600, 1595, 1605] * 6 + [1680] * 6, [2000] * 24),
    indicator={**SHARE, "name": "On time"},
    promised=Promised(95),
    today=dt.date(2026, 1, 8),
    numbers=numbers,
    says={
        "chart": Words(
            es=("por debajo del 95 % desde enero de 2024, pero mejora",),
            en=("below 95% since January 2024, but improving",),
        )
    },
)
