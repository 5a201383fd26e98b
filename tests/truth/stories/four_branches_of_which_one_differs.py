"""Three branches keep 92 in 100, one 94: of four nothing tells an ordinary difference, so chance alone sets the limits."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from tests.truth.story import SEED, SHARE, Story, Words, months

WHEN = list(months(dt.date(2024, 1, 1), 12))


def rows() -> list[dict[str, Any]]:
    random = np.random.default_rng(SEED)
    return [
        {"day": day, "branch": name, "good": int(random.binomial(900, chance)), "cases": 900}
        for name, chance in {"CENTRO": 0.92, "SUR": 0.92, "PLAYA": 0.92, "NORTE": 0.945}.items()
        for day in WHEN
    ]


STORY = Story(
    about="comparisons",
    rows=rows(),
    indicator={**SHARE, "name": "On time"},
    today=dt.date(2025, 1, 8),
    says={
        "branches": Words(
            es=("de 4 unidades se aparta", "Con menos de 10 unidades", "por encima de las demás"),
            en=("of 4 units differ", "Of fewer than 10 units", "above the others"),
            never_es=("los límites se amplían", "Ninguna unidad se aparta"),
            never_en=("the limits are widened", "No unit differs"),
        )
    },
)
