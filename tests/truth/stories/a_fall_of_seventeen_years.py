"""Complaints fall year after year: one signal that says so, and not ordinary variation."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from tests.truth.story import SEED, Story, Words, months, values

WHEN = list(months(dt.date(2009, 1, 1), 204))
NOISE = np.random.default_rng(SEED).normal(0, 1.2, len(WHEN))
MINUTES = np.maximum(0.2, 31 - 0.148 * np.arange(len(WHEN)) + NOISE).round(2).tolist()


def numbers(told: Any) -> None:
    assert told.rules == {"long_trend"}
    assert told.series["variation"] == "improvement_low"


STORY = Story(
    about="headlines",
    rows=values(WHEN, MINUTES),
    indicator={
        "measure": "mean",
        "value": "value",
        "measured_in": "min",
        "better": "down",
        "name": "Waiting",
    },
    today=dt.date(2026, 1, 9),
    numbers=numbers,
    says={
        "chart": Words(
            es=("Waiting: baja desde enero de 2009",),
            en=("Waiting: falling since January 2009",),
            never_es=("variación ordinaria",),
            never_en=("ordinary variation",),
        )
    },
)
