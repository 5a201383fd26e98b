"""A share of nothing is unknown: the month is a gap, neither 0 nor 100 %."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Promised, Story, Words, drawn_shares, months

WHEN = [day for day in months(dt.date(2024, 1, 1), 20) if day != dt.date(2024, 9, 1)]


def numbers(told: Any) -> None:
    september = told.at("2024-09-01")
    assert (september["value"], september["n"], september["verdict"]) == (None, 0, "unknown")
    assert not told.signals


STORY = Story(
    about="gaps",
    rows=drawn_shares(WHEN, [0.97] * 19, 800),
    indicator={**SHARE, "name": "On time"},
    promised=Promised(95),
    today=dt.date(2025, 9, 8),
    numbers=numbers,
    says={
        "chart": Words(
            es=("casos en 19 meses", "septiembre de 2024 –"), en=("cases in 19 months", "September 2024 –")
        ),
        "home": Words(es=("Cumplida desde enero de 2024",), en=("Kept since January 2024",)),
    },
)
