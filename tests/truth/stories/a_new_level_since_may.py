"""From Monday to Friday 90 of 100 calls are answered until May, then 93: one change, told with the day and both levels."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Story, Words, drawn_shares, weekdays

WHEN = list(weekdays(dt.date(2025, 9, 29), 300))
SINCE = dt.date(2026, 5, 18)
ROWS = drawn_shares(WHEN, [0.904 if day < SINCE else 0.934 for day in WHEN], 120, seed=9)


def numbers(told: Any) -> None:
    levels = [s for s in told.signals if s["rule"] == "new_level"]
    assert len(levels) == 1
    assert len(told.signals) <= 2  # what stands out of its own level may be told beside
    assert told.standing.variation.startswith("improvement")


STORY = Story(
    about="change of level",
    rows=ROWS,
    indicator={**SHARE, "name": "Answered", "period": "day"},
    today=dt.date(2026, 11, 21),
    numbers=numbers,
    says={
        "chart": Words(
            es=("Answered: 93,", "desde alrededor del", "may 2026", "Fijar nuevos límites desde entonces"),
            en=("Answered: 93.", "since about", "May 2026", "Set limits anew from there"),
            never_es=("por encima de lo habitual", "vecinos se parecen"),
            never_en=("higher than the usual", "Neighbouring"),
        )
    },
)
