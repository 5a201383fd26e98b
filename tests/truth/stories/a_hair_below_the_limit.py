"""Two thousandths of a point below the limit: just below it, with one decimal and no false precision."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Story, Words, months, shares

WHEN = list(months(dt.date(2023, 1, 1), 24))
CALM = [18000, 18012, 17990, 18004, 17996, 18008] * 4


def numbers(told: Any) -> None:
    assert all(len(str(point["value"]).split(".")[-1]) < 17 for point in told.points)


STORY = Story(
    about="words",
    rows=shares(WHEN, CALM, [20000] * 24),
    indicator={**SHARE, "name": "Answered"},
    today=dt.date(2025, 1, 8),
    numbers=numbers,
    says={
        "chart": Words(
            es=("en torno al 90,0 %",), en=("around 90.0%",), never_es=("90,00",), never_en=("90.00",)
        )
    },
)
