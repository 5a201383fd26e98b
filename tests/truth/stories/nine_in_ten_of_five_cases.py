"""Waits of 10, 20, 30, 40 and 100: nine in ten are reached at 100, whichever way they are counted."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import Story, Words, from_file


def numbers(told: Any) -> None:
    assert set(told.line("value")) == {100}


STORY = Story(
    about="percentiles",
    rows=from_file("p90-five-cases.csv"),
    indicator={
        "measure": "percentile",
        "value": "w",
        "quantile": 90,
        "measured_in": "min",
        "name": "Wait",
        "better": "down",
    },
    today=dt.date(2024, 3, 5),
    numbers=numbers,
    says={"chart": Words(never_es=("1 %.",), never_en=("within 1%",))},
)
