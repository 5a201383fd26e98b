"""A promise last measured in 2019 is told in the past, on home and on its page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Promised, Story, Words, months, shares

WHEN = list(months(dt.date(2017, 4, 1), 24))
# What the icons of a chart say: neither what was kept or broken long ago is so now.
NO_FORECAST = ("La meta se incumple", "The target will be missed")


def numbers(told: Any) -> None:
    assert told.standing.state == "broken"


STORY = Story(
    about="the past",
    rows=shares(WHEN, [8800, 8790, 8810] * 8, [10000] * 24),
    indicator={**SHARE, "name": "On time"},
    promised=Promised(95),
    today=dt.date(2026, 11, 28),
    numbers=numbers,
    says={
        "home": Words(
            es=(
                "La promesa no se cumplía en marzo de 2019; desde entonces no hay datos",
                "No se cumplía en marzo de 2019 (88,1 %); desde entonces no hay datos",
                "Sin datos ahora",
                "Los últimos cambios, hasta marzo de 2019 Ninguna señal en los tres últimos períodos con datos",
            ),
            en=(
                "The promise was not kept in March 2019; there are no data since",
                "Was not kept in March 2019 (88.1%); no data since",
                "No data now",
                "The last changes, until March 2019 No signal in the last three periods with data",
            ),
            never_es=("La promesa no se cumple", "Incumplida desde", "Cambios recientes", *NO_FORECAST),
            never_en=("The promise is not kept", "Broken since", "Changed lately", *NO_FORECAST),
        ),
        "chart": Words(
            es=(
                "no llegó a la meta del 95 % desde abril de 2017 hasta marzo de 2019; desde entonces no hay datos",
            ),
            en=("was short of 95% from April 2017 to March 2019; no data since",),
            never_es=NO_FORECAST,
            never_en=NO_FORECAST,
        ),
    },
)
