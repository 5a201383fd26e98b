"""Monthly figures from July on: the first year is half a year and no low point."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import Story, Words, months

WHEN = list(months(dt.date(2010, 7, 1), 6 + 14 * 12))


def numbers(told: Any) -> None:
    assert told.points[0]["unfinished"]
    assert not told.signals


STORY = Story(
    about="running period",
    rows=[{"day": day, "passengers": 1000 + 10 * (n % 7)} for n, day in enumerate(WHEN)],
    indicator={
        "measure": "sum",
        "value": "passengers",
        "measured_in": "passengers",
        "period": "year",
        "name": "Passengers",
    },
    today=dt.date(2025, 3, 1),
    numbers=numbers,
    says={
        "chart": Words(
            es=("solo desde el 1 jul 2010, donde empiezan los datos",),
            en=("only from 1 Jul 2010, where the data begin",),
        )
    },
)
