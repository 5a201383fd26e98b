"""A month far below the limits and then six ordinary ones: the title speaks of it, and says that it is over."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Story, Words, months, shares

WHEN = list(months(dt.date(2023, 1, 1), 30))
MET = [905, 898, 902, 896, 901, 899] * 5


def numbers(told: Any) -> None:
    assert [signal["periods"] for signal in told.signals] == [["2024-12-01"]]
    assert told.series["variation"] == "common_cause"


STORY = Story(
    about="headlines",
    rows=shares(
        WHEN,
        [700 if day == dt.date(2024, 12, 1) else m for day, m in zip(WHEN, MET, strict=True)],
        [1000] * 30,
    ),
    indicator={**SHARE, "name": "Answered"},
    today=dt.date(2025, 7, 6),
    numbers=numbers,
    says={
        "chart": Words(
            es=(
                "Answered: fuera de lo ordinario en diciembre de 2024; desde entonces, de vuelta en sus límites",
            ),
            en=("Answered: out of the ordinary in December 2024; back inside its limits since",),
            never_es=("variación ordinaria en torno",),
            never_en=("ordinary variation around",),
        )
    },
)
