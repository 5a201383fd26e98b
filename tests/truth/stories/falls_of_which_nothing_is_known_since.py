"""The last fall was in February: nobody said that none happened since, so the page asks."""

from __future__ import annotations

import datetime as dt

from tests.truth.story import COUNT, Story, Words, events, months

STORY = Story(
    about="zeros",
    rows=events(months(dt.date(2023, 1, 1), 26), [1 + n % 3 for n in range(26)]),
    indicator={**COUNT, "name": "Falls"},
    today=dt.date(2025, 5, 2),
    says={
        "chart": Words(
            es=("Después del 1 feb 2025 no se sabe nada", "Está completo hasta ayer"),
            en=("Nothing is known after", "It is complete until yesterday"),
        )
    },
)
