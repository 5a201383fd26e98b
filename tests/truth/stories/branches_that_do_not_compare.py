"""Small-injury units beside emergency departments: they are not comparable, and their type says why."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Story, Words, months

WHEN = list(months(dt.date(2024, 1, 1), 12))
CHANCES = [("minor", f"M{n}", 0.995) for n in range(8)] + [
    ("major", f"E{n}", 0.75 + 0.005 * n) for n in range(8)
]


def rows() -> list[dict[str, Any]]:
    return [
        {"day": day, "branch": code, "type": kind, "good": round(4000 * chance), "cases": 4000}
        for kind, code, chance in CHANCES
        for day in WHEN
    ]


STORY = Story(
    about="comparisons",
    rows=rows(),
    indicator={**SHARE, "name": "On time", "segments": "type"},
    today=dt.date(2025, 1, 8),
    says={
        "branches": Words(
            es=("Estas unidades no son comparables", "Sepárelas por «type»", "major", "minor"),
            en=("These units are not comparable", "Separate them by “type”", "major", "minor"),
            never_es=("por encima de las demás", "por debajo de las demás"),
            never_en=("above the others", "below the others"),
        )
    },
)
