"""A row with 102 of 100 is left out, and the page says how many rows were."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Story, Words, months, shares

WHEN = list(months(dt.date(2024, 1, 1), 14))


def numbers(told: Any) -> None:
    assert max(v for v in told.line("value") if v is not None) <= 100
    assert told.at("2024-06-01")["value"] is None


STORY = Story(
    about="impossible numbers",
    rows=shares(WHEN, [102 if day == dt.date(2024, 6, 1) else 90 for day in WHEN], [100] * 14),
    indicator={**SHARE, "name": "Delivered"},
    today=dt.date(2025, 3, 6),
    numbers=numbers,
    says={"chart": Words(es=("Se deja fuera 1 fila",), en=("1 row is left out",))},
)
