"""Skewed waits: the lower limit stands at 0, and the page says what that means."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import MEAN, Story, Words, months, values

WHEN = list(months(dt.date(2023, 1, 1), 30))
WAITS = [1, 2, 1, 9, 1, 3, 12, 1, 2, 1] * 3


def numbers(told: Any) -> None:
    assert min(told.line("lower")) == 0


STORY = Story(
    about="limits",
    rows=values(WHEN, WAITS),
    indicator={**MEAN, "name": "Wait"},
    today=dt.date(2025, 7, 6),
    numbers=numbers,
    says={
        "chart": Words(
            es=("Los valores no pueden bajar de 0",),
            en=("Values cannot fall below 0",),
        )
    },
)
