"""A service rises for good in the middle and breaks down on two days: one change and two days, and not “unstable”."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Story, Words, days, drawn_shares

WHEN = list(days(dt.date(2025, 1, 6), 160))
BAD = {dt.date(2025, 2, 14), dt.date(2025, 5, 20)}


def chance(n: int, day: dt.date) -> float:
    return 0.6 if day in BAD else 0.9 if n < 80 else 0.95


def numbers(told: Any) -> None:
    days_told = [s["periods"][0] for s in told.signals if s["rule"] == "beyond_limits"]
    assert {"2025-02-14", "2025-05-20"} <= set(days_told)
    assert [s["rule"] for s in told.signals].count("new_level") == 1


STORY = Story(
    about="change of level",
    rows=drawn_shares(WHEN, [chance(n, day) for n, day in enumerate(WHEN)], 150, seed=3),
    indicator={**SHARE, "name": "Answered", "period": "day"},
    today=dt.date(2025, 6, 15),
    numbers=numbers,
    says={
        "chart": Words(
            es=("Answered: 94,", "desde alrededor del 2", "mar 2025; antes, 89,6 %"),
            en=("Answered: 94.", "since about 2", "Mar 2025, 89.6%"),
            never_es=("inestable",),
            never_en=("unstable",),
        )
    },
)
