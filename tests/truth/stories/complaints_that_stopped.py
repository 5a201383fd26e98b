"""Six complaints a month, then none for a year: that nothing happens any more is a signal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import COUNT, Story, Words, events, months

MONTHS = list(months(dt.date(2023, 1, 1), 36))
VISITS = [{"day": day, "kind": "visit"} for day in MONTHS for _visit in range(20)]


def numbers(told: Any) -> None:
    assert told.line("value")[-12:] == [0] * 12
    assert told.points[-1]["signal"] == "improvement"
    assert told.series["variation"] == "improvement_low"


STORY = Story(
    about="zeros",
    rows=[*VISITS, *events(MONTHS, [5, 6, 7, 6] * 6 + [0] * 12, kind="complaint")],
    indicator={**COUNT, "name": "Complaints", "condition": "kind = 'complaint'"},
    today=dt.date(2026, 1, 5),
    numbers=numbers,
    says={
        "chart": Words(
            es=("Complaints: por debajo de lo habitual", "desde enero de 2025"),
            en=("Complaints: lower than the usual", "since January 2025"),
            never_es=("variación ordinaria",),
            never_en=("ordinary variation",),
        )
    },
)
