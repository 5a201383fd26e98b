"""One branch is open on Saturdays and one is not: each follows its calendar, and the whole is open when either is."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import OFFICE, SHARE, Story, Words, days, drawn_shares

FIRST, COUNT = dt.date(2025, 1, 6), 182
LACKING = dt.date(
    2025, 3, 15
)  # a Saturday on which the branch in the mall served and nobody sent its figures
CITY = [day for day in days(FIRST, COUNT) if day.weekday() < 5]
MALL = [day for day in days(FIRST, COUNT) if day.weekday() < 6 and day != LACKING]


def numbers(told: Any) -> None:
    from calidez.monitoring.selectors import series_by_unit, series_of
    from calidez.people.models import Unit

    assert told.at(LACKING.isoformat())["value"] is None
    assert len(told.points) == len(MALL) + 1
    city, whole = Unit.objects.get(code="CITY"), Unit.objects.get(parent=None)
    assert series_of(told.indicator, city).periods == tuple(CITY)
    together = series_of(told.indicator, whole)
    assert together.periods == tuple(sorted({*MALL, LACKING}))
    found = series_by_unit(told.indicator.versions.get())
    assert found[whole.pk].periods == together.periods
    assert found[city.pk].periods == tuple(CITY)


STORY = Story(
    about="closed days",
    rows=[
        *drawn_shares(CITY, [0.9] * len(CITY), 100, branch="CITY"),
        *drawn_shares(MALL, [0.92] * len(MALL), 100, branch="MALL"),
    ],
    indicator={**SHARE, "name": "Answered", "period": "day"},
    today=dt.date(2025, 7, 7),
    unit="MALL",
    calendars=[
        {**OFFICE, "starts": dt.date(2024, 1, 1)},
        {**OFFICE, "saturday": "10:00-14:00", "starts": dt.date(2024, 1, 1), "unit": "MALL"},
    ],
    numbers=numbers,
    says={
        "chart": Words(
            es=("Sin datos en 1 día: 15 mar 2025.",),
            en=("No data on 1 day: 15 Mar 2025.",),
            never_es=("Nunca tienen datos",),
            never_en=("Never any data",),
        )
    },
)
