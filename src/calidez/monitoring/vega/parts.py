"""What all drawings have in common: words, moments and axes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from calidez.kit.platform.formats import with_unit

Spec = dict[str, Any]


@dataclass(frozen=True)
class Words:
    """The words of a chart in the reader's language; figures come with their unit."""

    upper: str = ""
    centre: str = ""
    lower: str = ""
    unit: str = ""


def titled(spec: Spec, title: str, lines: Iterable[str]) -> Spec:
    """The same drawing with its words on it, for a file that leaves the page."""
    return {**spec, "title": {"text": title, "subtitle": [line for line in lines if line], "offset": 18}}


def haloed(text: Spec) -> list[Spec]:
    """A layer of words with the ground of the page around its letters, to be read over whatever line is behind them."""
    ground = {**text["mark"], "stroke": "--c-surface", "strokeWidth": 4, "strokeJoin": "round"}
    return [{**text, "mark": ground}, text]


def moment(day: dt.date) -> str:
    # Without the time a browser reads the day in UTC, and draws the day before west of it.
    return f"{day.isoformat()}T00:00:00"


def time_axis(starts: Sequence[dt.date], period: str) -> Spec:
    """Ticks at round dates; the year stands under its first month only."""
    span = (starts[-1] - starts[0]).days if len(starts) > 1 else 0
    years = span / 365.25
    yearly = "timeFormat(datum.value, '%Y')"
    if period == "year" or years > 9:
        return {"title": None, "tickCount": "year", "labelExpr": yearly}
    if period in {"day", "week"} and years < 0.8:
        text = "timeFormat(datum.value, '%e %b')"
        return {"title": None, "tickCount": 8, "labelExpr": f"datum.index == 0 ? [{text}, {yearly}] : {text}"}
    step = 1 if years <= 1.2 else 3 if years <= 4 else 6
    text = "timeFormat(datum.value, '%b')"
    january = "timeFormat(datum.value, '%m') == '01'"
    return {
        "title": None,
        "tickCount": {"interval": "month", "step": step},
        "labelExpr": f"{january} ? [{text}, {yearly}] : {text}",
    }


def unit_labels(unit: str) -> str:
    return f"datum.label + '{with_unit('', unit)}'" if unit == "%" else "datum.label"
