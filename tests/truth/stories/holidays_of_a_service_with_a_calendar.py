"""A calendar names six holidays: they are no gaps, and a shift from 90 to 92.5 % is found as if there were none."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import OFFICE, SHARE, Story, Words, drawn_shares, weekdays

HOLIDAYS = [
    dt.date(2025, month, day) for month, day in ((1, 6), (3, 19), (4, 17), (4, 18), (5, 1), (5, 2), (6, 24))
]
WHEN = [day for day in weekdays(dt.date(2025, 1, 2), 137) if day not in HOLIDAYS][:130]


def numbers(told: Any) -> None:
    assert len(told.points) == 130
    assert None not in told.line("value")
    assert "run_of_nine" in {rule for signal in told.signals for rule in signal["rules"]}


STORY = Story(
    about="closed days",
    rows=drawn_shares(WHEN, [0.90] * 80 + [0.925] * 50, 120),
    indicator={**SHARE, "name": "Answered", "period": "day"},
    today=dt.date(2025, 7, 14),
    calendars=[{**OFFICE, "starts": dt.date(2025, 1, 1)}],
    closed=[{"first": day, "name": "Holiday"} for day in HOLIDAYS],
    numbers=numbers,
    says={
        "chart": Words(
            es=("130 días", "Quedan fuera los días en que el servicio está cerrado según su calendario."),
            en=("130 days", "Days on which the service is closed by its calendar are left out."),
            never_es=("sin datos", "¿Estaba cerrado", "Nunca tienen datos"),
            never_en=("no data", "No data on", "Was the service closed", "Never any data"),
        )
    },
)
