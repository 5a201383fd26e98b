"""What explains many signals of a chart together: a season, a trend, a level that changed or wanders."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from calidez.monitoring.measuring import season
from calidez.monitoring.measuring.drawing import Options, Series, drawn, measured
from calidez.monitoring.measuring.episodes import Found, found_by, joined
from calidez.monitoring.measuring.season import Adjust, Offer
from calidez.monitoring.rules import kind_of_signal
from calidez.stats import charts, icons, rules
from calidez.stats.charts import pattern as patterns

# The one signal that a series shows which rises or falls from end to end.
LONG_TREND = "long_trend"
# The one signal of a level that changed at once and for good.
NEW_LEVEL = "new_level"
OF_THE_WHOLE = frozenset({LONG_TREND, NEW_LEVEL})
# A chart with signals on so many of its points has no usual that anything stands out from.
MANY_POINTS = 0.25


@dataclass(frozen=True)
class Pattern:
    """What keeps a chart out of control from end to end: its remedy is another chart, not an enquiry into each point."""

    kind: charts.PatternKind
    offer: Offer | None = None  # of a season
    # Of a level that changed or wanders: where it changed, if it did so at once.
    cuts: tuple[int, ...] = ()
    explained: int = 0  # points of signals that are not told, because it explains them


def explained(
    series: Series, options: Options, chart: charts.ControlChart, signals: Sequence[rules.Signal]
) -> tuple[Pattern | None, tuple[Found, ...]]:
    """What explains the signals together, if anything does, and the signals that are left to tell."""
    found = joined(signals, chart, series.scale, options.better)
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
    # So does a change of level: it moves the centre between what was and what is.
    if len(chart.phases) == 1 and (cuts := patterns.changes_of_level(chart)):
        told = _by_levels(series, options, chart, signals, cuts)
        if told is not None:
            beside = len(_members(found) - _members(told))
            return Pattern(charts.PatternKind.LEVEL, cuts=cuts, explained=beside), told
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


def _by_levels(
    series: Series,
    options: Options,
    chart: charts.ControlChart,
    signals: Sequence[rules.Signal],
    cuts: tuple[int, ...],
) -> tuple[Found, ...] | None:
    """The changes of level, and the signals that limits of each level would show too; None where no limits can be drawn."""
    levels = drawn(series, replace(options, chart=str(chart.kind)), cuts=cuts).chart
    if levels is None:
        return None
    shown = found_by(levels, options.preset)
    left = [
        s
        for s in signals
        if any(
            o.rule is s.rule and o.direction == s.direction and set(o.members) & set(s.members) for o in shown
        )
    ]
    changes = [
        _new_level(series, signals, before, now, options.better)
        for before, now in itertools.pairwise(levels.phases)
        if before.limits.centre != now.limits.centre
    ]
    return (*changes, *joined(left, chart, series.scale, options.better))


def _new_level(
    series: Series,
    signals: Sequence[rules.Signal],
    before: charts.PhaseLimits,
    now: charts.PhaseLimits,
    better: str,
) -> Found:
    """One change of level with the rules that showed it: its value is the new level, its centre the one before."""
    known = np.flatnonzero(np.isfinite(series.values[now.start : now.stop])) + now.start
    members = tuple(int(i) for i in known)
    direction = 1 if now.limits.centre > before.limits.centre else -1
    showing = [s for s in signals if s.direction == direction and now.start <= s.index < now.stop]
    shown_by = {
        str(rule): frozenset(int(m) for s in showing if s.rule is rule for m in s.members) & set(members)
        for rule in sorted({s.rule for s in showing}, key=icons.rank)
    }
    return Found(
        reasons=(NEW_LEVEL, *shown_by),
        kind=str(kind_of_signal(direction, better)),
        index=min((s.index for s in showing), default=members[0]),
        last=members[-1],
        at=members[-1],
        members=members,
        direction=direction,
        value=now.limits.centre * series.scale,
        lower=float("nan"),
        upper=float("nan"),
        centre=before.limits.centre * series.scale,
        shown_by={NEW_LEVEL: frozenset(members), **shown_by},
    )


def _members(found: Sequence[Found]) -> set[int]:
    return {member for signal in found for member in signal.members}


def _points_of(found: Sequence[Found]) -> int:
    return len(_members(found))


def _beside_season(
    series: Series, options: Options, offer: Offer, found: tuple[Found, ...]
) -> tuple[Found, ...]:
    """The signals that limits following the season would show too: those it does not explain."""
    chart = drawn(series, replace(options, adjust=offer.adjust)).chart
    if chart is None:
        return found
    left = found_by(chart, options.preset)
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
        at=last,
        members=tuple(known),
        direction=direction,
        value=float(series.values[last]),
        lower=float(chart.lower[last] * scale),
        upper=float(chart.upper[last] * scale),
        centre=float(chart.centre[last] * scale),
        shown_by={LONG_TREND: frozenset(known)},
    )
