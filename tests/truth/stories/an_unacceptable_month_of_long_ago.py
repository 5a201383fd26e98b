"""The same seven years later asks nobody for a reaction."""

from __future__ import annotations

import datetime as dt

from tests.truth.story import SHARE, Promised, Story, Words, months, shares

WHEN = list(months(dt.date(2017, 4, 1), 24))
STORY = Story(
    about="the past",
    rows=shares(WHEN, [960] * 23 + [700], [1000] * 24),
    indicator={**SHARE, "name": "On time"},
    promised=Promised(95, unacceptable=75),
    today=dt.date(2026, 11, 28),
    says={
        "chart": Words(
            es=("Sin datos ahora",),
            en=("No data now",),
            never_es=("Inaceptable",),
            never_en=("Unacceptable",),
        ),
        "home": Words(never_es=("Inaceptable",), never_en=("Unacceptable",)),
    },
)
