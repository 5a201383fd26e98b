"""A fall every two months, counted by day: no single one is out of the ordinary, and how long between is what tells."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import COUNT, Story, Words

FIRST = dt.date(2023, 1, 2)
BETWEEN = [58, 75, 41, 66, 52, 83, 49, 60, 71, 38, 64, 57, 69, 45, 62]
DAYS = [FIRST]
for step in BETWEEN:
    DAYS.append(DAYS[-1] + dt.timedelta(days=step))


def numbers(told: Any) -> None:
    assert told.points[0]["upper"] < 1
    assert told.signals == []
    assert told.standing.variation == "common_cause"


STORY = Story(
    about="rare events",
    rows=[{"day": day} for day in DAYS],
    indicator={**COUNT, "name": "Falls", "period": "day"},
    today=DAYS[-1] + dt.timedelta(days=3),
    numbers=numbers,
    says={
        "chart": Words(
            es=("variación ordinaria", "Ver cuánto pasa entre uno y otro"),
            en=("ordinary variation", "See how long between"),
            never_es=("Deterioro", "falsa alarma"),
            never_en=("Concern", "false alarm"),
        ),
        "between": Words(
            es=("de uno al siguiente, con la variación propia del azar", "15 intervalos"),
            en=("from one to the next, as chance makes it vary", "15 stretches"),
        ),
    },
)
