"""Nine waits are long by chance: the branch that had them does not come first, and the table says that they are few."""

from __future__ import annotations

import datetime as dt

from tests.truth.story import MEAN, Row, Story, Words, months, values

WHEN = list(months(dt.date(2024, 1, 1), 12))


def waits(branch: str, wait: float, cases: int) -> list[Row]:
    return [
        row
        for day in WHEN
        for row in values([day] * cases, [wait + n % 3 for n in range(cases)], branch=branch)
    ]


STORY = Story(
    about="comparisons",
    rows=waits("B0", 12, 60) + waits("B1", 20, 9) + waits("B2", 14, 60),
    indicator={**MEAN, "name": "Wait"},
    today=dt.date(2025, 1, 8),
    says={
        "branches": Words(
            es=(
                "la más alta primero, las de pocos casos al final. Pocos casos: menos de 30.",
                "Branch B2 15 min 60 Branch B0 13 min 60 Branch B1 21 min 9 pocos casos",
            ),
            en=(
                "the highest first, those of few cases last. Few cases: fewer than 30.",
                "Branch B2 15 min 60 Branch B0 13 min 60 Branch B1 21 min 9 few cases",
            ),
        )
    },
)
