"""Every month above the target, with cases enough."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Promised, Story, Words, drawn_shares, months

WHEN = list(months(dt.date(2024, 1, 1), 24))


def numbers(told: Any) -> None:
    assert set(told.line("verdict")) == {"kept"}
    assert told.standing.state == "kept"
    assert told.series["assurance"] == "consistently_met"


STORY = Story(
    about="promises",
    rows=drawn_shares(WHEN, [0.97] * 24, 2000),
    indicator={**SHARE, "name": "On time"},
    promised=Promised(95),
    today=dt.date(2026, 1, 8),
    numbers=numbers,
    says={
        "home": Words(
            es=("La promesa se cumple", "Cumplida desde enero de 2024"),
            en=("The promise is kept", "Kept since January 2024"),
        ),
        "chart": Words(
            es=("On time: meta del 95 % cumplida desde enero de 2024",),
            en=("On time: on the target of 95% since January 2024",),
        ),
    },
)
