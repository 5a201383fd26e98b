"""Lognormal waits, twelve a day: their means are lopsided too, and the price of the rules would not be theirs."""

from __future__ import annotations

import datetime as dt

import numpy as np
from tests.truth.story import MEAN, Story, Words, days, values

WHEN = [day for day in days(dt.date(2024, 1, 1), 120) for _case in range(12)]

STORY = Story(
    about="price of the rules",
    rows=values(WHEN, np.random.default_rng(2).lognormal(3, 0.6, len(WHEN)).round(1).tolist()),
    indicator={**MEAN, "name": "Wait", "period": "day"},
    today=dt.date(2024, 4, 30),
    says={
        "chart": Words(
            es=("Los valores altos se alejan de lo habitual más que los bajos",),
            en=("High values lie further from the usual than low ones",),
            never_es=("falsa alarma",),
            never_en=("false alarm",),
        )
    },
)
