"""The others have worked for a year when it opens on 20 March: its March is drawn, but no worst month."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import COUNT, Story, Words, days, events

WHEN = list(days(dt.date(2023, 1, 1), 851))
OPENED = dt.date(2024, 3, 20)


def numbers(told: Any) -> None:
    assert told.points[0]["period"] == "2024-03-01"
    assert told.points[0]["unfinished"]
    assert not told.signals


STORY = Story(
    about="running period",
    rows=[
        *events(WHEN, [6 + n % 3 for n in range(len(WHEN))], branch="OLD"),
        *events([d for d in WHEN if d >= OPENED], [5] * sum(d >= OPENED for d in WHEN), branch="NEW"),
    ],
    indicator={**COUNT, "name": "Calls"},
    today=dt.date(2025, 5, 2),
    unit="NEW",
    numbers=numbers,
    says={
        "chart": Words(
            es=("solo desde el 20 mar 2024, donde empiezan los datos",),
            en=("only from 20 Mar 2024, where the data begin",),
        )
    },
)
