"""Fewer calls at week-ends: offered where nobody chose it, followed where somebody did."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from tests.truth.story import COUNT, SEED, Story, Words, days, events

WHEN = list(days(dt.date(2025, 1, 6), 140))
CALLS = np.random.default_rng(SEED).poisson([14 if day.weekday() > 4 else 32 for day in WHEN]).tolist()


def numbers(told: Any) -> None:
    sunday, monday = told.at("2025-05-18"), told.at("2025-05-19")
    assert sunday["upper"] < monday["centre"]
    assert len(told.signals) <= 3


STORY = Story(
    about="seasons",
    rows=events(WHEN, CALLS),
    indicator={**COUNT, "name": "Calls", "period": "day", "adjust": "weekday", "better": "none"},
    today=dt.date(2025, 5, 27),
    numbers=numbers,
    says={
        "chart": Words(
            es=("Los límites siguen el día de la semana",),
            en=("The limits follow the day of the week",),
        )
    },
)
