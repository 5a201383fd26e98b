"""Without a promise there is nothing to comply with: the table has only what it can say."""

from __future__ import annotations

import datetime as dt

from tests.truth.story import MEAN, Story, Words, months, values

WHEN = list(months(dt.date(2024, 1, 1), 12))
STORY = Story(
    about="comparisons",
    rows=[row for n in range(4) for row in values(WHEN, [10 + n] * 12, branch=f"B{n}")],
    indicator={**MEAN, "name": "Wait"},
    today=dt.date(2025, 1, 8),
    says={
        "branches": Words(
            es=("la más alta primero",),
            en=("the highest first",),
            never_es=("por cumplimiento", "las peores", "Estado", "¿Se cumple la promesa?"),
            never_en=("by compliance", "the worst first", "State", "Is the promise kept?"),
        )
    },
)
