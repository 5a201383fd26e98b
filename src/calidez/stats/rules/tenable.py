"""Runs that say something: not those that a single far point makes by pulling the centre, nor those of lopsided counts."""

from collections.abc import Iterable

import numpy as np
from scipy import special

from .._types import Floats, Ints
from ..charts.core import ChartKind, ControlChart, PhaseLimits
from ..charts.run import longest_run_max
from .definitions import RUNS, TOLERANCE, Rule
from .signals import Signal

LOPSIDED = 0.6
"""Where more than this share of counts falls on one side of the mean by chance, a run on that side is no news."""

_BINOMIAL = frozenset({ChartKind.P, ChartKind.NP})
_POISSON = frozenset({ChartKind.U, ChartKind.C})


def tenable(chart: ControlChart, signals: Iterable[Signal]) -> tuple[Signal, ...]:
    """The signals without runs on one side of the centre that are artefacts of where the centre lies.

    A run stays when it is long enough around the mean of the points within the limits too: one point far out moves
    the mean so that all others lie on the other side of it. Small counts are lopsided (nine in ten months without an
    event lie below a mean of 0.1): there a point on the median of its distribution neither counts nor ends a run,
    like a point on the centre line in Anhøj's runs analysis. On run charts all stay: no far point moves a median.
    """
    given = tuple(signals)
    if chart.kind is ChartKind.RUN:
        return given
    side = _sides(chart)
    dropped = {
        id(signal)
        for group in _stretches(given)
        if _longest(side[np.array(_members(group))], group[0].direction) < _needed(chart, group[0])
        for signal in group
    }
    return tuple(signal for signal in given if id(signal) not in dropped)


def _sides(chart: ControlChart) -> Ints:
    """+1 or −1: the side of the mean of the points within the limits; 0 on it, or on the median of lopsided counts."""
    z = np.where(np.isfinite(chart.z), chart.z, np.nan)
    outside = (chart.values > chart.upper) | (chart.values < chart.lower)
    distance = z.copy()
    for phase in chart.phases:
        window = slice(phase.start, phase.stop)
        inside = z[window][~outside[window]]
        if not phase.frozen and np.isfinite(inside).any():
            distance[window] -= np.nanmean(inside)
    side = np.sign(np.where(np.abs(distance) <= TOLERANCE, 0.0, np.nan_to_num(distance))).astype(np.int64)
    # A point beyond a limit is on the side on which it lies, wherever the mean may be.
    side[outside] = np.sign(chart.values - chart.centre)[outside].astype(np.int64)
    side[_on_median(chart)] = 0
    return side


def _on_median(chart: ControlChart) -> Ints:
    """Positions of counts that equal the median of a distribution most of which lies on one side of its mean."""
    if chart.kind not in _BINOMIAL | _POISSON:
        return np.empty(0, dtype=np.int64)
    sizes = np.ones(len(chart)) if chart.denominators is None else chart.denominators
    as_count = chart.kind in {ChartKind.C, ChartKind.NP}
    known = np.flatnonzero(np.isfinite(chart.values) & (sizes > 0))
    counts = np.round((chart.values if as_count else chart.values * sizes)[known])
    expected = (chart.centre if as_count else chart.centre * sizes)[known]
    below = _at_most(chart, np.ceil(expected) - 1, expected, sizes[known])
    above = 1 - _at_most(chart, np.floor(expected), expected, sizes[known])
    lopsided = np.maximum(below, above) > LOPSIDED
    middle = (_at_most(chart, counts, expected, sizes[known]) >= 0.5) & (
        _at_most(chart, counts - 1, expected, sizes[known]) < 0.5
    )
    found: Ints = known[lopsided & middle]
    return found


def _at_most(chart: ControlChart, counts: Floats, expected: Floats, sizes: Floats) -> Floats:
    """Chance of so many events or fewer."""
    possible = counts >= 0
    if chart.kind in _POISSON:
        chance = special.pdtr(np.maximum(counts, 0), expected)
    else:
        chance = special.bdtr(np.maximum(counts, 0), np.round(sizes).astype(np.int64), expected / sizes)
    return np.where(possible, chance, 0.0)


def _stretches(signals: tuple[Signal, ...]) -> list[list[Signal]]:
    """Runs of one rule and direction that go on from one another."""
    groups: list[list[Signal]] = []
    for rule in (*RUNS, Rule.LONGEST_RUN):
        for direction in (1, -1):
            last = None
            for signal in signals:
                if signal.rule is not rule or signal.direction != direction:
                    continue
                if last is None or min(signal.members) > last + 1:
                    groups.append([])
                groups[-1].append(signal)
                last = max(signal.members)
    return groups


def _members(group: list[Signal]) -> list[int]:
    return sorted({member for signal in group for member in signal.members})


def _longest(sides: Ints, direction: int) -> int:
    """The longest run on the side, where points on the line neither count nor end it."""
    longest = length = 0
    for side in sides:
        length = 0 if side == -direction else length + int(side == direction)
        longest = max(longest, length)
    return longest


def _needed(chart: ControlChart, signal: Signal) -> int:
    if signal.rule in RUNS:
        return RUNS[signal.rule]
    phase = next(p for p in chart.phases if p.start <= signal.index < p.stop)
    return longest_run_max(_points(chart, phase)) + 1


def _points(chart: ControlChart, phase: PhaseLimits) -> int:
    return int(np.isfinite(chart.values[phase.start : phase.stop]).sum())
