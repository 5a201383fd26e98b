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
    """One signal in reading terms: values in the shown unit.

    A run that goes on completes its pattern again at every further point; that is one signal, known by the point
    at which it first showed (`index`) and valued at its newest (`last`).
    """

    rule: str
    kind: str
    index: int
    last: int
    members: tuple[int, ...]
    direction: int
    value: float
    lower: float
    upper: float
    centre: float


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
    trusts_old_limits: bool = field(default=True)

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
        signals = rules.find_signals(chart, options.preset)
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
        unacceptable=tuple(
            is_unacceptable(value, n=n, promise=promise)
            for value, n, promise in zip(series.values.tolist(), _sizes(series), promises, strict=True)
        ),
    )


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
        chart = _draw(kind, series, statistics, phases, measure)
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
        return _moved(series) or {"n": series.n, "total": series.total, "sum_squares": series.sum_squares}
    return {"values": series.values / series.scale}


def _moved(series: Series) -> dict[str, Any] | None:
    """The sums about the mean of all: which chart suits follows from differences only, and these do not cancel.

    To be replaced by `centred_squares=` where `charts.from_sums` takes it.
    """
    if series.centred is None or series.total is None or not (series.n > 0).any():
        return None
    total = series.total - series.n * (np.nansum(series.total) / series.n.sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        return {"n": series.n, "total": total, "sum_squares": series.centred + total**2 / series.n}


def _draw(
    kind: str,
    series: Series,
    statistics: dict[str, Any],
    phases: Sequence[charts.Phase],
    measure: charts.Measure,
) -> charts.ControlChart:
    if kind in {"i", "run"}:
        statistics = {"values": series.values / series.scale}
    bounds = {
        charts.Measure.PROPORTION: (0.0, 1.0),
        charts.Measure.RATE: (0.0, None),
        charts.Measure.COUNT: (0.0, None),
    }.get(measure, (None, None))
    if kind == "xbar_s" and series.centred is not None:
        spread = np.divide(series.centred, series.n - 1, out=np.full(len(series), np.nan), where=series.n > 1)
        means = series.values / series.scale
        return charts.xbar_s(means=means, sds=np.sqrt(spread), sizes=series.n, phases=phases, bounds=bounds)
    return charts.draw(charts.ChartKind(kind), phases=phases, bounds=bounds, **statistics)


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
    """Signals of one rule and direction at consecutive points belong together, save for points beyond the limits."""
    groups: list[list[rules.Signal]] = []
    open_groups: dict[tuple[str, int], list[rules.Signal]] = {}
    for signal in sorted(signals, key=lambda s: s.index):
        key = (str(signal.rule), signal.direction)
        group = open_groups.get(key)
        goes_on = group is not None and signal.index == group[-1].index + 1
        if group is not None and goes_on and signal.rule is not rules.Rule.BEYOND_LIMITS:
            group.append(signal)
            continue
        open_groups[key] = [signal]
        groups.append(open_groups[key])
    return groups


def _found(group: Sequence[rules.Signal], chart: charts.ControlChart, scale: float, better: str) -> Found:
    first, last = group[0], group[-1].index
    return Found(
        rule=str(first.rule),
        kind=str(kind_of_signal(first.direction, better)),
        index=first.index,
        last=last,
        members=tuple(sorted({int(member) for signal in group for member in signal.members})),
        direction=first.direction,
        value=float(chart.values[last] * scale),
        lower=float(chart.lower[last] * scale),
        upper=float(chart.upper[last] * scale),
        centre=float(chart.centre[last] * scale),
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
