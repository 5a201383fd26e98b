"""A score of promoters is points and no share, and below zero it has the minus that its axis has."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import Story, Words, months, values

WHEN = list(months(dt.date(2024, 1, 1), 14))
SCORES = [3, 9, 5, 9, 8, 10, 9, 2, 4, 6]


def numbers(told: Any) -> None:
    assert set(told.line("value")) == {-10.0}
    assert told.indicator.measured_in in {"points", "puntos"}


STORY = Story(
    about="words",
    rows=[row for day in WHEN for row in values([day] * 10, SCORES)],
    indicator={"measure": "nps", "value": "value", "measured_in": "%", "name": "Recommendation"},
    today=dt.date(2025, 3, 8),
    numbers=numbers,
    says={
        "chart": Words(
            es=("−10 p", "−10,0 – −10,0 p"),
            en=("−10 p", "−10.0 – −10.0 p"),
            never_es=("-10", "10 %"),
            never_en=("-10", "10%"),
        ),
    },
)
