"""Short of the target since September, beyond the tolerance since November: both dates, explained."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Promised, Story, Words, months, shares

WHEN = list(months(dt.date(2024, 1, 1), 24))
CHANCE = [0.97] * 20 + [0.94] * 2 + [0.90] * 2


def numbers(told: Any) -> None:
    assert told.line("verdict")[-4:] == ["at_risk", "at_risk", "broken", "broken"]
    assert told.standing.state == "broken"


STORY = Story(
    about="promises",
    rows=shares(WHEN, [round(5000 * c) for c in CHANCE], [5000] * 24),
    indicator={**SHARE, "name": "On time"},
    promised=Promised(95, tolerance=2),
    today=dt.date(2026, 1, 8),
    numbers=numbers,
    says={
        "home": Words(
            es=("Incumplida desde noviembre de 2025, sin llegar a la meta desde septiembre de 2025",),
            en=("Broken since November 2025, short of the target since September 2025",),
        ),
        "chart": Words(
            es=(
                "por debajo del 95 % desde septiembre de 2025, y fuera de la tolerancia desde noviembre de 2025",
            ),
            en=("below 95% since September 2025, beyond the tolerance since November 2025",),
        ),
    },
)
