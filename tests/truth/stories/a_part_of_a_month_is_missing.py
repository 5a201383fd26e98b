"""The second half of August was not loaded: what there is of the month is drawn, and not judged as few calls."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import COUNT, Story, Words, days, events

WHEN = [
    day for day in days(dt.date(2025, 1, 1), 638) if not dt.date(2026, 8, 14) <= day <= dt.date(2026, 8, 29)
]


def numbers(told: Any) -> None:
    august = told.at("2026-08-01")
    assert august["unfinished"]
    assert not told.signals


STORY = Story(
    about="gaps",
    rows=events(WHEN, ([3, 4, 5, 3, 4, 5, 4] * 100)[: len(WHEN)]),
    indicator={**COUNT, "name": "Calls"},
    today=dt.date(2026, 10, 3),
    numbers=numbers,
    says={
        "chart": Words(
            es=("faltan filas del 14 ago 2026 al 29 ago 2026", "no se juzga"),
            en=("rows are missing from 14 Aug 2026 to 29 Aug 2026",),
        )
    },
)
