"""Seven in ten, month after month: nothing changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import Story, Words, months


def numbers(told: Any) -> None:
    assert not told.signals
    assert told.series["variation"] == "common_cause"


STORY = Story(
    about="no change",
    rows=[{"day": day, "above": 0.7, "below": 1} for day in months(dt.date(2024, 1, 1), 25)],
    indicator={
        "measure": "ratio",
        "numerator": "above",
        "denominator": "below",
        "measured_in": "h",
        "name": "Hours per case",
    },
    today=dt.date(2026, 2, 10),
    numbers=numbers,
    says={
        "chart": Words(
            es=("siempre 0,700 h", "cualquier cambio destacará"),
            en=("always 0.700 h", "any change will stand out"),
        )
    },
)
