"""One day among a hundred far below: on that day, with its date and article."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Story, Words, days, shares

WHEN = list(days(dt.date(2025, 1, 6), 100))
BAD = dt.date(2025, 2, 28)


def numbers(told: Any) -> None:
    assert [signal["periods"] for signal in told.signals] == [["2025-02-28"]]


STORY = Story(
    about="words",
    rows=shares(
        WHEN, [600 if day == BAD else 900 + (7 * n) % 13 - 6 for n, day in enumerate(WHEN)], [1000] * 100
    ),
    indicator={**SHARE, "name": "Answered", "period": "day"},
    today=dt.date(2025, 4, 17),
    numbers=numbers,
    says={
        "signals": Words(
            es=("Bajo el límite inferior el 28 feb 2025: 60,0 %",),
            en=("Below the lower limit on 28 Feb 2025: 60.0%",),
        ),
        "chart": Words(
            es=("fuera de lo ordinario el 28 feb 2025",), en=("out of the ordinary on 28 Feb 2025",)
        ),
    },
)
