"""One month says what it was; no limits, no icon, no verdict of change."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Story, Words, shares


def numbers(told: Any) -> None:
    assert told.series["chart"] == ""
    assert told.series["variation"] == "not_enough_data"


STORY = Story(
    about="few cases",
    rows=shares([dt.date(2025, 3, 1)], [91], [100]),
    indicator={**SHARE, "name": "On time"},
    today=dt.date(2025, 4, 4),
    numbers=numbers,
    says={
        "chart": Words(
            es=("On time: 91,0 % en marzo de 2025", "Solo hay datos de 1 período"),
            en=("On time: 91.0% in March 2025", "There is data for 1 period only"),
        )
    },
)
