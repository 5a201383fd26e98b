"""From the measured periods of one unit to a chart with limits, signals and verdicts: plain values in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from calidez.monitoring.measuring import season
from calidez.monitoring.measuring.drawing import (
    ALTERNATIVES,
    STATS_MEASURE,
    Floats,
    Options,
    Series,
    drawn,
    measured,
)
from calidez.monitoring.measuring.season import Adjust, Followed, Offer
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
from calidez.stats.charts import pattern as patterns

# Raised where the same figures are read otherwise than before: what is stored of charts is then made anew.
READING = 3
_DIRECTIONS = {"up": icons.Direction.UP, "down": icons.Direction.DOWN, "none": icons.Direction.NONE}
# With fewer periods behind the limits nothing is called a signal.
FEWEST_TO_FLAG = 8
# The one signal that a series shows which rises or falls from end to end.
LONG_TREND = "long_trend"
# A chart with signals on so many of its points has no usual that anything stands out from.
MANY_POINTS = 0.25


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


@dataclass(frozen=True)
class Pattern:
    """What keeps a chart out of control from end to end: its remedy is another chart, not an enquiry into each point."""

    kind: charts.PatternKind
    offer: Offer | None = None  # of a season
    # Of a level that wanders: where it changed, if it did so at once.
    cuts: tuple[int, ...] = ()
    explained: int = 0  # points of signals that are not told, because it explains them


@dataclass(frozen=True, eq=False)
class Memory:
    """What a chart that remembers draws in place of the values, with its limits.

    Of an EWMA `statistic` is the weighted average, in the shown unit; of a CUSUM it is the upper sum and `below` the
    lower one, in standard deviations of a single value.
    """

    statistic: Floats
    lower: Floats
    upper: Floats
    centre: Floats
    below: Floats | None = None


@dataclass(frozen=True, eq=False)
class Reading:
    """Everything that pages, downloads and standings say about one series.

    Centre and limits are those of the values; a chart that remembers has no limits for them, only those in `memory`.
    """

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
    options: Options | None = None
    seasons: tuple[Followed, ...] = ()  # those that the limits follow
    pattern: Pattern | None = None
    # The periods left out of the limits, with the reason.
    aside: Mapping[int, str] = field(default_factory=dict)
    memory: Memory | None = None

    @property
    def follows(self) -> Adjust:
        """What the limits really follow."""
        parts = [season.part for season in self.seasons]
        return Adjust.BOTH if len(parts) > 1 else (parts[0] if parts else Adjust.NONE)

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
    picture = drawn(series, options)
    chart, scale = picture.chart, series.scale
    found: tuple[Found, ...] = ()
    pattern: Pattern | None = None
    memory = None if chart is None else _memory(chart, scale)
    if chart is None:
        nothing = np.full(len(series), np.nan)
        centre = lower = upper = nothing
        variation, assurance = "not_enough_data", "not_enough_data"
    else:
        centre, lower, upper = _lines(chart, scale)
        signals = _told(rules.find_signals(chart, options.preset), chart)
        found = _joined(signals, chart, scale, options.better)
        direction = _DIRECTIONS[options.better]
        variation = str(icons.variation(chart, signals, direction))
        target = _newest_target(series, options.promised)
        target = None if target is None else target / scale
        # The limits of what remembers are not those of the values: what to expect of them tells the chart for the data.
        expected = chart if memory is None else drawn(series, replace(options, chart="")).chart
        assurance = str(icons.assurance(expected or chart, target, direction))
        pattern, found = _explained(series, options, chart, found)
        if (
            pattern is not None
            and pattern.kind is charts.PatternKind.TREND
            and variation != "not_enough_data"
        ):
            variation = str(icons.icon(direction, found[0].direction))
    worse = _worsening_at(found, len(series))
    promises = _promises(series, options.promised)
    verdicts = _verdicts(series, promises, worse)
    return Reading(
        series=series,
        chart=chart,
        kind=picture.kind,
        reason=picture.reason,
        figures=picture.figures,
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
        options=options,
        seasons=picture.seasons,
        pattern=pattern,
        aside=picture.aside,
        memory=memory,
        unacceptable=tuple(
            is_unacceptable(value, n=n, promise=promise)
            for value, n, promise in zip(series.values.tolist(), _sizes(series), promises, strict=True)
        ),
    )


def signals_on(chart: charts.ControlChart, preset: str, better: str) -> tuple[Found, ...]:
    """The signals of a chart as they are told, in the unit of the chart."""
    return _joined(_told(rules.find_signals(chart, preset), chart), chart, 1.0, better)


def _joined(
    signals: Sequence[rules.Signal], chart: charts.ControlChart, scale: float, better: str
) -> tuple[Found, ...]:
    return tuple(_found(group, chart, scale, better) for group in _episodes(signals))


def _memory(chart: charts.ControlChart, scale: float) -> Memory | None:
    if chart.kind not in charts.MEMORY:
        return None
    if chart.below is not None:  # in standard deviations
        return Memory(chart.values, chart.lower, chart.upper, chart.centre, chart.below)
    return Memory(chart.values * scale, chart.lower * scale, chart.upper * scale, chart.centre * scale)


def _lines(chart: charts.ControlChart, scale: float) -> tuple[Floats, Floats, Floats]:
    """Centre and limits of the values, in the shown unit."""
    if chart.kind not in charts.MEMORY:
        return chart.centre * scale, chart.lower * scale, chart.upper * scale
    centre = np.full(len(chart), np.nan)
    for phase in chart.phases:
        centre[phase.start : phase.stop] = phase.limits.centre * scale
    centre[np.isnan(chart.values)] = np.nan
    return centre, np.full(len(chart), np.nan), np.full(len(chart), np.nan)


def _told(signals: Sequence[rules.Signal], chart: charts.ControlChart) -> tuple[rules.Signal, ...]:
    """Without runs that only the place of the centre makes, and without single events where less than one is expected.

    Limits learned from a handful of periods flag nothing.
    """
    weak = [p for p in chart.phases if 0 < p.points < FEWEST_TO_FLAG]
    lone = rules.lone_events(chart)
    held = [
        s
        for s in rules.tenable(chart, signals)
        if s.rule is not rules.Rule.BEYOND_LIMITS or not lone[s.index]
    ]
    return tuple(s for s in held if not any(p.start <= s.index < p.stop for p in weak))


def _explained(
    series: Series, options: Options, chart: charts.ControlChart, found: tuple[Found, ...]
) -> tuple[Pattern | None, tuple[Found, ...]]:
    """Where signals are on many points: what explains them together, and the signals that are left to tell."""
    phase = chart.phases[-1]
    # Limits that a person set are taken at their word, and so is a chart that is read for lasting changes.
    asked = phase.frozen or chart.kind is charts.ChartKind.RUN or chart.kind in charts.MEMORY
    if asked or not found:
        return None, found
    # A season explains few signals as well as many: its own wave widens limits that do not follow it.
    offer = None
    if options.adjust is Adjust.NONE and len(chart.phases) == 1:
        offer = season.offered(measured(series, options), options.period)
    if offer is not None:
        left = _beside_season(series, options, offer, found)
        return Pattern(charts.PatternKind.SEASON, offer, explained=_points_of(found) - _points_of(left)), left
    if not _on_many_points(series, found, phase):
        return None, found
    seen = patterns.find(chart)
    if seen is None:
        return None, found
    if seen.kind is charts.PatternKind.TREND:
        return Pattern(seen.kind), (_long_trend(series, chart, seen.direction, options.better),)
    # Of a level that wanders only where it stands now is worth a look.
    newest = int(np.flatnonzero(np.isfinite(series.values))[-1])
    present = tuple(s for s in found if newest in s.members)
    cuts = patterns.steps(chart)
    return Pattern(seen.kind, cuts=cuts, explained=_points_of(found) - _points_of(present)), present


def _points_of(found: Sequence[Found]) -> int:
    return len({member for signal in found for member in signal.members})


def _beside_season(
    series: Series, options: Options, offer: Offer, found: tuple[Found, ...]
) -> tuple[Found, ...]:
    """The signals that limits following the season would show too: those it does not explain."""
    chart = drawn(series, replace(options, adjust=offer.adjust)).chart
    if chart is None:
        return found
    left = _told(rules.find_signals(chart, options.preset), chart)
    return tuple(
        s for s in found if any(s.direction == o.direction and set(s.members) & set(o.members) for o in left)
    )


def _on_many_points(series: Series, found: Sequence[Found], phase: charts.PhaseLimits) -> bool:
    marked = {m for s in found for m in s.members if m >= phase.start}
    known = int(np.isfinite(series.values[phase.start : phase.stop]).sum())
    return len(marked) >= MANY_POINTS * known


def _long_trend(series: Series, chart: charts.ControlChart, direction: int, better: str) -> Found:
    """The one signal of a series that rises or falls from end to end."""
    start = chart.phases[-1].start
    known = [int(i) for i in np.flatnonzero(np.isfinite(series.values)) if i >= start]
    last, scale = known[-1], series.scale
    return Found(
        reasons=(LONG_TREND,),
        kind=str(kind_of_signal(direction, better)),
        index=known[0],
        last=last,
        members=tuple(known),
        direction=direction,
        value=float(series.values[last]),
        lower=float(chart.lower[last] * scale),
        upper=float(chart.upper[last] * scale),
        centre=float(chart.centre[last] * scale),
        shown_by={LONG_TREND: frozenset(known)},
    )


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
    if chart.kind in charts.MEMORY:
        return _lasting(group, chart, scale, better)
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


def _lasting(group: Sequence[rules.Signal], chart: charts.ControlChart, scale: float, better: str) -> Found:
    """A lasting change on a chart that remembers: its value is the mean of what was measured since it began."""
    members = tuple(sorted({int(member) for signal in group for member in signal.members}))
    last, direction, rule = max(s.index for s in group), group[0].direction, str(chart.kind)
    observed = chart.values if chart.observed is None else chart.observed
    return Found(
        reasons=(rule,),
        kind=str(kind_of_signal(direction, better)),
        index=min(signal.index for signal in group),
        last=last,
        members=members,
        direction=direction,
        value=float(np.nanmean(observed[list(members)]) * scale),
        lower=float("nan"),
        upper=float("nan"),
        centre=next(p for p in chart.phases if p.start <= last < p.stop).limits.centre * scale,
        shown_by={rule: frozenset(members)},
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
