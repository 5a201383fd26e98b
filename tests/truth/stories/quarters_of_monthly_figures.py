"""Monthly figures by quarter, the last quarter with two of its months: drawn, not judged."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import Story, Words, months

WHEN = list(months(dt.date(2021, 1, 1), 50))


def numbers(told: Any) -> None:
    assert told.points[-1]["period"] == "2025-01-01"
    assert told.points[-1]["unfinished"]
    assert not told.signals


STORY = Story(
    about="running period",
    rows=[{"day": day, "visits": 3000 + 20 * (n % 5)} for n, day in enumerate(WHEN)],
    indicator={
        "measure": "sum",
        "value": "visits",
        "measured_in": "visits",
        "period": "quarter",
        "name": "Visits",
    },
    today=dt.date(2025, 6, 1),
    numbers=numbers,
    says={"chart": Words(es=("donde acaban los datos",), en=("where the data end",))},
)
