"""From the measured periods of one unit to its control chart: which one, over which phases, following which season."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from calidez import engine
from calidez.monitoring.measuring import season
from calidez.monitoring.measuring.axis import Axis
from calidez.monitoring.measuring.season import Adjust, Followed, Measured
from calidez.monitoring.rules import Schedule
from calidez.stats import charts, rules

Floats = np.ndarray[Any, np.dtype[np.float64]]

# Which of the stats measures an indicator's measure is, for choosing its chart.
STATS_MEASURE = {
    "proportion": charts.Measure.PROPORTION,
    "counted": charts.Measure.PROPORTION,
    "mean": charts.Measure.MEAN,
    "percentile": charts.Measure.PERCENTILE,
    "count": charts.Measure.COUNT,
    "sum": charts.Measure.COUNT,
    "rate": charts.Measure.RATE,
    "ratio": charts.Measure.RATIO,
    "nps": charts.Measure.NPS,
}
# What a value can be, as charts count it; other measures are bounded by what was measured.
_BOUNDS: Mapping[charts.Measure, tuple[float | None, float | None]] = {
    charts.Measure.PROPORTION: (0.0, 1.0),
    charts.Measure.RATE: (0.0, None),
    charts.Measure.NPS: (-1.0, 1.0),
}
# A person may ask for these instead of the proposed one.
_ANY = ("i", "ewma", "cusum", "run")
ALTERNATIVES = {
    charts.Measure.PROPORTION: ("p_prime", "p", *_ANY),
    charts.Measure.RATE: ("u_prime", "u", *_ANY),
    charts.Measure.COUNT: ("c", *_ANY),
    charts.Measure.MEAN: ("xbar_s", *_ANY),
    charts.Measure.PERCENTILE: _ANY,
    charts.Measure.RATIO: _ANY,
    charts.Measure.NPS: _ANY,
}
# In an address: the chart that the data ask for, where another one is kept for the indicator.
BY_DATA = "data"
# Their limits are those of single values, so what was frozen for one holds for all.
SINGLE_VALUES = {"i", *(str(kind) for kind in charts.MEMORY)}


@dataclass(frozen=True)
class SoFar:
    """What a period has that is not whole yet: to be shown, never to be judged."""

    value: float
    n: int


@dataclass(frozen=True)
class Case:
    """A single case, with the mean of the others of its period; both in the unit in which people read them."""

    value: float
    mean_without: float


@dataclass(frozen=True, eq=False)
class Series:
    """Every period of one unit in order; arrays hold NaN (or n = 0) where a period has no data or is not whole yet.

    `values` are in the unit in which people read them (per cent for shares); the rest are raw.
    """

    periods: tuple[dt.date, ...]
    values: Floats
    n: Floats
    numerator: Floats | None = None
    denominator: Floats | None = None
    total: Floats | None = None
    sum_squares: Floats | None = None
    centred: Floats | None = None  # sums of squares about each period's own mean
    lows: Floats | None = None  # of single cases
    highs: Floats | None = None
    scale: float = 1.0
    left_out: int = 0  # rows with an impossible number, which are in no figure
    floor: float | None = None  # 0 where nothing below it was ever measured
    # The periods whose percentile is known within 1 % only, because there were too many different values to keep.
    approximate: frozenset[dt.date] = frozenset()
    axis: Axis = field(default_factory=lambda: Axis(()))
    so_far: Mapping[int, SoFar] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.periods)

    def farthest_case(self, i: int) -> Case | None:
        """Of a mean: the single case of a period that lies furthest from it; None where that is not known."""
        if self.lows is None or self.highs is None or self.total is None or self.n[i] < 2:
            return None
        mean = self.values[i] / self.scale
        far = max(self.lows[i], self.highs[i], key=lambda case: abs(case - mean))
        if not np.isfinite(far):
            return None
        without = (self.total[i] - far) / (self.n[i] - 1)
        return Case(float(far * self.scale), float(without * self.scale))


@dataclass(frozen=True)
class FrozenPhase:
    """A baseline as charting needs it: where it starts, where learning ended, and the frozen numbers."""

    starts: dt.date
    learned_until: dt.date
    chart: str
    limits: charts.FrozenLimits


@dataclass(frozen=True)
class SetAside:
    """Periods from the one with the day `starts` to the one with `ends`, which limits leave out, and why."""

    starts: dt.date
    ends: dt.date
    reason: str


@dataclass(frozen=True)
class Options:
    """What decides the drawing besides the data."""

    measure: str
    better: str = "up"
    preset: str = "default"
    chart: str = ""  # empty: chosen from the data
    promised: Schedule | None = None
    baselines: tuple[FrozenPhase, ...] = ()
    period: str = "month"
    adjust: Adjust = Adjust.NONE
    set_aside: tuple[SetAside, ...] = ()


@dataclass(frozen=True, eq=False)
class Drawn:
    """A chart with why it is this one; `chart` is None where there is not enough data for limits."""

    kind: str
    reason: str
    figures: Mapping[str, float] = field(default_factory=dict)
    chart: charts.ControlChart | None = None
    seasons: tuple[Followed, ...] = ()  # those that the limits follow
    # The periods left out of the limits, with the reason.
    aside: Mapping[int, str] = field(default_factory=dict)


def drawn(series: Series, options: Options, *, cuts: Sequence[int] = ()) -> Drawn:
    """The chart of a series: asked for, held by a baseline, or chosen from the data; with limits learned anew at `cuts`."""
    measure = STATS_MEASURE[options.measure]
    statistics = _statistics(series, measure)
    aside = set_aside(series, options)
    seasons = season.effects_of(measured(series, options), options.adjust)
    try:
        choice = charts.choose(
            measure, **_without(statistics, aside), season=[one.effects for one in seasons] or None
        )
    except ValueError:
        return Drawn("run", "not_enough_data")
    held = _held_kind(series, options.baselines)
    kind = options.chart or held or str(choice.kind)
    reason = str(choice.reason)
    if kind != str(choice.kind):
        reason = (
            ("asked_for_memory" if kind in charts.MEMORY else "asked_for")
            if options.chart
            else "held_by_baseline"
        )
    if str(choice.reason) == "not_enough_data":
        return Drawn(kind, "not_enough_data", choice.figures)
    if kind not in charts.SEASONAL:
        seasons = ()
    elif seasons and kind == "i" and seasons[0].effects.form is charts.Form.ODDS:
        # On a chart of single values a season of shares adds, as their limits do.
        seasons = season.effects_of(
            replace(measured(series, options), form=charts.Form.ADDITIVE), options.adjust
        )
    phases = _phases(series, kind, options.baselines)
    if cuts:
        phases = tuple(charts.Phase(a, b) for a, b in itertools.pairwise((0, *cuts, len(series))))
    try:
        chart = _draw(kind, series, statistics, phases, measure, options.preset, seasons, aside)
    except ValueError:
        return Drawn(kind, "not_enough_data", choice.figures)
    return Drawn(kind, reason, choice.figures, chart, seasons, aside)


def set_aside(series: Series, options: Options) -> Mapping[int, str]:
    """The periods with data that are left out of the limits, and why."""
    step = engine.Period(options.period)
    found: dict[int, str] = {}
    for one in options.set_aside:
        first = engine.period_start(one.starts, step)
        for i, period in enumerate(series.periods):
            if first <= period <= one.ends and np.isfinite(series.values[i]):
                found.setdefault(i, one.reason)
    return dict(sorted(found.items()))


def _without(statistics: Mapping[str, Any], aside: Mapping[int, str]) -> dict[str, Any]:
    """The statistics as if the periods set aside had no data."""
    return {name: None if given is None else _blank(given, aside) for name, given in statistics.items()}


def _blank(given: Floats, aside: Mapping[int, str]) -> Floats:
    kept = np.array(given, dtype=np.float64)
    kept[list(aside)] = np.nan
    return kept


def measured(series: Series, options: Options) -> Measured:
    """What a season of the series is estimated from."""
    measure = STATS_MEASURE[options.measure]
    form = charts.FORMS.get(measure, charts.Form.ADDITIVE)
    values = _blank(series.values / series.scale, set_aside(series, options))
    if form is charts.Form.FACTOR and (values[np.isfinite(values)] < 0).any():
        form = charts.Form.ADDITIVE  # what can be negative is not multiplied
    return Measured(series.periods, values, series.denominator, form)


def _held_kind(series: Series, baselines: Sequence[FrozenPhase]) -> str:
    """The chart on which a person set the newest limits: they would mean nothing on another kind."""
    begun = [b for b in baselines if len(series) and b.starts <= series.periods[-1]]
    return max(begun, key=lambda b: b.starts).chart if begun else ""


def _statistics(series: Series, measure: charts.Measure) -> dict[str, Any]:
    if measure in (charts.Measure.PROPORTION, charts.Measure.RATE):
        return {"numerator": series.numerator, "denominator": series.denominator}
    if measure is charts.Measure.COUNT:
        return {"numerator": series.values / series.scale}
    if measure is charts.Measure.MEAN and series.sum_squares is not None:
        sums = {"n": series.n, "total": series.total, "sum_squares": series.sum_squares}
        return sums if series.centred is None else {**sums, "centred_squares": series.centred}
    return {"values": series.values / series.scale}


def _draw(
    kind: str,
    series: Series,
    statistics: dict[str, Any],
    phases: Sequence[charts.Phase],
    measure: charts.Measure,
    preset: str,
    seasons: tuple[Followed, ...],
    aside: Mapping[int, str],
) -> charts.ControlChart:
    if kind in SINGLE_VALUES | {"run"}:
        statistics = {"values": series.values / series.scale}
    bounds = _BOUNDS.get(measure, (series.floor, None))
    screened = rules.PRESETS[preset].screened
    return charts.draw(
        charts.ChartKind(kind),
        phases=phases,
        bounds=bounds,
        excluded=np.isin(np.arange(len(series)), list(aside)) if aside else None,
        screen=screened,
        factors=charts.MAKING_DATA_COUNT if screened else charts.EXACT,
        season=[one.effects for one in seasons] or None,
        **statistics,
    )


def _phases(series: Series, kind: str, baselines: Sequence[FrozenPhase]) -> tuple[charts.Phase, ...]:
    """The series cut where baselines start; before the first one the limits come from the data there."""
    cuts: list[tuple[int, FrozenPhase | None]] = [(0, None)]
    for baseline in sorted(baselines, key=lambda b: b.starts):
        start = int(
            np.searchsorted(np.array(series.periods, dtype="datetime64[D]"), np.datetime64(baseline.starts))
        )
        if start >= len(series):
            continue
        if start == cuts[-1][0]:
            cuts[-1] = (start, baseline)
        else:
            cuts.append((start, baseline))
    if len(cuts) > 1 and np.isfinite(series.values[: cuts[1][0]]).sum() < 2:
        # Too few periods before the first baseline for limits of their own: its limits hold for them too.
        cuts[:2] = [(0, cuts[1][1])]
    phases = []
    for position, (start, frozen) in enumerate(cuts):
        stop = cuts[position + 1][0] if position + 1 < len(cuts) else len(series)
        phases.append(_phase(series, start, stop, kind, frozen))
    return tuple(phases)


def _phase(series: Series, start: int, stop: int, kind: str, baseline: FrozenPhase | None) -> charts.Phase:
    if baseline is None:
        return charts.Phase(start, stop)
    learned = sum(1 for p in series.periods[start:stop] if p <= baseline.learned_until)
    # Numbers frozen for another kind of chart say nothing here; then the limits are learned again.
    same = baseline.chart == kind or {baseline.chart, kind} <= SINGLE_VALUES
    frozen = baseline.limits if same else None
    return charts.Phase(start, stop, min(stop, start + max(1, learned)), frozen)
