"""Two thousand different waits a month: the percentile is known within 1 %, and that is said."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from tests.truth.story import SEED, Story, Words, months

WHEN = list(months(dt.date(2024, 1, 1), 12))


def rows() -> list[dict[str, Any]]:
    random = np.random.default_rng(SEED)
    return [{"day": day, "value": round(w, 4)} for day in WHEN for w in random.lognormal(3, 0.8, 2000)]


ROWS = rows()


def numbers(told: Any) -> None:
    for point, day in zip(told.points, WHEN, strict=True):
        waits = sorted(row["value"] for row in ROWS if row["day"] == day)
        assert point["value"] == pytest.approx(waits[1799], rel=0.01)


STORY = Story(
    about="percentiles",
    rows=ROWS,
    indicator={
        "measure": "percentile",
        "value": "value",
        "quantile": 90,
        "measured_in": "min",
        "name": "Wait",
        "better": "down",
    },
    today=dt.date(2025, 1, 5),
    numbers=numbers,
    says={"chart": Words(es=("se conoce con un margen del 1 %",), en=("is known within 1%",))},
)
