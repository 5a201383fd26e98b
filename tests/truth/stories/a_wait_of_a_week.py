"""Somebody typed 9,999 minutes: the page names the one case that moves the month, and what the mean is without it."""

from __future__ import annotations

import datetime as dt

import numpy as np
from tests.truth.story import MEAN, Story, Words, months, values

WHEN = [day + dt.timedelta(days=n % 28) for day in months(dt.date(2023, 1, 1), 24) for n in range(60)]
WAITS = np.random.default_rng(6).normal(24, 4, len(WHEN)).round(1)
WAITS[WHEN.index(dt.date(2024, 4, 9))] = 9999

STORY = Story(
    about="cases",
    rows=values(WHEN, WAITS.tolist()),
    indicator={**MEAN, "name": "Wait"},
    today=dt.date(2025, 1, 10),
    says={
        "chart": Words(
            es=("Lo hace un solo caso, 9 999 min: sin él la media es 2",),
            en=("One case alone, 9,999 min, does that: without it the mean is 2",),
        )
    },
)
