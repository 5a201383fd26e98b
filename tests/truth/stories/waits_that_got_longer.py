"""Nine months on one side of the usual: since when, and by how much."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import MEAN, Story, Words, months, values

WHEN = list(months(dt.date(2023, 1, 1), 30))
WAITS = [20 + (n * 5) % 4 for n in range(20)] + [26 + (n * 5) % 4 for n in range(10)]


def numbers(told: Any) -> None:
    assert told.series["variation"] == "concern_high"
    assert told.points[-1]["signal"] == "concern"


STORY = Story(
    about="headlines",
    rows=values(WHEN, WAITS),
    indicator={**MEAN, "name": "Wait"},
    today=dt.date(2025, 7, 6),
    numbers=numbers,
    says={
        "chart": Words(
            es=("Wait: 27,3 min desde alrededor de septiembre de 2024; antes, 21,5 min",),
            en=("Wait: 27.3 min since about September 2024, 21.5 min before that",),
        )
    },
)
