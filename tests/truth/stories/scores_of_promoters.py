"""Promoters less detractors lie between −100 and 100, and so do their limits."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import Story, Words, months, values

WHEN = list(months(dt.date(2024, 1, 1), 14))
SCORES = [10, 9, 10, 9, 8, 10, 9, 10, 10, 6]


def numbers(told: Any) -> None:
    assert set(told.line("value")) == {70.0}
    assert max(told.line("upper")) <= 100
    assert not told.signals


STORY = Story(
    about="limits",
    rows=[row for day in WHEN for row in values([day] * 10, SCORES)],
    indicator={"measure": "nps", "value": "value", "measured_in": "", "name": "Recommendation"},
    today=dt.date(2025, 3, 8),
    numbers=numbers,
    says={"chart": Words(es=("n = 140 filas en 14 meses",), en=("n = 140 rows in 14 months",))},
)
