"""75 falls in 104 weeks, 46 of them without one: the weeks without a fall count."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.truth.story import COUNT, Story, Words, from_file


def numbers(told: Any) -> None:
    values = told.line("value")
    assert len(values) == 104
    assert sum(value == 0 for value in values) == 46
    assert told.points[0]["centre"] == pytest.approx(0.72, abs=0.005)
    assert told.points[0]["upper"] == pytest.approx(3.27, abs=0.005)


STORY = Story(
    about="rare events",
    rows=from_file("falls-weekly.csv"),
    indicator={**COUNT, "name": "Falls", "period": "week"},
    today=dt.date(2026, 11, 28),
    says={"chart": Words(es=("75",), en=("75",))},
    numbers=numbers,
)
