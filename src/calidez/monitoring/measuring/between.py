"""How long it takes from one rare event to the next: the series turned round, with its chart and signals."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from calidez import engine
from calidez.monitoring.measuring.charting import FEWEST_TO_FLAG, Found, signals_on
from calidez.monitoring.measuring.drawing import STATS_MEASURE, Floats, Options, Series, set_aside
from calidez.stats import charts

Places = npt.NDArray[np.int64]
# More events than this are not rare, and nobody reads a chart of them one by one.
MOST_EVENTS = 2000
_OTHER_WAY = {"up": "down", "down": "up"}


@dataclass(frozen=True, eq=False)
class Between:
    """The stretches between events, oldest first: `ended` is the day of the event that ended each, as far as is known.

    `lengths` are days (of counts), exposure (of rates) or cases (of shares). `running` is the stretch since the last
    event, until the day `until`; `longer` says that it has already passed the upper limit. `better` is the direction
    in which a stretch is good news.
    """

    measure: charts.Measure
    ended: tuple[dt.date, ...]
    lengths: Floats
    running: float
    until: dt.date
    better: str
    chart: charts.ControlChart | None
    signals: tuple[Found, ...]
    aside: frozenset[int]

    @property
    def longer(self) -> bool:
        if self.chart is None or self.chart.phases[-1].points < FEWEST_TO_FLAG:
            return False
        return bool(self.running > self.chart.upper[np.flatnonzero(np.isfinite(self.chart.upper))[-1]])


def between(series: Series, options: Options) -> Between | None:
    """The stretches between what is counted; of a share between the scarcer of hits and misses.

    None where nothing can be counted: other measures, rates of amounts that are no events, no event at all, or so many
    that they are not rare.
    """
    measure = STATS_MEASURE[options.measure]
    counted = _counted(series, options, measure)
    if counted is None or not 0 < np.nansum(counted[0]) <= MOST_EVENTS:
        return None
    counts, exposure, better = counted
    known = np.isfinite(counts)
    counts, exposure = np.where(known, counts, 0.0), np.where(known, np.nan_to_num(exposure), 0.0)
    moments = charts.moments_of_events(counts, exposure)
    lengths = charts.between_events(counts, exposure)
    if measure is charts.Measure.PROPORTION:
        lengths = np.maximum(0.0, lengths - 1)  # the cases between, without the event itself
    places = _places(moments, exposure)
    aside = frozenset(np.flatnonzero(np.isin(places[1:], list(set_aside(series, options)))).tolist())
    chart = _drawn(measure, lengths, aside)
    return Between(
        measure=measure,
        ended=tuple(_days(series, options.period, moments, exposure, places))[1:],
        lengths=lengths,
        running=float(exposure.sum() - moments[-1]),
        until=engine.next_start(series.periods[int(np.flatnonzero(known)[-1])], engine.Period(options.period))
        - dt.timedelta(days=1),
        better=better,
        chart=chart,
        signals=() if chart is None else signals_on(chart, options.preset, better),
        aside=aside,
    )


def _counted(series: Series, options: Options, measure: charts.Measure) -> tuple[Floats, Floats, str] | None:
    """Events and exposure of each period, and whether long stretches are good."""
    turned = _OTHER_WAY.get(options.better, options.better)
    if options.measure == "count":
        return series.values / series.scale, _lengths(series, options.period), turned
    if series.numerator is None or series.denominator is None:
        return None
    hits, cases = series.numerator, series.denominator
    if measure is charts.Measure.PROPORTION:
        misses = cases - hits
        rare = bool(np.nansum(hits) <= np.nansum(misses))
        return (hits, cases, turned) if rare else (misses, cases, options.better)
    whole = np.isfinite(hits)
    if (hits[whole] < 0).any() or not np.array_equal(hits[whole], np.round(hits[whole])):
        return None
    return hits, cases, turned


def _lengths(series: Series, period: str) -> Floats:
    """The days of each period; on an axis of days each is one, and closed days are none."""
    step = engine.Period(period)
    return np.array([(engine.next_start(p, step) - p).days for p in series.periods], dtype=np.float64)


def _places(moments: Floats, exposure: Floats) -> Places:
    """The period of each moment."""
    found: Places = np.searchsorted(np.cumsum(exposure), moments)
    return np.minimum(found, len(exposure) - 1)


def _days(series: Series, period: str, moments: Floats, exposure: Floats, places: Places) -> list[dt.date]:
    ends = np.cumsum(exposure)
    days = []
    for moment, place in zip(moments, places, strict=True):
        k = int(place)
        length = (engine.next_start(series.periods[k], engine.Period(period)) - series.periods[k]).days
        share = 0.0 if exposure[k] == 0 else (moment - (ends[k] - exposure[k])) / exposure[k]
        days.append(series.periods[k] + dt.timedelta(days=min(length - 1, int(share * length))))
    return days


def _drawn(measure: charts.Measure, lengths: Floats, aside: frozenset[int]) -> charts.ControlChart | None:
    kind = charts.ChartKind.G if measure is charts.Measure.PROPORTION else charts.ChartKind.T
    excluded = np.isin(np.arange(len(lengths)), list(aside)) if aside else None
    try:
        return charts.draw(kind, values=lengths, excluded=excluded)
    except ValueError:  # fewer than two stretches
        return None
