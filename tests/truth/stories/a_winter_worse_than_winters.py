"""The limits follow the month, and the last winter is worse than winters are: that stands out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.stories.winters_that_come_back import WHEN, WINTER
from tests.truth.story import SHARE, Story, Words, drawn_shares

CHANCE = [WINTER.get(day.month, 0.93) for day in WHEN]


def numbers(told: Any) -> None:
    assert told.points[-1]["signal"] == "concern"
    assert not told.at("2024-12-01")["signal"]


STORY = Story(
    about="seasons",
    rows=drawn_shares(WHEN, [*CHANCE[:-1], 0.76], 600),
    indicator={**SHARE, "name": "Seen in time", "adjust": "month"},
    today=dt.date(2026, 1, 9),
    numbers=numbers,
    says={
        "chart": Words(
            es=("más bajo de lo habitual para el mes del año desde diciembre de 2025",),
            en=("lower than usual for the month of the year since December 2025",),
        )
    },
)
