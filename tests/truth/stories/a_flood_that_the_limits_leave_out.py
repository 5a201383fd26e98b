"""One month under water says nothing of the service: with it left out, the limits are those of the others."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.truth.story import SHARE, LeftOut, Story, Words, months, shares

WHEN = list(months(dt.date(2023, 1, 1), 24))
MET = [900 + 10 * (i % 3) for i in range(24)]
MET[8] = 300


def numbers(told: Any) -> None:
    flooded = told.at("2023-09-01")
    assert flooded["value"] == 30
    assert flooded["excluded"]
    assert flooded["signal"] == ""
    rest = [m for i, m in enumerate(MET) if i != 8]
    assert told.points[0]["centre"] == pytest.approx(sum(rest) / len(rest) / 10)
    assert told.points[0]["lower"] > 85
    assert told.signals == []
    assert told.standing.variation == "common_cause"


STORY = Story(
    about="left out of the limits",
    rows=shares(WHEN, MET, [1000] * 24),
    indicator={**SHARE, "name": "On time"},
    today=dt.date(2025, 1, 10),
    left_out=LeftOut(dt.date(2023, 9, 1), dt.date(2023, 9, 30), "La sede estuvo inundada."),
    numbers=numbers,
    says={
        "chart": Words(
            es=(
                "variación ordinaria",
                "No cuenta para los límites, con una cruz en el dibujo: septiembre de 2023. La sede estuvo inundada.",
            ),
            en=(
                "ordinary variation",
                "Left out of the limits, crossed in the drawing: September 2023. La sede estuvo inundada.",
            ),
            never_es=("Por debajo del límite",),
            never_en=("Below the lower limit",),
        ),
    },
)
