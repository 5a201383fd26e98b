"""Without a calendar a holiday is a gap, and it is offered to write it down; Christmas of two years comes back each year."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Story, Words, drawn_shares, weekdays

HOLIDAYS = [dt.date(2024, 12, 25), dt.date(2025, 5, 1), dt.date(2025, 5, 2), dt.date(2025, 12, 25)]
WHEN = [day for day in weekdays(dt.date(2024, 9, 2), 364) if day not in HOLIDAYS]


def numbers(told: Any) -> None:
    for day in HOLIDAYS:
        assert told.at(day.isoformat())["value"] is None
    assert len(told.points) == len(WHEN) + len(HOLIDAYS)


STORY = Story(
    about="closed days",
    rows=drawn_shares(WHEN, [0.9] * len(WHEN), 120),
    indicator={**SHARE, "name": "Answered", "period": "day"},
    today=dt.date(2026, 1, 26),
    numbers=numbers,
    says={
        "chart": Words(
            es=(
                "Nunca hay datos en sábado ni domingo, y tampoco en 4 días más: 25 dic 2024 y cada año desde entonces, 1 may 2025 – 2 may 2025. ¿Estaba cerrado el servicio?",
                "Anotar los días de apertura",
                "Anotar los días de cierre",
                "Nunca tienen datos y por eso quedan fuera: sábado, domingo.",
            ),
            en=(
                "No data on any Saturday or Sunday, and none on 4 other days: 25 Dec 2024 and each year since, 1 May 2025 – 2 May 2025. Was the service closed?",
                "Write down the opening days",
                "Write down the closed days",
            ),
        )
    },
)
