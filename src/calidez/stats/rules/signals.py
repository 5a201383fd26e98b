"""Signals on a chart: which rule, where, on which side, and from which points."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from .._types import Flags, Floats, Ints
from ..charts.core import MEMORY, ROUNDING, ChartKind, ControlChart, PhaseLimits, set_aside
from ..charts.run import runs, sides
from .definitions import RUNS, TOLERANCE, TRENDS, WHOLE_PHASE, WINDOWS, ZONES, Rule
from .presets import PRESETS, Preset
from .vectors import evaluate, flagged

FEWEST_FOR_RUNS = 10
"""Useful points below which the length of runs says nothing."""

_ONLY_LIMITS = MEMORY | {ChartKind.MR}
_SKEWED = frozenset({ChartKind.R, ChartKind.S, ChartKind.G})


@dataclass(frozen=True)
class Signal:
    """A rule complete at `index` because of `members`.

    `direction` is +1 (high, rising), −1 (low, falling) or 0 (neither). `limit` is the limit crossed, or the
    centre for rules that do not cross one.
    """

    rule: Rule
    index: int
    members: tuple[int, ...]
    direction: int
    value: float
    limit: float


@dataclass(frozen=True)
class Episode:
    """Signals of one rule and direction that follow one another, told as one: since `start`, until `stop`."""

    rule: Rule
    direction: int
    start: int
    stop: int
    members: tuple[int, ...]
    signals: tuple[Signal, ...]


def find_signals(chart: ControlChart, preset: Preset | str = "default") -> tuple[Signal, ...]:
    """All signals of the preset on the chart, by position.

    Nothing is read across a phase boundary or a gap; only Anhøj's rules, which ask for the order of useful
    points and not for neighbours, pass over gaps inside a phase. Moving-range, EWMA and CUSUM charts are read for
    their limits alone, since neighbours share points; charts of skewed statistics (R, S, g) without zone rules;
    run charts, which have no limits, by runs and trends.
    """
    if isinstance(preset, str):
        if preset not in PRESETS:
            raise ValueError(f"there is no set of rules called {preset!r}: choose among {', '.join(PRESETS)}")
        preset = PRESETS[preset]
    rules = [rule for rule in preset.rules if _applies(rule, chart.kind)]
    found = _pointwise(chart, [rule for rule in rules if rule not in WHOLE_PHASE])
    whole = [rule for rule in rules if rule in WHOLE_PHASE]
    if whole:
        for phase in chart.phases:
            found.extend(_over_phase(chart, phase, whole))
    order = {rule: position for position, rule in enumerate(preset.rules)}
    return tuple(sorted(found, key=lambda signal: (signal.index, order[signal.rule])))


def episodes(signals: Iterable[Signal]) -> tuple[Episode, ...]:
    """Signals joined where their points touch, one episode per rule and direction, by start."""
    groups: dict[tuple[Rule, int], list[list[Signal]]] = {}
    for signal in sorted(signals, key=lambda signal: signal.index):
        stretches = groups.setdefault((signal.rule, signal.direction), [])
        if stretches and min(signal.members) <= stretches[-1][-1].index + 1:
            stretches[-1].append(signal)
        else:
            stretches.append([signal])
    told = [_episode(stretch) for stretches in groups.values() for stretch in stretches]
    return tuple(sorted(told, key=lambda episode: (episode.start, episode.stop)))


def _applies(rule: Rule, kind: ChartKind) -> bool:
    if kind in _ONLY_LIMITS:
        return rule is Rule.BEYOND_LIMITS
    if kind is ChartKind.RUN:
        return rule is not Rule.BEYOND_LIMITS and rule not in ZONES
    return not (kind in _SKEWED and rule in ZONES)


def _pointwise(chart: ControlChart, rules: list[Rule]) -> list[Signal]:
    z = _readable(chart)
    # A gap put before each break keeps every pattern on its own stretch.
    at = np.flatnonzero(chart.breaks)
    place = np.arange(len(z)) + np.cumsum(chart.breaks)
    spaced_z, spaced_values = np.insert(z, at, np.nan), np.insert(chart.heights, at, np.nan)
    patterns = [rule for rule in rules if rule is not Rule.BEYOND_LIMITS]
    mask = evaluate(spaced_z, patterns, steps=spaced_values)[place]
    found = _beyond(chart) if Rule.BEYOND_LIMITS in rules else []
    for rule in patterns:
        # Where nothing varies there are no limits that points could lie too close between.
        complete = flagged(mask, rule) & ((rule is not Rule.FIFTEEN_WITHIN) | (chart.sigma > 0))
        for index in np.flatnonzero(complete):
            found.append(_signal(chart, rule, int(index), z))
    return found


def _readable(chart: ControlChart) -> Floats:
    """Standardised points; on a chart without a scale, just the side of the centre."""
    if chart.kind is not ChartKind.RUN:
        return chart.z
    z = sides(chart.values, chart.centre).astype(np.float64)
    z[np.isnan(chart.judged)] = np.nan
    return z


def _beyond(chart: ControlChart) -> list[Signal]:
    """Points beyond a drawn limit; on the limit is inside."""
    slack = TOLERANCE * np.nan_to_num(chart.sigma) + ROUNDING * np.abs(np.nan_to_num(chart.values))
    lowest = chart.judged if chart.below is None else set_aside(chart.below, chart.excluded)
    found = []
    for side, line, limit, outside in (
        (1, chart.judged, chart.upper, chart.judged > chart.upper + slack),
        (-1, lowest, chart.lower, lowest < chart.lower - slack),
    ):
        for index in np.flatnonzero(outside):
            i = int(index)
            members = _built_up(chart, line, i, side) if chart.kind in MEMORY else (i,)
            found.append(Signal(Rule.BEYOND_LIMITS, i, members, side, float(line[i]), float(limit[i])))
    return found


def _built_up(chart: ControlChart, line: Floats, index: int, side: int) -> tuple[int, ...]:
    """The points that carried a memory so far: all since a CUSUM was zero or an average not on this side of the centre."""
    start = next(phase.start for phase in chart.phases if phase.start <= index < phase.stop)
    away = side * (line[start:index] - chart.centre[start:index])
    at_rest = np.flatnonzero(away <= 0)
    first = start + int(at_rest[-1]) + 1 if len(at_rest) else start
    return tuple(i for i in range(first, index + 1) if np.isfinite(line[i]))


def _signal(chart: ControlChart, rule: Rule, index: int, z: Floats) -> Signal:
    window = np.arange(index + 1 - WINDOWS[rule], index + 1)
    members, direction = window, 0
    if rule in RUNS:
        direction = 1 if z[index] > 0 else -1
    elif rule in TRENDS:
        direction = 1 if chart.heights[index] > chart.heights[index - 1] else -1
    elif rule in (Rule.TWO_OF_THREE, Rule.TWO_OF_THREE_ONE_SIDE, Rule.FOUR_OF_FIVE):
        line = 1 if rule is Rule.FOUR_OF_FIVE else 2
        far = 3 if rule is Rule.TWO_OF_THREE_ONE_SIDE else np.inf
        members, direction = _beyond_line(z, window, line, far)
    return _at(chart, rule, index, tuple(int(i) for i in members), direction)


def _beyond_line(z: Floats, window: Ints, line: int, far: float) -> tuple[Ints, int]:
    """The points of the window between two zone lines on the side that has most of them, and that side."""
    distance = z[window]
    high: Flags = (distance > line + TOLERANCE) & (distance <= far + TOLERANCE)
    low: Flags = (distance < -line - TOLERANCE) & (distance >= -far - TOLERANCE)
    side = 1 if high.sum() > low.sum() else -1
    return window[high if side > 0 else low], side


def _over_phase(chart: ControlChart, phase: PhaseLimits, rules: list[Rule]) -> list[Signal]:
    window = slice(phase.start, phase.stop)
    values = chart.judged[window]
    if not np.isfinite(values).any():
        return []
    result = runs(values, chart.centre[window])
    if result.useful < FEWEST_FOR_RUNS:
        return []
    found = []
    if Rule.LONGEST_RUN in rules and result.too_long:
        members = tuple(phase.start + i for i in result.members)
        found.append(_at(chart, Rule.LONGEST_RUN, members[-1], members, result.side))
    if Rule.FEW_CROSSINGS in rules and result.too_few_crossings:
        last = phase.start + int(np.flatnonzero(np.isfinite(values))[-1])
        found.append(_at(chart, Rule.FEW_CROSSINGS, last, (last,), 0))
    return found


def _at(chart: ControlChart, rule: Rule, index: int, members: tuple[int, ...], direction: int) -> Signal:
    return Signal(rule, index, members, direction, float(chart.values[index]), float(chart.centre[index]))


def _episode(stretch: list[Signal]) -> Episode:
    members = sorted({index for signal in stretch for index in signal.members})
    return Episode(
        rule=stretch[0].rule,
        direction=stretch[0].direction,
        start=members[0],
        stop=max(members[-1], stretch[-1].index),
        members=tuple(members),
        signals=tuple(stretch),
    )
