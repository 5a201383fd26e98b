"""What comes back with the day of the week or the month of the year: which of it limits can follow, and what is offered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from calidez.stats import charts
from calidez.stats.charts import season as stats

WEEK = 7


class Adjust(StrEnum):
    """What limits follow besides the level."""

    NONE = "none"
    WEEKDAY = "weekday"
    MONTH = "month"
    BOTH = "both"


@dataclass(frozen=True, eq=False)
class Measured:
    """What a season is estimated from: values as the charts draw them, and the cases behind each (None: alike)."""

    periods: Sequence[dt.date]
    values: npt.NDArray[np.float64]
    weights: npt.NDArray[np.float64] | None
    form: charts.Form


@dataclass(frozen=True, eq=False)
class Followed:
    """A season that limits follow, and which one it is."""

    part: Adjust
    effects: charts.Season


@dataclass(frozen=True)
class Offer:
    """A season that the data show and the limits do not follow; `share` is what it explains of the variance."""

    adjust: Adjust
    share: float


def possible(period: str) -> tuple[Adjust, ...]:
    """What limits of figures per day, week, month … can follow."""
    if period == "day":
        return (Adjust.WEEKDAY, Adjust.MONTH, Adjust.BOTH)
    return () if period == "year" else (Adjust.MONTH,)


def effects_of(measured: Measured, adjust: Adjust) -> tuple[Followed, ...]:
    """The seasons to follow, one after the other; without those that fewer than two cycles do not tell."""
    parts = {Adjust.NONE: (), Adjust.BOTH: (Adjust.WEEKDAY, Adjust.MONTH)}.get(adjust, (adjust,))
    found: list[Followed] = []
    for part in parts:
        one = _effects(measured, part, [season.effects for season in found])
        if one is not None:
            found.append(Followed(part, one))
    return tuple(found)


def offered(measured: Measured, period: str) -> Offer | None:
    """The season that is strong enough to be spoken of: beyond chance, and a fifth of what varies."""
    found: list[charts.Season] = []
    named: list[Adjust] = []
    for part in possible(period):
        if part is Adjust.BOTH:
            continue
        one = _effects(measured, part, found)
        if one is not None and stats.found(one):
            found.append(one)
            named.append(part)
    if not found:
        return None
    left = float(np.prod([1 - one.share for one in found]))
    return Offer(Adjust.BOTH if len(named) > 1 else named[0], 1 - left)


def _effects(measured: Measured, part: Adjust, before: Sequence[charts.Season]) -> charts.Season | None:
    values = stats.adjusted(measured.values, before) if before else measured.values
    position, cycle = _places(measured.periods, part)
    return stats.effects(values, position, cycle, measured.weights, form=measured.form)


def _places(periods: Sequence[dt.date], part: Adjust) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where each period lies in its week or year, and in which."""
    if part is Adjust.WEEKDAY:
        rows = [(day.weekday(), day.toordinal() // WEEK) for day in periods]
    else:
        rows = [(day.month - 1, day.year) for day in periods]
    places = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return places[:, 0], places[:, 1]
