"""From the measured periods of one unit to a chart with limits, signals and verdicts: plain values in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from calidez.monitoring.measuring.drawing import (
    ALTERNATIVES,
    STATS_MEASURE,
    Case,
    Floats,
    Options,
    Series,
    drawn,
)
from calidez.monitoring.measuring.episodes import Found, found_by
from calidez.monitoring.measuring.explaining import OF_THE_WHOLE, Pattern, explained
from calidez.monitoring.measuring.season import Adjust, Followed
from calidez.monitoring.rules import (
    Promise,
    Schedule,
    Verdict,
    is_unacceptable,
    judge,
    unbroken_since,
)
from calidez.stats import charts, icons

# Raised where the same figures are read otherwise than before: what is stored of charts is then made anew.
READING = 4
_DIRECTIONS = {"up": icons.Direction.UP, "down": icons.Direction.DOWN, "none": icons.Direction.NONE}


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
    def constant(self) -> bool:
        """Whether all periods are the same, as far as there are several."""
        known = self.series.values[np.isfinite(self.series.values)]
        return len(known) > 1 and bool(np.ptp(known) <= 1e-9 * max(1.0, abs(known[0])))

    def moved_by_one_case(self, i: int) -> Case | None:
        """The single case, perhaps a slip of the pen, without which a period that is outside its limits would be within."""
        case, lower, upper = self.series.farthest_case(i), self.lower[i], self.upper[i]
        if case is None or lower <= self.series.values[i] <= upper:
            return None
        return case if lower <= case.mean_without <= upper else None

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
        signals = found_by(chart, options.preset)
        direction = _DIRECTIONS[options.better]
        variation = str(icons.variation(chart, signals, direction))
        target = _newest_target(series, options.promised)
        target = None if target is None else target / scale
        pattern, found = explained(series, options, chart, signals)
        assurance = str(icons.assurance(_expected(series, options, chart, pattern), target, direction))
        newest = int(np.flatnonzero(np.isfinite(series.values))[-1])
        whole = next((s for s in found if s.rule in OF_THE_WHOLE and newest in s.members), None)
        if whole is not None and variation != "not_enough_data":
            variation = str(icons.icon(direction, whole.direction))
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


def _expected(
    series: Series, options: Options, chart: charts.ControlChart, pattern: Pattern | None
) -> charts.ControlChart:
    """The chart whose newest limits say what to expect of the values."""
    found = None
    if chart.kind in charts.MEMORY:  # its limits are not those of the values
        found = drawn(series, replace(options, chart="")).chart
    elif pattern is not None and pattern.kind is charts.PatternKind.LEVEL:  # nothing of it is what was before
        found = drawn(series, replace(options, chart=str(chart.kind)), cuts=pattern.cuts).chart
    return found or chart


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
