"""Three months say what they were; none of them stands out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Story, Words, months, shares


def numbers(told: Any) -> None:
    assert len(told.points) == 3
    assert not told.signals
    assert told.series["variation"] == "not_enough_data"


STORY = Story(
    about="few cases",
    rows=shares(months(dt.date(2025, 1, 1), 3), [990, 500, 985], [1000] * 3),
    indicator={**SHARE, "name": "On time"},
    today=dt.date(2025, 4, 4),
    numbers=numbers,
    says={
        "chart": Words(
            es=("98,5 % en marzo de 2025",),
            en=("98.5% in March 2025",),
            never_es=("límite inferior en",),
            never_en=("lower limit in",),
        )
    },
)
