"""Single events that pass a limit for the only reason that there is less than one to expect."""

import numpy as np

from .._types import Flags, Floats
from ..charts.core import ChartKind, ControlChart

_COUNTED = frozenset({ChartKind.C, ChartKind.U, ChartKind.P, ChartKind.NP})


def lone_events(chart: ControlChart) -> Flags:
    """Points that are beyond a limit although they hold no more than one event.

    With an event in sixty days the upper limit of a day lies below one, and each event would be called out of the
    ordinary: one in sixty points instead of one in hundreds. What is rare is told by how long it takes between events.
    """
    events, side = _events(chart)
    beyond = chart.values > chart.upper if side > 0 else chart.values < chart.lower
    found: Flags = beyond & (np.round(events) <= 1)
    return found


def expects_less_than_one(chart: ControlChart) -> bool:
    """Whether one event is beyond the limits that hold now, in a period of the usual size."""
    if chart.kind not in _COUNTED:
        return False
    phase = chart.phases[-1]
    sizes = np.ones(len(chart)) if chart.denominators is None else chart.denominators
    here = slice(phase.start, phase.stop)
    _events_here, side = _events(chart)
    if chart.kind in (ChartKind.C, ChartKind.NP):
        room = chart.upper[here] if side > 0 else sizes[here] - chart.lower[here]
    else:
        room = (chart.upper[here] if side > 0 else 1 - chart.lower[here]) * sizes[here]
    known = np.isfinite(room)
    return bool(known.any() and np.median(room[known]) < 1)


def _events(chart: ControlChart) -> tuple[Floats, int]:
    """How many of the scarcer kind each point holds, and on which side of the chart they lie."""
    if chart.kind not in _COUNTED:
        return np.full(len(chart), np.inf), 1
    sizes = np.ones(len(chart)) if chart.denominators is None else chart.denominators
    counts = chart.values if chart.kind in (ChartKind.C, ChartKind.NP) else chart.values * sizes
    share = chart.kind in (ChartKind.P, ChartKind.NP)
    if share and np.nansum(counts) > np.nansum(sizes - counts):
        return sizes - counts, -1
    return counts, 1
