"""The same winters where somebody let the limits follow the month: ordinary, and said to be for the month."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.stories.winters_that_come_back import WHEN, WINTER
from tests.truth.story import SHARE, Story, Words, drawn_shares


def numbers(told: Any) -> None:
    assert told.series["variation"] == "common_cause"
    january, july = told.at("2025-01-01"), told.at("2025-07-01")
    assert january["centre"] < 87 < 91 < july["centre"]


STORY = Story(
    about="seasons",
    rows=drawn_shares(WHEN, [WINTER.get(day.month, 0.93) for day in WHEN], 600),
    indicator={**SHARE, "name": "Seen in time", "adjust": "month"},
    today=dt.date(2026, 1, 9),
    numbers=numbers,
    says={
        "chart": Words(
            es=("variación ordinaria para el mes del año", "lo más bajo, enero"),
            en=("ordinary variation for the month of the year", "least in January"),
            never_es=("Que los límites lo sigan",),
            never_en=("Let the limits follow it",),
        )
    },
)
