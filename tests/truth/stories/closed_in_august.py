"""A service that closes every August: its months are no gaps, and the promise is kept without a break."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import OFFICE, SHARE, Promised, Story, Words, drawn_shares, months

WHEN = [day for day in months(dt.date(2023, 9, 1), 24) if day.month != 8]


def numbers(told: Any) -> None:
    assert len(told.points) == 22
    assert not [point for point in told.points if point["period"][5:7] == "08"]
    assert None not in told.line("value")
    assert not told.signals


STORY = Story(
    about="closed days",
    rows=drawn_shares(WHEN, [0.97] * len(WHEN), 800),
    indicator={**SHARE, "name": "On time"},
    promised=Promised(95),
    today=dt.date(2025, 9, 1),
    calendars=[{**OFFICE, "starts": dt.date(2023, 1, 1)}],
    closed=[{"first": dt.date(2023, 8, 1), "last": dt.date(2023, 8, 31), "name": "August", "yearly": True}],
    numbers=numbers,
    says={
        "chart": Words(
            es=("casos en 22 meses",), en=("cases in 22 months",), never_es=("agosto",), never_en=("August",)
        ),
        "home": Words(es=("Cumplida desde septiembre de 2023",), en=("Kept since September 2023",)),
    },
)
