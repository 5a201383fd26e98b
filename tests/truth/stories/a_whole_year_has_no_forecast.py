"""Twelve months have happened: there is nothing to foretell."""

from __future__ import annotations

import datetime as dt

from tests.truth.story import SHARE, Promised, Story, Words, months, shares

STORY = Story(
    about="error budget",
    rows=shares(months(dt.date(2024, 1, 1), 24), [960] * 24, [1000] * 24),
    indicator={**SHARE, "name": "On time"},
    promised=Promised(95),
    today=dt.date(2026, 1, 8),
    says={
        "promise": Words(
            es=("Ha fallado el 80 % de lo que la promesa admite",),
            en=("80% of the failures that the promise allows",),
            never_es=("Previsión",),
            never_en=("Forecast",),
        )
    },
)
