"""A promise of at most 5 %: below it is kept, above it is not, in words and in figures."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Promised, Story, Words, months, shares

WHEN = list(months(dt.date(2024, 1, 1), 24))


def numbers(told: Any) -> None:
    assert told.line("verdict")[:18] == ["kept"] * 18
    assert told.line("verdict")[18:] == ["broken"] * 6


STORY = Story(
    about="promises",
    rows=shares(WHEN, [40] * 18 + [80] * 6, [1000] * 24),
    indicator={**SHARE, "name": "Abandoned", "better": "down"},
    promised=Promised(5, at_least=False),
    today=dt.date(2026, 1, 8),
    numbers=numbers,
    says={
        "home": Words(es=("Incumplida desde julio de 2025",), en=("Broken since July 2025",)),
        "chart": Words(
            es=("Abandoned: por encima del 5 % desde julio de 2025",),
            en=("Abandoned: above 5% since July 2025",),
        ),
        "promise": Words(
            es=("Casos que podían fallar hasta ahora 600",), en=("Cases that could fail so far 600",)
        ),
    },
)
