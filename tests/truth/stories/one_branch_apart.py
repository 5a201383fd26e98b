"""One of twenty branches is far below: title, mark and table say the same of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from tests.truth.story import SEED, SHARE, Promised, Story, Words, months

WHEN = list(months(dt.date(2024, 1, 1), 12))


def rows() -> list[dict[str, Any]]:
    random = np.random.default_rng(SEED)
    return [
        {
            "day": day,
            "branch": f"B{n:02}",
            "good": int(random.binomial(200, 0.6 if n == 7 else 0.9)),
            "cases": 200,
        }
        for n in range(20)
        for day in WHEN
    ]


STORY = Story(
    about="comparisons",
    rows=rows(),
    indicator={**SHARE, "name": "On time"},
    promised=Promised(85),
    today=dt.date(2025, 1, 8),
    says={
        "branches": Words(
            es=("1 de 20 unidades se aparta de las demás", "por debajo de las demás"),
            en=("1 of 20 units differs from the others", "below the others"),
            never_es=("quedan 0", "por encima de las demás"),
            never_en=("0 remain", "above the others"),
        )
    },
)
