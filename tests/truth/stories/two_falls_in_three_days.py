"""A fall in a fortnight, counted by day: two of them within three days are what chance brings about every month or two."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from tests.truth.story import COUNT, Story, Words, days, events

WHEN = list(days(dt.date(2024, 1, 1), 900))


def numbers(told: Any) -> None:
    assert not told.rules & {"two_of_three", "two_of_three_one_side", "four_of_five"}
    assert len(told.signals) <= 2  # two falls on one day may be told


STORY = Story(
    about="rare events",
    rows=events(WHEN, np.random.default_rng(4).poisson(1 / 14, len(WHEN)).tolist()),
    indicator={**COUNT, "name": "Falls", "period": "day"},
    today=dt.date(2026, 6, 19),
    numbers=numbers,
    says={
        "chart": Words(
            es=("Ver cuánto pasa entre uno y otro",),
            en=("See how long between",),
            never_es=("Cerca del límite",),
            never_en=("Near the upper limit",),
        )
    },
)
