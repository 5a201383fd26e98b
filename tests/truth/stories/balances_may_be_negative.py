"""A balance that was below zero once has a lower limit below zero."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import Story, Words, months, values

WHEN = list(months(dt.date(2023, 1, 1), 24))
BALANCE = [5, -3, 2, 6, -1, 4] * 4


def numbers(told: Any) -> None:
    assert max(told.line("lower")) < 0


STORY = Story(
    about="limits",
    rows=values(WHEN, BALANCE),
    indicator={"measure": "sum", "value": "value", "measured_in": "EUR", "name": "Balance"},
    today=dt.date(2025, 1, 6),
    numbers=numbers,
    says={"chart": Words(never_es=("no pueden bajar de 0",), never_en=("cannot fall below 0",))},
)
