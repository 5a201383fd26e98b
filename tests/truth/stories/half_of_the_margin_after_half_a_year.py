"""Half as many failed as is allowed so far; the forecast stands apart."""

from __future__ import annotations

import datetime as dt

from tests.truth.story import SHARE, Promised, Story, Words, months, shares

STORY = Story(
    about="error budget",
    rows=shares(months(dt.date(2025, 1, 1), 6), [975] * 6, [1000] * 6),
    indicator={**SHARE, "name": "On time"},
    promised=Promised(95, starts=dt.date(2025, 1, 1)),
    today=dt.date(2025, 7, 8),
    says={
        "promise": Words(
            never_es=("está cambiando",),
            never_en=("is changing",),
            es=(
                "Ha fallado el 50 % de lo que la promesa admite hasta ahora",
                "Casos que podían fallar hasta ahora 300",
                "Casos que incumplieron 150",
                "pueden fallar 605 de 12 108; ya han fallado 150, el 25 % de ellos",
            ),
            en=(
                "50% of the failures that the promise allows so far have happened",
                "Cases that could fail so far 300",
                "Cases that failed 150",
                "605 of 12,108 may fail; 150 already have, 25% of them",
            ),
        )
    },
)
