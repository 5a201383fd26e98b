"""A quarter of a month is not a month: about 200 a month, 52 until today."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import COUNT, Story, Words, events, months

WHEN = list(months(dt.date(2023, 1, 1), 25))
COUNTS = [200 + (17 * n) % 23 - 11 for n in range(24)]


def numbers(told: Any) -> None:
    running = told.points[-1]
    assert (running["period"], running["value"], running["unfinished"]) == ("2025-01-01", 52, True)
    assert running["lower"] is None
    assert running["verdict"] == "no_target"
    assert not told.signals
    assert told.series["variation"] == "common_cause"


STORY = Story(
    about="running period",
    rows=events(WHEN, [*COUNTS, 52]),
    indicator={**COUNT, "name": "Complaints"},
    today=dt.date(2025, 1, 8),
    numbers=numbers,
    says={
        "chart": Words(
            es=("Enero de 2025: 52 hasta ahora", "variación ordinaria"),
            en=("January 2025: 52 so far; it is not over yet", "ordinary variation"),
            never_es=("Bajo el límite inferior",),
            never_en=("Below the lower limit",),
        )
    },
)
