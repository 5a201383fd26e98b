"""Calls rise in May and stay so: a CUSUM tells of May, and does not call the months before it a worsening."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.stories.a_new_level_since_may import ROWS
from tests.truth.story import SHARE, Story, Words


def numbers(told: Any) -> None:
    assert {s["kind"] for s in told.signals} == {"improvement"}


STORY = Story(
    about="charts that remember",
    rows=ROWS,
    indicator={**SHARE, "name": "Answered", "period": "day", "chart": "cusum"},
    today=dt.date(2026, 11, 21),
    numbers=numbers,
    says={
        "chart": Words(
            es=("alrededor del",), en=("since about",), never_es=("Deterioro",), never_en=("Worsening",)
        )
    },
)
