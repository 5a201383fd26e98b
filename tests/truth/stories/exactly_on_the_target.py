"""95 of 100 keep a promise of 95 %, whatever binary fractions make of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Promised, Story, Words, months, shares

WHEN = list(months(dt.date(2024, 1, 1), 12))


def numbers(told: Any) -> None:
    assert set(told.line("verdict")) == {"kept"}
    assert not told.signals


STORY = Story(
    about="promises",
    rows=shares(WHEN, [95] * 12, [100] * 12),
    indicator={**SHARE, "name": "On time"},
    promised=Promised(95),
    today=dt.date(2025, 1, 8),
    numbers=numbers,
    says={"home": Words(es=("La promesa se cumple",), en=("The promise is kept",))},
)
