"""Weeks are called weeks, by the Monday on which they begin."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Story, Words, shares

WHEN = [dt.date(2025, 1, 6) + dt.timedelta(weeks=n) for n in range(26)]


def numbers(told: Any) -> None:
    assert told.points[0]["period"] == "2025-01-06"
    assert [signal["periods"] for signal in told.signals] == [["2025-06-30"]]


STORY = Story(
    about="words",
    rows=shares(WHEN, [452, 448, 450, 451, 449] * 5 + [330], [500] * 26),
    indicator={**SHARE, "name": "Answered", "period": "week"},
    today=dt.date(2025, 7, 9),
    numbers=numbers,
    says={
        "chart": Words(es=("casos en 26 semanas",), en=("cases in 26 weeks",)),
        "signals": Words(
            es=("Bajo el límite inferior en la semana del 30 jun 2025",),
            en=("Below the lower limit in the week of 30 Jun 2025",),
        ),
    },
)
