"""Shares near 100 % have no upper limit above it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Story, Words, drawn_shares, months

WHEN = list(months(dt.date(2023, 1, 1), 24))


def numbers(told: Any) -> None:
    assert max(told.line("upper")) <= 100
    assert not told.signals


STORY = Story(
    about="limits",
    rows=drawn_shares(WHEN, [0.985] * 24, 150),
    indicator={**SHARE, "name": "Cured"},
    today=dt.date(2025, 1, 6),
    numbers=numbers,
    says={"chart": Words(es=("variación ordinaria",), en=("ordinary variation",))},
)
