"""Ten cases a month, the first on the ninth and the last on the twenty-second: chance does that, and both months count."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Story, Words, drawn_shares, months

WHEN = list(months(dt.date(2023, 1, 1), 24))


def numbers(told: Any) -> None:
    assert len(told.points) == 24
    assert not any(p["unfinished"] for p in told.points)


def of_the_month(start: dt.date) -> list[dt.date]:
    """A case every third day, in the first month from the ninth on and in the last to the twenty-second."""
    first = 9 if start == WHEN[0] else 1
    last = 22 if start == WHEN[-1] else 28
    return [start.replace(day=day) for day in range(first, last + 1, 3)]


STORY = Story(
    about="running period",
    rows=[
        *drawn_shares(WHEN, [0.95] * 24, 200, branch="LARGE"),
        *drawn_shares(
            [d for m in WHEN for d in of_the_month(m)],
            [0.9] * sum(len(of_the_month(m)) for m in WHEN),
            1,
            branch="SMALL",
        ),
    ],
    indicator={**SHARE, "name": "On time"},
    today=dt.date(2025, 1, 20),
    unit="SMALL",
    numbers=numbers,
    says={"chart": Words(never_es=("donde empiezan los datos",), never_en=("where the data begin",))},
)
