"""How long it takes from one rare event to the next: the series turned round, with its chart and signals."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from calidez.monitoring.measuring.drawing import STATS_MEASURE, Floats, Options, Series, set_aside
from calidez.monitoring.measuring.episodes import FEWEST_TO_FLAG, Found, signals_on
from calidez.monitoring.measuring.periods import last_day
from calidez.stats import charts

Places = npt.NDArray[np.int64]
# More events than this are not rare, and nobody reads a chart of them one by one.
MOST_EVENTS = 2000
_OTHER_WAY = {"up": "down", "down": "up"}


@dataclass(frozen=True, eq=False)
class Between:
    """The stretches between events, oldest first: `ended` is the day of the event that ended each, as far as is known.

    `lengths` are days (of counts), exposure (of rates) or cases (of shares). `running` is the stretch since the last
    event, until the day `until`; `again` says that a period not over yet has ended it, on a day nobody knows; `longer`
    that it has already passed the upper limit. `better` is the direction in which a stretch is good news.
    """

    measure: charts.Measure
    ended: tuple[dt.date, ...]
    lengths: Floats
    running: float
    until: dt.date
    again: bool
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
    newest = int(np.flatnonzero(known)[-1])
    until = last_day(series.periods[newest], options.period)
    if measure is charts.Measure.COUNT:  # by the calendar: what happens on closed days happens too
        moments, places = _by_calendar(series, counts, options.period)
        lengths = np.diff(moments)
        running = until.toordinal() + 1 - moments[-1]
    else:
        moments = charts.moments_of_events(counts, exposure)
        places = _places(moments, exposure)
        lengths = charts.between_events(counts, exposure)
        running = float(exposure.sum() - moments[-1])
    if measure is charts.Measure.PROPORTION:
        lengths = np.maximum(0.0, lengths - 1)  # the cases between, without the event itself
    aside = frozenset(np.flatnonzero(np.isin(places[1:], list(set_aside(series, options)))).tolist())
    chart = _drawn(measure, lengths, aside)
    return Between(
        measure=measure,
        ended=tuple(_days(series, options.period, places))[1:],
        lengths=lengths,
        running=running,
        until=until,
        again=_has_come(series, options, newest),
        better=better,
        chart=chart,
        signals=() if chart is None else signals_on(chart, options.preset, better),
        aside=aside,
    )


def _has_come(series: Series, options: Options, newest: int) -> bool:
    """Whether a count that still runs holds an event already."""
    if STATS_MEASURE[options.measure] is not charts.Measure.COUNT:
        return False
    return any(i > newest and so_far.value > 0 for i, so_far in series.so_far.items())


def _counted(series: Series, options: Options, measure: charts.Measure) -> tuple[Floats, Floats, str] | None:
    """Events and exposure of each period, and whether long stretches are good."""
    turned = _OTHER_WAY.get(options.better, options.better)
    if measure is charts.Measure.COUNT:
        events = series.values / series.scale
        return (events, np.ones(len(series)), turned) if _are_whole(events) else None
    if series.numerator is None or series.denominator is None:
        return None
    hits, cases = series.numerator, series.denominator
    if measure is charts.Measure.PROPORTION:
        misses = cases - hits
        rare = bool(np.nansum(hits) <= np.nansum(misses))
        return (hits, cases, turned) if rare else (misses, cases, options.better)
    return (hits, cases, turned) if _are_whole(hits) else None


def _are_whole(events: Floats) -> bool:
    """Amounts of money or time add up too, and nobody waits for the next one."""
    known = events[np.isfinite(events)]
    return bool((known >= 0).all() and np.array_equal(known, np.round(known)))


def _by_calendar(series: Series, counts: Floats, period: str) -> tuple[Floats, Places]:
    """When each event was, in days, and in which period: several in one are taken as evenly spread over it."""
    moments: list[float] = []
    places: list[int] = []
    for place in np.flatnonzero(counts > 0):
        start, count = series.periods[place], int(counts[place])
        length = (last_day(start, period) - start).days + 1
        moments += [start.toordinal() + length * (i + 0.5) / count for i in range(count)]
        places += [int(place)] * count
    return np.array(moments), np.array(places, dtype=np.int64)


def _places(moments: Floats, exposure: Floats) -> Places:
    """The period of each moment."""
    found: Places = np.searchsorted(np.cumsum(exposure), moments)
    return np.minimum(found, len(exposure) - 1)


def _days(series: Series, period: str, places: Places) -> list[dt.date]:
    """The day of each event: within its period as evenly as the others in it."""
    days = []
    for place in np.unique(places).tolist():
        start, count = series.periods[place], int((places == place).sum())
        length = (last_day(start, period) - start).days + 1
        days += [start + dt.timedelta(days=int(length * (i + 0.5) / count)) for i in range(count)]
    return days


def _drawn(measure: charts.Measure, lengths: Floats, aside: frozenset[int]) -> charts.ControlChart | None:
    kind = charts.ChartKind.G if measure is charts.Measure.PROPORTION else charts.ChartKind.T
    excluded = np.isin(np.arange(len(lengths)), list(aside)) if aside else None
    try:
        return charts.draw(kind, values=lengths, excluded=excluded)
    except ValueError:  # fewer than two stretches
        return None
