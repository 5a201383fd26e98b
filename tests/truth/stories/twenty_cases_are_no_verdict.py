"""Nine of twenty kept the promise: too few to say that it is broken."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Promised, Story, Words, months, shares


def numbers(told: Any) -> None:
    assert set(told.line("verdict")) == {"unknown"}
    assert told.standing.state == "unknown"


STORY = Story(
    about="few cases",
    rows=shares(months(dt.date(2025, 1, 1), 12), [9] * 12, [20] * 12),
    indicator={**SHARE, "name": "On time"},
    promised=Promised(90),
    today=dt.date(2026, 1, 8),
    numbers=numbers,
    says={
        "home": Words(
            es=("Solo 20 casos en diciembre de 2025; hacen falta 30 para juzgar",),
            en=("Only 20 cases in December 2025; 30 are needed to judge",),
            never_es=("Incumplida desde",),
            never_en=("Broken since",),
        )
    },
)
