"""Short of the target by one point with a tolerance of two: at risk, not broken."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Promised, Story, Words, months, shares

WHEN = list(months(dt.date(2024, 1, 1), 24))


def numbers(told: Any) -> None:
    assert told.standing.state == "at_risk"
    assert told.standing.since == dt.date(2024, 1, 1)


STORY = Story(
    about="promises",
    rows=shares(WHEN, [939, 940, 941] * 8, [1000] * 24),
    indicator={**SHARE, "name": "On time"},
    promised=Promised(95, tolerance=2),
    today=dt.date(2026, 1, 8),
    numbers=numbers,
    says={
        "home": Words(
            es=("La promesa está en riesgo", "En riesgo desde enero de 2024"),
            en=("The promise is at risk", "At risk since January 2024"),
        ),
        "chart": Words(
            es=("por debajo del 95 % siempre, desde enero de 2024",),
            en=("below 95% throughout, since January 2024",),
        ),
    },
)
