"""Its last rows are of 8 June, those of the others of December: its June is no whole month, and then nothing is known."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Promised, Story, Words, days, drawn_shares

WHEN = list(days(dt.date(2024, 1, 1), 366))
CLOSED = dt.date(2024, 6, 8)
OPEN = [day for day in WHEN if day <= CLOSED]


def numbers(told: Any) -> None:
    june = told.points[5]
    assert june["unfinished"]
    assert [p["value"] for p in told.points[6:]] == [None] * 6
    assert told.standing.state == "unknown"


STORY = Story(
    about="running period",
    rows=[
        *drawn_shares(WHEN, [0.96] * len(WHEN), 20, branch="OPEN"),
        *drawn_shares(OPEN, [0.96] * (len(OPEN) - 8) + [0.5] * 8, 20, branch="CLOSED"),
    ],
    indicator={**SHARE, "name": "On time"},
    promised=Promised(95),
    today=dt.date(2025, 1, 20),
    unit="CLOSED",
    numbers=numbers,
    says={
        "chart": Words(
            es=("solo hasta el 8 jun 2024, donde acaban los datos", "hasta mayo de 2024"),
            en=("only until 8 Jun 2024, where the data end", "to May 2024"),
        )
    },
)
