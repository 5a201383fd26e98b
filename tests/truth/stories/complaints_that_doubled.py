"""Twice as many complaints as ever in one month: above the limit, and a concern."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import COUNT, Story, Words, events, months

WHEN = list(months(dt.date(2023, 1, 1), 24))


def numbers(told: Any) -> None:
    assert told.series["variation"] == "concern_high"
    assert [signal["periods"] for signal in told.signals] == [["2024-12-01"]]


STORY = Story(
    about="headlines",
    rows=events(WHEN, [20, 23, 18, 21, 19, 22] * 3 + [20, 23, 18, 21, 19, 44]),
    indicator={**COUNT, "name": "Complaints"},
    today=dt.date(2025, 1, 8),
    numbers=numbers,
    says={
        "chart": Words(
            es=("Complaints: por encima de lo habitual", "Sobre el límite superior en diciembre de 2024: 44"),
            en=("Complaints: higher than the usual", "Above the upper limit in December 2024: 44"),
        )
    },
)
