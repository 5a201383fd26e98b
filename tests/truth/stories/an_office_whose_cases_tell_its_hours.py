"""Cases with their times of the day: the calendar that is proposed has the hours in which they came."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from tests.truth.story import COUNT, Story, Words, weekdays

WHEN = list(weekdays(dt.date(2025, 1, 6), 120))
# On Fridays it closes at one; one case is a slip of the clock.
MOMENTS = [
    dt.datetime.combine(day, dt.time(hour, minute))
    for day in WHEN
    for hour in range(8, 13 if day.weekday() == 4 else 15)
    for minute in (5, 25, 45)
]


def numbers(told: Any) -> None:
    chart = told.client.get(told.address).content.decode()
    (way,) = set(re.findall(r'href="([^"]*/opening-hours/[^"]*)"', chart))
    form = told.client.get(way.replace("&amp;", "&"), follow=True).content.decode()
    assert "nearly all cases of the last year" in form
    said = dict(re.findall(r'name="(\w+-0-(?:from|until))" value="([^"]*)"', form))
    assert (said["monday-0-from"], said["monday-0-until"]) == ("08:00", "15:00")
    assert (said["friday-0-from"], said["friday-0-until"]) == ("08:00", "13:00")
    assert (said["saturday-0-from"], said["saturday-0-until"]) == ("", "")


STORY = Story(
    about="closed days",
    rows=[{"moment": moment} for moment in [*MOMENTS, dt.datetime(2025, 3, 3, 3, 10)]],
    indicator={**COUNT, "name": "Visits", "period": "day"},
    today=dt.date(2025, 7, 7),
    numbers=numbers,
    says={
        "chart": Words(es=("Anotar los días de apertura",), en=("Write down the opening days",)),
    },
)
