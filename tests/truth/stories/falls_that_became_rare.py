"""A fall every ten days, then one every two months: the days between tell it, and count those since the last."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import COUNT, Story, Words

FIRST = dt.date(2024, 1, 1)
BETWEEN = [9, 14, 6, 11, 3, 17, 8, 12, 5, 10, 15, 7, 4, 13, 9, 11, 6, 20, 8, 10, 12, 5, 9, 14, 70, 85, 60, 75]
DAYS = [FIRST]
for step in BETWEEN:
    DAYS.append(DAYS[-1] + dt.timedelta(days=step))


def numbers(told: Any) -> None:
    assert sum(v for v in told.line("value") if v) == len(DAYS)
    heading, *rows, running = told.table("between", "es")
    assert (heading[0], heading[3], heading[4]) == ("Suceso", "Días desde el anterior", "Ha terminado")
    assert len(rows) == len(BETWEEN)
    assert rows == sorted(rows), "oldest first, as the chart's own file has it"
    assert {row[4] for row in rows} == {"sí"}
    assert running[4] == "no"
    assert any("," in row[3] for row in rows)
    assert [float(row[3]) for row in told.table("between", "en")[1:-1]] == [
        float(row[3].replace(",", ".")) for row in rows
    ]


STORY = Story(
    about="rare events",
    rows=[{"day": day} for day in DAYS],
    indicator={**COUNT, "name": "Falls", "period": "week"},
    today=DAYS[-1] + dt.timedelta(days=5),
    unit="",
    numbers=numbers,
    says={
        "chart": Words(es=("Ver cuánto pasa entre uno y otro",), en=("See how long between",)),
        "between": Words(
            es=(
                "Días desde el anterior",
                "28 intervalos entre dos sucesos",
                "Mejora",
                "Ninguno desde entonces",
            ),
            en=("Days since the one before", "28 stretches between two events", "Improvement", "None since"),
            never_es=("Preocupa",),
            never_en=("Concern",),
        ),
    },
)
