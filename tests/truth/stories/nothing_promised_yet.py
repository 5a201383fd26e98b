"""A promise that begins next year judges no month of this one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Promised, Story, Words, months, shares

WHEN = list(months(dt.date(2024, 1, 1), 12))


def numbers(told: Any) -> None:
    assert set(told.line("verdict")) == {"no_target"}


STORY = Story(
    about="promises",
    rows=shares(WHEN, [900] * 12, [1000] * 12),
    indicator={**SHARE, "name": "On time"},
    promised=Promised(95, starts=dt.date(2025, 1, 1)),
    today=dt.date(2025, 1, 8),
    numbers=numbers,
    says={
        "home": Words(never_es=("Incumplida", "no se cumple"), never_en=("Broken since", "is not kept")),
    },
)
