"""What ran is judged once it is over, and not before."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import COUNT, Story, Words, events, months

WHEN = list(months(dt.date(2023, 1, 1), 25))
COUNTS = [200 + (17 * n) % 23 - 11 for n in range(24)]


def numbers(told: Any) -> None:
    assert not told.points[-1]["unfinished"]
    assert told.points[-1]["signal"] == "improvement"


STORY = Story(
    about="running period",
    rows=events(WHEN, [*COUNTS, 52]),
    indicator={**COUNT, "name": "Complaints"},
    today=dt.date(2025, 2, 3),
    numbers=numbers,
    says={
        "chart": Words(
            es=("Bajo el límite inferior en enero de 2025",),
            en=("Below the lower limit in January 2025",),
            never_es=("hasta ahora",),
            never_en=("so far",),
        )
    },
)
