"""Rows of sufficient statistics become a series with explicit gaps, in the unit in which people read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np

from calidez import engine
from calidez.monitoring.measuring.charting import Series
from calidez.monitoring.measuring.periods import sequence
from calidez.monitoring.models import Indicator

Row = tuple[Any, ...]  # period_start, n, weight, total, sum_squares, met, unmet, minimum, maximum, histogram
PER_CENT = 100.0


def empty() -> Series:
    return Series((), np.array([]), np.array([]))


def from_rows(rows: Sequence[Row], indicator: Indicator, *, until: dt.date | None = None) -> Series:
    """`rows` in order of period; `until` lets the series end where others end, so a branch that fell silent shows it."""
    if not rows:
        return empty()
    periods = tuple(sequence(rows[0][0], max(until or rows[-1][0], rows[-1][0]), indicator.period))
    position = {period: index for index, period in enumerate(periods)}
    n, weight, total, squares, met, unmet = (np.full(len(periods), np.nan) for _ in range(6))
    cells: list[engine.Statistics | None] = [None] * len(periods)
    for period, *numbers, low, high, histogram in rows:
        index = position.get(period)
        if index is None:
            continue
        for array, number in zip((n, weight, total, squares, met, unmet), numbers, strict=True):
            array[index] = np.nan if number is None else number
        if histogram:
            cells[index] = engine.Statistics.from_row(
                {"minimum": low, "maximum": high, "histogram": histogram}
            )
    n = np.nan_to_num(n)
    return _series(indicator, periods, n, weight, total, squares, met, unmet, cells)


def _series(
    indicator: Indicator,
    periods: tuple[dt.date, ...],
    n: Any,
    weight: Any,
    total: Any,
    squares: Any,
    met: Any,
    unmet: Any,
    cells: list[Any],
) -> Series:
    measure, scale = indicator.measure, indicator.multiplier
    kinds = Indicator.Measure
    if measure in {kinds.PROPORTION, kinds.COUNTED}:
        below = met + unmet
        return Series(
            periods, _divide(met, below) * PER_CENT, np.nan_to_num(below), met, below, scale=PER_CENT
        )
    if measure == kinds.RATE:
        return Series(periods, _divide(total, weight) * scale, n, total, weight, scale=scale)
    if measure == kinds.RATIO:
        return Series(periods, _divide(total, weight) * scale, n, scale=scale)
    if measure == kinds.NPS:
        return Series(periods, _divide(met - unmet, n) * PER_CENT, n, scale=PER_CENT)
    if measure == kinds.COUNT:
        return Series(periods, np.where(n > 0, n, np.nan) * scale, n, scale=scale)
    if measure == kinds.SUM:
        return Series(periods, total * scale, n, scale=scale)
    if measure == kinds.PERCENTILE:
        q = (indicator.quantile or 50) / 100
        values = np.array([_percentile(cell, q) for cell in cells])
        rough = frozenset(p for p, cell in zip(periods, cells, strict=True) if cell and cell.approximate)
        return Series(periods, values * scale, n, scale=scale, approximate=rough)
    return Series(periods, _divide(total, weight) * scale, n, total=total, sum_squares=squares, scale=scale)


def _divide(above: Any, below: Any) -> Any:
    below = np.nan_to_num(below)
    return np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)


def _percentile(cell: Any, q: float) -> float:
    value = None if cell is None else engine.percentile(cell, q)
    return float("nan") if value is None else value
