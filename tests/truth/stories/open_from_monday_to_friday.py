"""A service closed at week-ends improves from 90 to 92.5%: the run is found, and no week-end is a gap."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from tests.truth.story import SHARE, Story, Words, drawn_shares, weekdays

WHEN = list(weekdays(dt.date(2025, 1, 6), 130))


def numbers(told: Any) -> None:
    assert len(told.points) == 130
    assert None not in told.line("value")
    assert "run_of_nine" in {rule for signal in told.signals for rule in signal["rules"]}
    chart = told.client.get(told.address).content.decode()
    (way,) = set(re.findall(r'href="([^"]*/opening-hours/[^"]*)"', chart))
    form = told.client.get(way.replace("&amp;", "&"), follow=True).content.decode()
    assert "tell the weekdays but not the hours" in form
    assert not re.search(r'name="\w+-0-(?:from|until)" value="\d', form)


STORY = Story(
    about="closed days",
    rows=drawn_shares(WHEN, [0.90] * 80 + [0.925] * 50, 120),
    indicator={**SHARE, "name": "Answered", "period": "day"},
    today=dt.date(2025, 7, 7),
    numbers=numbers,
    says={"chart": Words(es=("130 días",), en=("130 days",), never_es=("sin datos",), never_en=("no data",))},
)
