"""A sum of passengers says from how many rows it was made, and calls nobody a case."""

from __future__ import annotations

import datetime as dt

from tests.truth.story import Story, Words, months

WHEN = list(months(dt.date(2023, 1, 1), 24))
STORY = Story(
    about="words",
    rows=[{"day": day, "passengers": 150000 + 1000 * (n % 5)} for n, day in enumerate(WHEN)],
    indicator={
        "measure": "sum",
        "value": "passengers",
        "measured_in": "passengers",
        "name": "Passengers",
        "better": "none",
    },
    today=dt.date(2025, 1, 6),
    says={
        "chart": Words(
            es=("De 24 filas en 24 meses",),
            en=("From 24 rows in 24 months",),
            never_es=("n = ", "casos en"),
            never_en=("n = ", "cases in"),
        )
    },
)
