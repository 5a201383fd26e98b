"""Still on the target, but the last months are far below the usual: at risk, and why."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Promised, Story, Words, months, shares

WHEN = list(months(dt.date(2024, 1, 1), 24))


def numbers(told: Any) -> None:
    assert told.standing.state == "at_risk"
    assert told.points[-1]["signal"] == "concern"


STORY = Story(
    about="promises",
    rows=shares(WHEN, [1980, 1978, 1982] * 7 + [1978, 1930, 1925], [2000] * 24),
    indicator={**SHARE, "name": "On time"},
    promised=Promised(95),
    today=dt.date(2026, 1, 8),
    numbers=numbers,
    says={
        "chart": Words(
            es=("meta del 95 % cumplida desde enero de 2024, pero empeora",),
            en=("on the target of 95% since January 2024, but getting worse",),
        )
    },
)
