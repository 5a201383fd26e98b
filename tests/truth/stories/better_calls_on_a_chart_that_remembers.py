"""Calls rise in May and stay so: a CUSUM tells of May, and does not call the months before it a worsening."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Story, Words, drawn_shares, weekdays

WHEN = list(weekdays(dt.date(2025, 9, 29), 300))
SINCE = dt.date(2026, 5, 18)


def numbers(told: Any) -> None:
    assert {s["kind"] for s in told.signals} == {"improvement"}


STORY = Story(
    about="charts that remember",
    rows=drawn_shares(WHEN, [0.904 if day < SINCE else 0.934 for day in WHEN], 120, seed=9),
    indicator={**SHARE, "name": "Answered", "period": "day", "chart": "cusum"},
    today=dt.date(2026, 11, 21),
    numbers=numbers,
    says={
        "chart": Words(
            es=("alrededor del",), en=("since about",), never_es=("Deterioro",), never_en=("Worsening",)
        )
    },
)
