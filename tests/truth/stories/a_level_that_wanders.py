"""Every month resembles the one before: said in one sentence instead of dozens of signals."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from tests.truth.story import SEED, Story, Words, months, values

WHEN = list(months(dt.date(2016, 1, 1), 120))
STEPS = np.random.default_rng(SEED + 3).normal(0, 1.0, len(WHEN))
MINUTES = (60 + np.cumsum(STEPS)).round(2).tolist()


def numbers(told: Any) -> None:
    assert told.series["variation"] == "unstable"
    assert len(told.signals) <= 1


STORY = Story(
    about="headlines",
    rows=values(WHEN, MINUTES),
    indicator={
        "measure": "mean",
        "value": "value",
        "measured_in": "min",
        "better": "down",
        "name": "Handling",
    },
    today=dt.date(2026, 1, 9),
    numbers=numbers,
    says={
        "chart": Words(
            es=("Handling: su nivel va a la deriva",),
            en=("Handling: its level wanders",),
            never_es=("variación ordinaria",),
            never_en=("ordinary variation",),
        )
    },
)
