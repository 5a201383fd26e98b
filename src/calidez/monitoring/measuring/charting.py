"""From the measured periods of one unit to a chart with limits, signals and verdicts: plain values in and out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from calidez.monitoring.measuring.axis import Axis
from calidez.monitoring.rules import (
    Promise,
    Schedule,
    Verdict,
    is_unacceptable,
    judge,
    kind_of_signal,
    unbroken_since,
)
from calidez.stats import charts, icons, rules

Floats = np.ndarray[Any, np.dtype[np.float64]]

# Raised where the same figures are read otherwise than before: what is stored of charts is then made anew.
READING = 1
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
_DIRECTIONS = {"up": icons.Direction.UP, "down": icons.Direction.DOWN, "none": icons.Direction.NONE}
# What a value can be, as charts count it; other measures are bounded by what was measured.
_BOUNDS: Mapping[charts.Measure, tuple[float | None, float | None]] = {
    charts.Measure.PROPORTION: (0.0, 1.0),
    charts.Measure.RATE: (0.0, None),
    charts.Measure.NPS: (-1.0, 1.0),
}
# With fewer periods behind the limits nothing is called a signal.
FEWEST_TO_FLAG = 8
# A person may ask for these instead of the proposed one.
ALTERNATIVES = {
    charts.Measure.PROPORTION: ("p_prime", "p", "i", "run"),
    charts.Measure.RATE: ("u_prime", "u", "i", "run"),
    charts.Measure.COUNT: ("c", "i", "run"),
    charts.Measure.MEAN: ("i", "xbar_s", "run"),
    charts.Measure.PERCENTILE: ("i", "run"),
    charts.Measure.RATIO: ("i", "run"),
    charts.Measure.NPS: ("i", "run"),
}


@dataclass(frozen=True)
class SoFar:
    """What a period has that is not whole yet: to be shown, never to be judged."""

    value: float
    n: int


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
    scale: float = 1.0
    left_out: int = 0  # rows with an impossible number, which are in no figure
    floor: float | None = None  # 0 where nothing below it was ever measured
    # The periods whose percentile is known within 1 % only, because there were too many different values to keep.
    approximate: frozenset[dt.date] = frozenset()
    axis: Axis = field(default_factory=lambda: Axis(()))
    so_far: Mapping[int, SoFar] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.periods)


@dataclass(frozen=True)
class FrozenPhase:
    """A baseline as charting needs it: where it starts, where learning ended, and the frozen numbers."""

    starts: dt.date
    learned_until: dt.date
    chart: str
    limits: charts.FrozenLimits


@dataclass(frozen=True)
class Options:
    """What decides the drawing besides the data."""

    measure: str
    better: str = "up"
    preset: str = "default"
    chart: str = ""  # empty: chosen from the data
    promised: Schedule | None = None
    baselines: tuple[FrozenPhase, ...] = ()


@dataclass(frozen=True)
class Found:
    """One signal in reading terms: an episode in which the points stand out on one side. Values in the shown unit.

    Several rules may find it and further points may go on with it: that is one signal, known by the point at which it
    first showed (`index`) and valued at its newest (`last`). `rule` is the plainest of its `reasons`.
    """

    reasons: tuple[str, ...]
    kind: str
    index: int
    last: int
    members: tuple[int, ...]
    direction: int
    value: float
    lower: float
    upper: float
    centre: float
    shown_by: Mapping[str, frozenset[int]] = field(default_factory=dict)  # which members each rule found

    @property
    def rule(self) -> str:
        return self.reasons[0]

    def reasons_at(self, index: int) -> tuple[str, ...]:
        """The rules by which this point is part of it."""
        return tuple(rule for rule in self.reasons if index in self.shown_by.get(rule, ()))


@dataclass(frozen=True, eq=False)
class Reading:
    """Everything that pages, downloads and standings say about one series."""

    series: Series
    chart: charts.ControlChart | None  # None: not enough data for limits
    kind: str
    reason: str
    figures: Mapping[str, float]
    alternatives: tuple[str, ...]
    centre: Floats
    lower: Floats
    upper: Floats
    signals: tuple[Found, ...]
    variation: str
    assurance: str
    verdicts: tuple[Verdict, ...]
    since: int | None
    promises: tuple[Promise | None, ...] = ()  # the one in force in each period
    unacceptable: tuple[bool, ...] = ()
    promised: Schedule | None = None

    @property
    def last(self) -> int | None:
        """Index of the newest period with data."""
        known = np.flatnonzero(np.isfinite(self.series.values))
        return int(known[-1]) if len(known) else None

    @property
    def verdict(self) -> Verdict:
        return self.verdicts[self.last] if self.last is not None else Verdict.UNKNOWN


def read(series: Series, options: Options) -> Reading:
    """Draw, test and judge one series."""
    kind, reason, figures, chart = _chart(series, options)
    scale = series.scale
    if chart is None:
        nothing = np.full(len(series), np.nan)
        centre = lower = upper = nothing
        found: tuple[Found, ...] = ()
        variation, assurance = "not_enough_data", "not_enough_data"
    else:
        centre, lower, upper = chart.centre * scale, chart.lower * scale, chart.upper * scale
        signals = _told(rules.find_signals(chart, options.preset), chart)
        found = tuple(_found(group, chart, scale, options.better) for group in _episodes(signals))
        direction = _DIRECTIONS[options.better]
        variation = str(icons.variation(chart, signals, direction))
        target = _newest_target(series, options.promised)
        target = None if target is None else target / scale
        assurance = str(icons.assurance(chart, target, direction))
    worse = _worsening_at(found, len(series))
    promises = _promises(series, options.promised)
    verdicts = _verdicts(series, promises, worse)
    return Reading(
        series=series,
        chart=chart,
        kind=kind,
        reason=reason,
        figures=figures,
        alternatives=ALTERNATIVES[STATS_MEASURE[options.measure]],
        centre=centre,
        lower=lower,
        upper=upper,
        signals=found,
        variation=variation,
        assurance=assurance,
        verdicts=verdicts,
        since=unbroken_since(verdicts),
        promises=promises,
        promised=options.promised,
        unacceptable=tuple(
            is_unacceptable(value, n=n, promise=promise)
            for value, n, promise in zip(series.values.tolist(), _sizes(series), promises, strict=True)
        ),
    )


def _told(signals: Sequence[rules.Signal], chart: charts.ControlChart) -> tuple[rules.Signal, ...]:
    """Without runs that only the place of the centre makes; limits learned from a handful of periods flag nothing."""
    weak = [p for p in chart.phases if 0 < p.points < FEWEST_TO_FLAG]
    held = rules.tenable(chart, signals)
    return tuple(s for s in held if not any(p.start <= s.index < p.stop for p in weak))


def _chart(
    series: Series, options: Options
) -> tuple[str, str, Mapping[str, float], charts.ControlChart | None]:
    measure = STATS_MEASURE[options.measure]
    statistics = _statistics(series, measure)
    try:
        choice = charts.choose(measure, **statistics)
    except ValueError:
        return "run", "not_enough_data", {}, None
    held = _held_kind(series, options.baselines)
    kind = options.chart or held or str(choice.kind)
    reason = str(choice.reason)
    if kind != str(choice.kind):
        reason = "asked_for" if options.chart else "held_by_baseline"
    if str(choice.reason) == "not_enough_data":
        return kind, "not_enough_data", choice.figures, None
    phases = _phases(series, kind, options.baselines)
    try:
        chart = _draw(kind, series, statistics, phases, measure, options.preset)
    except ValueError:
        return kind, "not_enough_data", choice.figures, None
    return kind, reason, choice.figures, chart


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
) -> charts.ControlChart:
    if kind in {"i", "run"}:
        statistics = {"values": series.values / series.scale}
    bounds = _BOUNDS.get(measure, (series.floor, None))
    screened = rules.PRESETS[preset].screened
    return charts.draw(
        charts.ChartKind(kind),
        phases=phases,
        bounds=bounds,
        screen=screened,
        factors=charts.MAKING_DATA_COUNT if screened else charts.EXACT,
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
    frozen = baseline.limits if baseline.chart == kind else None
    return charts.Phase(start, stop, min(stop, start + max(1, learned)), frozen)


def _episodes(signals: Sequence[rules.Signal]) -> list[list[rules.Signal]]:
    """Signals of one direction whose points overlap or follow each other have one cause, by whatever rule they show."""
    groups: list[list[rules.Signal]] = []
    for direction in (1, -1, 0):
        reached = -2
        for signal in sorted((s for s in signals if s.direction == direction), key=lambda s: min(s.members)):
            if min(signal.members) > reached + 1:
                groups.append([])
                reached = -2
            groups[-1].append(signal)
            reached = max(reached, *signal.members, signal.index)
    return sorted(groups, key=lambda group: min(signal.index for signal in group))


def _found(group: Sequence[rules.Signal], chart: charts.ControlChart, scale: float, better: str) -> Found:
    last = max(signal.index for signal in group)
    direction = group[0].direction
    return Found(
        reasons=tuple(str(rule) for rule in sorted({s.rule for s in group}, key=icons.rank)),
        kind=str(kind_of_signal(direction, better)),
        index=min(signal.index for signal in group),
        last=last,
        members=tuple(sorted({int(member) for signal in group for member in signal.members})),
        direction=direction,
        value=float(chart.values[last] * scale),
        lower=float(chart.lower[last] * scale),
        upper=float(chart.upper[last] * scale),
        centre=float(chart.centre[last] * scale),
        shown_by={
            str(rule): frozenset(int(m) for s in group if s.rule is rule for m in s.members)
            for rule in {s.rule for s in group}
        },
    )


def _worsening_at(found: Sequence[Found], count: int) -> list[bool]:
    """Periods that are part of the evidence of a worsening."""
    worse = [False] * count
    for signal in found:
        if signal.kind == "concern":
            for member in signal.members:
                worse[member] = True
    return worse


def _newest_target(series: Series, promised: Schedule | None) -> float | None:
    """The target that the newest period is measured against."""
    if promised is None or not len(series):
        return None
    return promised.spoken_of_on(series.periods[-1]).target


def _promises(series: Series, promised: Schedule | None) -> tuple[Promise | None, ...]:
    return tuple(promised.on(period) if promised is not None else None for period in series.periods)


def _verdicts(
    series: Series, promises: Sequence[Promise | None], worse: Sequence[bool]
) -> tuple[Verdict, ...]:
    """Each period by the promise that held then."""
    return tuple(
        judge(value, n=n, promise=promise, worsening=worsening)
        for promise, value, n, worsening in zip(
            promises, series.values.tolist(), _sizes(series), worse, strict=True
        )
    )


def _sizes(series: Series) -> list[int]:
    sizes: list[int] = np.nan_to_num(series.n).astype(np.int64).tolist()
    return sizes
