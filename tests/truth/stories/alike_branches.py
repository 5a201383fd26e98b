"""Forty alike branches: none is called different."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from tests.truth.story import SEED, SHARE, Story, Words, months

WHEN = list(months(dt.date(2024, 1, 1), 12))


def rows() -> list[dict[str, Any]]:
    random = np.random.default_rng(SEED)
    return [
        {"day": day, "branch": f"B{n:02}", "good": int(random.binomial(60, 0.9)), "cases": 60}
        for n in range(40)
        for day in WHEN
    ]


STORY = Story(
    about="comparisons",
    rows=rows(),
    indicator={**SHARE, "name": "On time"},
    today=dt.date(2025, 1, 8),
    says={
        "branches": Words(
            es=("Ninguna unidad se aparta de las demás",),
            en=("No unit differs from the others",),
            never_es=("falsos descubrimientos", "por cumplimiento"),
            never_en=("false discoveries", "by compliance"),
        )
    },
)
