"""Up and down by far more than its limits, again and again: no single change, and no ordinary variation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Story, Words, months, shares

WHEN = list(months(dt.date(2023, 1, 1), 30))
LEVELS = [0.90] * 5 + [0.70] * 5 + [0.92] * 5 + [0.68] * 5 + [0.91] * 5 + [0.80] * 5


def numbers(told: Any) -> None:
    assert told.series["variation"] == "unstable"


STORY = Story(
    about="headlines",
    rows=shares(WHEN, [round(2000 * level) for level in LEVELS], [2000] * 30),
    indicator={**SHARE, "name": "Answered", "preset": "nelson"},
    today=dt.date(2025, 7, 6),
    numbers=numbers,
    says={
        "chart": Words(
            es=("Answered: su nivel va a la deriva", "Inestable: cambia todo el tiempo"),
            en=("Answered: its level wanders", "Unstable: it changes all the time"),
            never_es=("variación ordinaria en torno",),
            never_en=("ordinary variation around",),
        )
    },
)
