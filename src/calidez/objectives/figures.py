"""From sufficient statistics to one figure with its interval, in the unit in which people read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from calidez import engine
from calidez.monitoring import selectors
from calidez.monitoring.measuring.axis import axis_of
from calidez.monitoring.measuring.periods import last_day
from calidez.monitoring.models import Indicator, Measurement
from calidez.objectives.rules import ENOUGH_CASES, Point
from calidez.people.models import Unit
from calidez.stats import intervals

PER_CENT = 100.0
COLUMNS = (
    "n",
    "weight",
    "total",
    "sum_squares",
    "met",
    "unmet",
    "minimum",
    "maximum",
    "histogram",
    "centred",
)
NOT_WHOLE = 2  # at most one period runs, and the data may end in another
Measure = Indicator.Measure
# Amounts: how many there were is the figure itself, so none of them is too few.
AMOUNTS = frozenset({Measure.COUNT, Measure.SUM, Measure.RATIO})
# A period without a row adds nothing, which is a figure.
ADDED = frozenset({Measure.COUNT, Measure.SUM})


@dataclass(frozen=True)
class Figure:
    """`low` and `high` are None where the measure has no interval; `enough` is False below ten cases.

    A percentile of few cases may have one bound without the other.
    """

    value: float
    n: int
    low: float | None = None
    high: float | None = None
    enough: bool = True


def figure_of(indicator: Indicator, cell: engine.Statistics, *, periods: int = 1) -> Figure | None:
    """The figure of one cell, or of several merged; None where there is nothing to tell it from.

    Amounts of several periods are told for one of them, so that a year's mean stands beside a month.
    """
    found = _raw(indicator, cell, periods)
    if found is None:
        return None
    value, interval, n, scale = found
    ends = (None, None) if interval is None else (interval.lower, interval.upper)
    low, high = (None if end is None else end * scale for end in ends)
    return Figure(value * scale, n, low, high, indicator.measure in AMOUNTS or n >= ENOUGH_CASES)


def points_of(indicator: Indicator, unit: Unit, *, since: dt.date | None = None) -> tuple[Point, ...]:
    """Every whole measured period of a unit under the present definition, in order."""
    found = list(_rows(indicator, unit).values_list("period_start", *COLUMNS))
    rows = (row for row in _whole(indicator, unit, found) if since is None or row[0] >= since)
    return tuple(_points(indicator, rows))


def last_periods(
    indicator: Indicator, unit: Unit, count: int, *, before: dt.date | None = None
) -> tuple[Figure, dt.date, dt.date] | None:
    """The figure of the last `count` measured periods together, with their first and last day.

    `before` leaves out what begins on that day or later: a baseline ends where the objective starts.
    """
    found = _rows(indicator, unit).order_by("-period_start")
    if before is not None:
        found = found.filter(period_start__lt=before)
    newest = list(found.values_list("period_start", *COLUMNS)[: count + NOT_WHOLE])
    latest = _rows(indicator, unit).aggregate(newest=Max("period_start"))["newest"]
    whole = _whole(indicator, unit, newest[::-1], until=latest)
    rows = [row for row in whole if before is None or row[0] < before][-count:]
    if not rows:
        return None
    cells = [_cell(row) for _start, *row in rows]
    figure = figure_of(indicator, engine.merge(cells), periods=len(cells))
    return None if figure is None else (figure, rows[0][0], last_day(rows[-1][0], indicator.period))


def _rows(indicator: Indicator, unit: Unit) -> Any:
    return Measurement.objects.filter(
        version__indicator=indicator, version__current=True, unit=unit, segment=""
    ).order_by("period_start")


def _whole(indicator: Indicator, unit: Unit, rows: list[Any], *, until: dt.date | None = None) -> list[Any]:
    """The rows of the periods of the chart, in order; of counts and sums those in which nothing happened too.

    Without periods that still run, or in whose midst the data begin or end: they say nothing of an objective either.
    """
    by_start = {row[0]: row for row in rows}
    given = selectors.circumstances(indicator, unit, until=until)
    axis = axis_of(sorted(by_start), indicator.period, given)
    found = []
    for start in axis.periods:
        if start in axis.unfinished:
            continue
        if start in by_start:
            found.append(by_start[start])
        elif indicator.measure in ADDED:
            found.append((start, 0, *(None for _name in COLUMNS[1:])))
    return found


def _points(indicator: Indicator, rows: Iterable[Sequence[Any]]) -> Iterable[Point]:
    for start, *row in rows:
        figure = figure_of(indicator, _cell(row))
        if figure is not None:
            end = last_day(start, indicator.period)
            yield Point(start, end, figure.value, figure.n, figure.low, figure.high, figure.enough)


def _cell(row: Sequence[Any]) -> engine.Statistics:
    return engine.Statistics.from_row(dict(zip(COLUMNS, row, strict=True)))


@dataclass(frozen=True)
class Bounds:
    """An interval that may be open on a side, where so few cases tell no bound."""

    lower: float | None
    upper: float | None


Raw = tuple[float, intervals.Interval | Bounds | None, int, float]


def _raw(indicator: Indicator, cell: engine.Statistics, periods: int) -> Raw | None:
    """Value and interval as counted, the cases behind them, and what both are multiplied by."""
    measure, scale = indicator.measure, indicator.multiplier
    if indicator.is_share:
        cases = cell.met + cell.unmet
        if cases <= 0:
            return None
        return cell.met / cases, intervals.share(cell.met, cases), int(cases), PER_CENT
    if measure == Measure.NPS:
        if cell.n < 1:
            return None
        interval = intervals.net_promoter(cell.met, cell.unmet, cell.n) if cell.n > 1 else None
        return (cell.met - cell.unmet) / cell.n, interval, cell.n, PER_CENT
    if measure == Measure.COUNT:
        found = intervals.count(cell.n)
        return cell.n / periods, _over(found, periods), cell.n, scale
    if measure == Measure.SUM:
        return cell.total / periods, None, cell.n, scale
    if measure == Measure.PERCENTILE:
        return _percentile(indicator, cell)
    if cell.weight <= 0:
        return None
    if measure == Measure.RATE:
        found = intervals.rate(max(cell.total, 0.0), cell.weight)
        return cell.total / cell.weight, found, max(cell.n, int(cell.total)), scale
    if measure == Measure.MEAN and cell.variance is not None:
        value = cell.total / cell.weight
        return value, intervals.mean(value, cell.variance, cell.n), cell.n, scale
    return cell.total / cell.weight, None, cell.n, scale


def _percentile(indicator: Indicator, cell: engine.Statistics) -> Raw | None:
    q = (indicator.quantile or 50) / 100
    value = engine.percentile(cell, q)
    if value is None or cell.n < 1:
        return None
    ranks = intervals.percentile_ranks(q, cell.n)
    low, high = (
        None if rank is None else engine.percentile(cell, rank / cell.n)
        for rank in (ranks.lower, ranks.upper)
    )
    return value, Bounds(low, high), cell.n, indicator.multiplier


def _over(interval: intervals.Interval, periods: int) -> intervals.Interval:
    return intervals.Interval(interval.lower / periods, interval.upper / periods)
