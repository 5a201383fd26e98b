"""A sum of what nobody sold is zero, not a month without data."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import Story, Words, months

WHEN = list(months(dt.date(2023, 1, 1), 30))
NIGHTS = [0 if day.month in (1, 2) else 100 + 10 * (day.month % 5) for day in WHEN]
SOLD = [{"day": day, "nights": n} for day, n in zip(WHEN, NIGHTS, strict=True) if n]


def numbers(told: Any) -> None:
    assert told.at("2024-02-01")["value"] == 0
    assert None not in told.line("value")


STORY = Story(
    about="zeros",
    rows=[{"day": dt.date(2023, 1, 1), "nights": 0}, *SOLD],
    indicator={"measure": "sum", "value": "nights", "measured_in": "nights", "name": "Nights sold"},
    today=dt.date(2025, 7, 10),
    numbers=numbers,
    says={"chart": Words(never_es=("sin datos",), never_en=("no data",))},
)
