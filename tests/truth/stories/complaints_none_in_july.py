"""A month has rows but none that is a complaint: it counts zero and is far below the usual."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.truth.story import COUNT, Story, Words, from_file


def numbers(told: Any) -> None:
    july = told.at("2023-07-01")
    assert july["value"] == 0
    assert july["centre"] == pytest.approx(9.40, abs=0.005)
    assert july["lower"] == pytest.approx(0.20, abs=0.005)
    assert july["signal"] == "improvement"


STORY = Story(
    about="zeros",
    rows=from_file("complaints-none-in-july.csv"),
    indicator={**COUNT, "name": "Complaints", "condition": "kind = 'complaint'"},
    today=dt.date(2026, 11, 28),
    numbers=numbers,
    says={
        "signals": Words(
            es=("Bajo el límite inferior en julio de 2023: 0; se esperaba 0,2",),
            en=("Below the lower limit in July 2023: 0, expected 0.2",),
        )
    },
)
