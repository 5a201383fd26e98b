"""A rate per thousand days of stay: three months with none are three zeros, not gaps."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.truth.story import Story, Words, months

WHEN = list(months(dt.date(2024, 1, 1), 18))
FALLS = [3, 2, 4, 3, 2, 3, 0, 0, 0, 3, 2, 4, 3, 2, 3, 4, 2, 3]


def numbers(told: Any) -> None:
    assert told.at("2024-07-01")["value"] == 0
    assert told.at("2024-01-01")["value"] == pytest.approx(3.0)
    assert min(told.line("lower")) == 0


STORY = Story(
    about="zeros",
    rows=[{"day": day, "falls": f, "days": 1000} for day, f in zip(WHEN, FALLS, strict=True)],
    indicator={
        "measure": "rate",
        "numerator": "falls",
        "denominator": "days",
        "multiplier": 1000,
        "measured_in": "‰",
        "name": "Falls",
        "better": "down",
    },
    today=dt.date(2025, 7, 8),
    numbers=numbers,
    says={
        "chart": Words(
            es=("variación ordinaria",),
            en=("ordinary variation",),
            never_es=("sin datos",),
            never_en=("no data",),
        )
    },
)
