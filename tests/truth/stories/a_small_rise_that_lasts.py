"""A rise too small for any one month: an average that remembers shows it, and says since about when."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from tests.truth.story import MEAN, Story, Words, months, values

WHEN = list(months(dt.date(2020, 1, 1), 60))
# Waits of 20 minutes, one more or less by chance; nearly one more from May 2023 on.
WAITS = np.round(np.random.default_rng(276).normal(20, 1, 60), 2)
WAITS[40:] = np.round(WAITS[40:] + 0.9, 2)
WAITS_TOLD = [float(w) for w in WAITS]


def numbers(told: Any) -> None:
    signal = told.signals[-1]
    assert signal["rules"] == ["ewma"]
    assert "2023-03-01" <= signal["periods"][0] <= "2023-09-01"
    assert 20.5 < signal["value"] < 22
    last = told.points[-1]
    assert last["statistic"] > last["statistic_upper"]
    assert last["upper"] is None
    assert told.standing.variation == "concern_high"
    # The chart for the data sees nothing in any month.
    address = f"indicators/{told.indicator.uid}/series?unit={told.unit.code}"
    assert told.api("GET", f"{address}&chart=data").json()["signals"] == []
    # Sums of deviations find the same.
    sums = told.api("GET", f"{address}&chart=cusum").json()
    assert sums["signals"][-1]["rules"] == ["cusum"]
    assert sums["signals"][-1]["periods"][0] == "2023-05-01"
    assert sums["points"][-1]["statistic_upper"] == 5


STORY = Story(
    about="charts that remember",
    rows=values(WHEN, WAITS_TOLD),
    indicator={**MEAN, "name": "Wait", "chart": "ewma"},
    today=dt.date(2025, 1, 10),
    numbers=numbers,
    says={
        "chart": Words(
            es=(
                "por encima de lo habitual (20,3 min) desde julio de 2023",
                "EWMA (media ponderada)",
                "De forma duradera por encima de lo habitual",
            ),
            en=(
                "higher than the usual 20.3 min since July 2023",
                "EWMA chart (weighted average)",
                "Lastingly above the usual",
            ),
            never_es=("variación ordinaria",),
            never_en=("ordinary variation",),
        ),
    },
)
