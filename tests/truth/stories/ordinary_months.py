"""Chance alone: nothing is found, and that is what is said."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Story, Words, drawn_shares, months

WHEN = list(months(dt.date(2023, 1, 1), 24))


def numbers(told: Any) -> None:
    assert not told.signals
    assert told.series["variation"] == "common_cause"
    assert told.series["chart"] == "p"


STORY = Story(
    about="headlines",
    rows=drawn_shares(WHEN, [0.9] * 24, 400),
    indicator={**SHARE, "name": "Answered"},
    today=dt.date(2025, 1, 9),
    numbers=numbers,
    says={
        "chart": Words(
            es=("Answered: variación ordinaria en torno al ", "casos en 24 meses"),
            en=("Answered: ordinary variation around ", "cases in 24 months"),
        )
    },
)
