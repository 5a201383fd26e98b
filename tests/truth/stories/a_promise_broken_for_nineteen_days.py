"""Kept in none of its nineteen days: what could fail is counted over those days, not over a year to come."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Promised, Story, Words, days, shares

WHEN = list(days(dt.date(2025, 2, 10), 19))


def numbers(told: Any) -> None:
    assert set(told.line("verdict")) == {"broken"}


STORY = Story(
    about="error budget",
    rows=shares(WHEN, [520] * 19, [1132] * 19),
    indicator={**SHARE, "name": "Answered", "period": "day"},
    promised=Promised(80, starts=dt.date(2025, 2, 10)),
    today=dt.date(2025, 3, 1),
    numbers=numbers,
    says={
        "promise": Words(
            es=(
                "Fallaron 2,7 veces los casos que la promesa admite",
                "Casos que podían fallar hasta ahora 4 302 de 21 508 casos",
                "Falló más de lo admitido en 19 de 19 días",
                "Previsión para el año completo",
            ),
            en=(
                "2.7 times as many cases failed as the promise allows",
                "Cases that could fail so far 4,302 of 21,508 cases",
                "More failed than is allowed in 19 of 19 days",
                "Forecast for the whole year",
            ),
            never_es=("Queda el 79",),
            never_en=("79% of the margin is left",),
        )
    },
)
