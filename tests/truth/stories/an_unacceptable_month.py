"""Worse than the threshold that asks for a reaction, and told so as long as it is news."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Promised, Story, Words, months, shares

WHEN = list(months(dt.date(2024, 1, 1), 24))


def numbers(told: Any) -> None:
    assert told.standing.unacceptable
    assert told.points[-1]["unacceptable"]


STORY = Story(
    about="promises",
    rows=shares(WHEN, [960] * 23 + [700], [1000] * 24),
    indicator={**SHARE, "name": "On time"},
    promised=Promised(95, unacceptable=75),
    today=dt.date(2026, 1, 8),
    numbers=numbers,
    says={"chart": Words(es=("Inaceptable",), en=("Unacceptable",))},
)
