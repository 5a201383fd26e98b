"""A count of one does not take the plural of its unit, and a week that stands alone is called a week."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import COUNT, Story, Words, events

WHEN = [dt.date(2025, 1, 6) + dt.timedelta(weeks=n) for n in range(30)]


def numbers(told: Any) -> None:
    assert told.points[-1]["value"] == 1


STORY = Story(
    about="words",
    rows=events(WHEN, [3, 5, 4, 2, 4, 3] * 4 + [5, 4, 3, 2, 4, 1]),
    indicator={**COUNT, "name": "Complaints", "period": "week", "measured_in": "quejas"},
    today=dt.date(2025, 7, 30),
    numbers=numbers,
    says={
        "chart": Words(
            es=("Semana del 28 jul 2025: 1 (quejas) hasta ahora",),
            en=("Week of 28 Jul 2025: 1 (quejas) so far",),
            never_es=(" 1 quejas",),
            never_en=(" 1 quejas",),
        ),
    },
)
