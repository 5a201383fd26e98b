"""Falls short every winter: the season is named and offered, and no winter is a signal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Story, Words, drawn_shares, months

WHEN = list(months(dt.date(2021, 1, 1), 60))
WINTER = {12: 0.86, 1: 0.84, 2: 0.86}


def numbers(told: Any) -> None:
    assert not told.signals
    assert told.series["variation"] == "unstable"


STORY = Story(
    about="seasons",
    rows=drawn_shares(WHEN, [WINTER.get(day.month, 0.93) for day in WHEN], 600),
    indicator={**SHARE, "name": "Seen in time"},
    today=dt.date(2026, 1, 9),
    numbers=numbers,
    says={
        "chart": Words(
            es=("Seen in time: varía según el mes del año", "Que los límites lo sigan"),
            en=("Seen in time: varies with the month of the year", "Let the limits follow it"),
            never_es=("variación ordinaria", "desde diciembre"),
            never_en=("ordinary variation", "since December"),
        )
    },
)
