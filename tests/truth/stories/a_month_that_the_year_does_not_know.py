"""A table that is ordered by the year of the funnel shows the year beside the newest month."""

from __future__ import annotations

import datetime as dt

from tests.truth.story import SHARE, Row, Story, Words, months

WHEN = list(months(dt.date(2024, 1, 1), 12))


def cases(branch: str, year: int, newest: int) -> list[Row]:
    met = [year] * (len(WHEN) - 1) + [newest]
    return [
        {"day": day, "good": good, "cases": 200, "branch": branch}
        for day, good in zip(WHEN, met, strict=True)
    ]


STORY = Story(
    about="comparisons",
    rows=cases("B0", 180, 180) + cases("B1", 178, 120) + cases("B2", 165, 182),
    indicator={**SHARE, "name": "On time"},
    today=dt.date(2025, 1, 8),
    says={
        "branches": Words(
            es=(
                "la más alejada de las demás en el embudo primero",
                "Branch B2 91,0 % 200 83,2 % de 2 400 por debajo de las demás",
            ),
            en=(
                "the farthest from the others in the funnel first",
                "Branch B2 91.0% 200 83.2% of 2,400 below the others",
            ),
        )
    },
)
