"""Seventeen patients are 17, not 17.0."""

from __future__ import annotations

import datetime as dt

from tests.truth.story import COUNT, Story, Words, events, months

WHEN = list(months(dt.date(2023, 1, 1), 24))
STORY = Story(
    about="words",
    rows=events(WHEN, [17, 19, 16, 18, 17, 15] * 3 + [17, 19, 16, 18, 17, 60]),
    indicator={**COUNT, "name": "Patients", "measured_in": "patients"},
    today=dt.date(2025, 1, 6),
    says={
        "signals": Words(
            es=("en diciembre de 2024: 60 patients",),
            en=("in December 2024: 60 patients",),
            never_es=("60,0",),
            never_en=("60.0",),
        )
    },
)
