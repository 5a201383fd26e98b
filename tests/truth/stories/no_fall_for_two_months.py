"""The last fall was on 2 March, and the register is complete until the end of April: two months of none are zeros."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import COUNT, Story, Words, events, months

WHEN = list(months(dt.date(2023, 1, 1), 27))


def numbers(told: Any) -> None:
    assert told.points[-1]["period"] == "2025-04-01"
    assert told.line("value")[-2:] == [0, 0] or told.line("value")[-1] == 0


STORY = Story(
    about="zeros",
    rows=events(WHEN, [1 + n % 3 for n in range(26)] + [1]),
    indicator={**COUNT, "name": "Falls"},
    today=dt.date(2025, 5, 2),
    complete_until=dt.date(2025, 4, 30),
    numbers=numbers,
    says={
        "chart": Words(
            es=("La última fila es del 1 mar 2025; el registro está completo hasta el 30 abr 2025",),
            en=("The last row is of 1 Mar 2025; the record is complete until 30 Apr 2025",),
            never_es=("no hay datos", "solo hasta"),
            never_en=("no data since", "only until"),
        )
    },
)
