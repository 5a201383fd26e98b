"""Rows of sufficient statistics become a series on its axis, with explicit gaps, in the unit in which people read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from calidez import engine
from calidez.monitoring.measuring.axis import Axis, Circumstances, axis_of, silent
from calidez.monitoring.measuring.drawing import Series, SoFar
from calidez.monitoring.models import Indicator

# period_start, n, weight, total, sum_squares, met, unmet, minimum, maximum, histogram, centred, left_out
Row = tuple[Any, ...]
PER_CENT = 100.0
COUNTED_UP = frozenset({Indicator.Measure.COUNT, Indicator.Measure.SUM})


def empty() -> Series:
    return Series((), np.array([]), np.array([]))


def from_rows(rows: Sequence[Row], indicator: Indicator, given: Circumstances) -> Series:
    """`rows` in order of period. What is not whole yet is told apart, so that nothing judges it by mistake."""
    axis = axis_of([row[0] for row in rows], indicator.period, given)
    periods = axis.periods
    position = {period: index for index, period in enumerate(periods)}
    n, weight, total, squares, met, unmet, lows, highs = (np.full(len(periods), np.nan) for _ in range(8))
    cells: list[engine.Statistics | None] = [None] * len(periods)
    centred = np.full(len(periods), np.nan)
    left_out = 0
    for period, *numbers, low, high, histogram, spread, impossible in rows:
        index = position.get(period)
        if index is None:  # days to come
            continue
        cell = engine.Statistics.from_row(
            dict(zip(("weight", "total", "sum_squares"), numbers[1:4], strict=True)) | {"centred": spread}
        )
        centred[index] = cell.centred_squares
        for array, number in zip((n, weight, total, squares, met, unmet), numbers, strict=True):
            array[index] = np.nan if number is None else number
        left_out += impossible or 0
        if low is not None:
            lows[index], highs[index] = low, high
        if histogram:
            cells[index] = engine.Statistics.from_row(
                {"minimum": low, "maximum": high, "histogram": histogram}
            )
    reported = np.isfinite(n)
    n = np.nan_to_num(n)
    found = _series(indicator, periods, n, weight, total, squares, met, unmet, cells)
    if found.sum_squares is not None:
        found = replace(found, centred=centred, lows=lows, highs=highs)
    if indicator.measure in COUNTED_UP:
        found, axis = _without_silences(found, axis, indicator, reported)
    return _so_far_apart(replace(found, axis=axis, floor=_floor(found.values, lows), left_out=left_out))


def _without_silences(series: Series, axis: Axis, indicator: Indicator, reported: Any) -> tuple[Series, Axis]:
    """That nothing happened is known only where somebody would have written it down: not in a month whose file is missing,
    and not where a row is there and its figure empty."""
    values = np.array(series.values, dtype=float)
    if indicator.measure == Indicator.Measure.SUM:
        values[reported & (series.n == 0)] = np.nan
    whole, partly = silent(axis, engine.Period(indicator.period))
    for i, period in enumerate(series.periods):
        if period in whole and not series.n[i]:
            values[i] = np.nan
    return replace(series, values=values), replace(axis, unfinished=axis.unfinished | partly)


def _floor(values: Any, lows: Any) -> float | None:
    """Waits, counts and sums of what is never negative cannot fall below zero."""
    known = values[np.isfinite(values)]
    return 0.0 if (known >= 0).all() and not (lows < 0).any() else None


def _so_far_apart(series: Series) -> Series:
    """The periods that are not whole hold no data for whoever judges; what they have so far is kept beside."""
    places = [i for i, period in enumerate(series.periods) if period in series.axis.unfinished]
    if not places:
        return series
    so_far = {
        i: SoFar(float(series.values[i]), int(series.n[i])) for i in places if np.isfinite(series.values[i])
    }
    blank = {
        name: _without(array, places)
        for name in ("values", "numerator", "denominator", "total", "sum_squares", "centred", "lows", "highs")
        if (array := getattr(series, name)) is not None
    }
    return replace(series, **blank, n=_without(series.n, places, 0.0), so_far=so_far)


def _without(array: Any, places: list[int], blank: float = np.nan) -> Any:
    kept = np.array(array, dtype=float)
    kept[places] = blank
    return kept


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
        # That nothing happened is a result: an expected period without rows counts none.
        return Series(periods, n * scale, n, scale=scale)
    if measure == kinds.SUM:
        return Series(periods, np.nan_to_num(total) * scale, n, scale=scale)
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
