"""Fifteen months without a miss and one with ten: the one stands out, the fifteen do not."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Story, Words, months, shares

WHEN = list(months(dt.date(2024, 1, 1), 16))


def numbers(told: Any) -> None:
    assert [signal["periods"] for signal in told.signals] == [["2025-04-01"]]
    assert told.points[-1]["signal"] == "concern"


STORY = Story(
    about="headlines",
    rows=shares(WHEN, [100] * 15 + [90], [100] * 16),
    indicator={**SHARE, "name": "Delivered"},
    today=dt.date(2025, 5, 6),
    numbers=numbers,
    says={"chart": Words(never_es=("Por encima de lo habitual",), never_en=("Above the usual",))},
)
