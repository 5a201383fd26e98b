"""Its last figures are of March, those of the others of June: it says nothing about now."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Promised, Story, Words, drawn_shares, months

WHEN = list(months(dt.date(2024, 1, 1), 18))


def numbers(told: Any) -> None:
    assert told.standing.state == "unknown"
    assert told.points[-1]["value"] is None


STORY = Story(
    about="gaps",
    rows=[
        *drawn_shares(WHEN, [0.96] * 18, 900, branch="LOUD"),
        *drawn_shares(WHEN[:15], [0.96] * 15, 900, branch="SILENT"),
    ],
    indicator={**SHARE, "name": "On time"},
    promised=Promised(95),
    today=dt.date(2025, 7, 4),
    unit="SILENT",
    numbers=numbers,
    says={
        "chart": Words(
            es=("hasta marzo de 2025; desde entonces no hay datos",), en=("to March 2025; no data since",)
        )
    },
)
