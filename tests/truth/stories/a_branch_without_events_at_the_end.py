"""Where others have rows and a branch has none, its count is zero until the end of the data."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import COUNT, Story, Words, events, months

WHEN = list(months(dt.date(2024, 1, 1), 24))


def numbers(told: Any) -> None:
    assert len(told.points) == 24
    assert told.line("value")[-4:] == [0, 0, 0, 0]


STORY = Story(
    about="zeros",
    rows=[
        *events(WHEN, [4] * 24, branch="BUSY"),
        *events(WHEN, [1, 2] * 10 + [0] * 4, branch="QUIET"),
    ],
    indicator={**COUNT, "name": "Incidents"},
    today=dt.date(2026, 1, 20),
    unit="QUIET",
    numbers=numbers,
    says={"chart": Words(never_es=("sin datos",), never_en=("no data",))},
)
