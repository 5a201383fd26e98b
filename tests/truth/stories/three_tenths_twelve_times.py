"""Twelve times 0.3: the mean of equal numbers may miss them by their last digit."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import Story, Words, months


def numbers(told: Any) -> None:
    assert not told.signals
    assert told.series["variation"] == "common_cause"


STORY = Story(
    about="no change",
    rows=[{"day": day, "above": 0.3, "below": 1} for day in months(dt.date(2024, 1, 1), 12)],
    indicator={
        "measure": "ratio",
        "numerator": "above",
        "denominator": "below",
        "measured_in": "h",
        "name": "Hours per case",
    },
    today=dt.date(2025, 1, 10),
    numbers=numbers,
    says={
        "chart": Words(
            es=("siempre 0,300 h",),
            en=("always 0.300 h",),
            never_es=("falsa alarma",),
            never_en=("false alarm",),
        )
    },
)
