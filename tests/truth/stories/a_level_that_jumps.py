"""Five flat levels, one after the other: it is said that they change and when the last one began, not that they drift."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Story, Words, drawn_shares, months

LEVELS = (0.75, 0.88, 0.70, 0.82, 0.92)
WHEN = list(months(dt.date(2021, 1, 1), 60))


def numbers(told: Any) -> None:
    assert told.standing.variation == "unstable"
    # What is not told by itself is counted on the page; only the level of today is a signal.
    assert all(signal["periods"][-1] == "2025-12-01" for signal in told.signals)


STORY = Story(
    about="changes of level",
    rows=drawn_shares(WHEN, [LEVELS[i // 12] for i in range(60)], 400),
    indicator={**SHARE, "name": "Solved"},
    today=dt.date(2026, 1, 12),
    numbers=numbers,
    says={
        "chart": Words(
            es=(
                "Solved: su nivel ha cambiado una y otra vez, la última hacia enero de 2025",
                "no se cuentan uno por uno. Su nivel cambia una y otra vez, y eso se dice una sola vez.",
                "Fijar nuevos límites desde entonces",
            ),
            en=(
                "Solved: its level has changed again and again, last about January 2025",
                "are not told one by one. Its level changes again and again, which is said once.",
                "Set limits anew from there",
            ),
            never_es=("a la deriva", "Los períodos vecinos se parecen"),
            never_en=("wanders", "Neighbouring periods resemble"),
        ),
    },
)
