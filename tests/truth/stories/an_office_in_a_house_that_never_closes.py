"""The calendar opens every day, the figures come from Monday to Friday: no gap each week-end, and it is said why."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Story, Words, drawn_shares, weekdays

from calidez.people.models import WEEKDAYS

WHEN = list(weekdays(dt.date(2025, 1, 6), 130))


def numbers(told: Any) -> None:
    assert len(told.points) == 130
    assert "run_of_nine" in {rule for signal in told.signals for rule in signal["rules"]}


STORY = Story(
    about="closed days",
    rows=drawn_shares(WHEN, [0.90] * 80 + [0.925] * 50, 120),
    indicator={**SHARE, "name": "Answered", "period": "day"},
    today=dt.date(2025, 7, 7),
    calendars=[{**dict.fromkeys(WEEKDAYS, "00:00-24:00"), "starts": dt.date(2025, 1, 1)}],
    numbers=numbers,
    says={
        "chart": Words(
            es=(
                "Nunca tienen datos y por eso quedan fuera, aunque el calendario los abre: sábado, domingo.",
            ),
            en=("Never any data, so left out although the calendar opens them: Saturday, Sunday.",),
            never_es=("¿Está cerrado",),
            never_en=("Is the service closed",),
        )
    },
)
