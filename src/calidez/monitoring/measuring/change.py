"""Whether a series is changing: the one answer that headline, icons, home and programs give."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from calidez.monitoring.measuring import charting
from calidez.monitoring.measuring.charting import Reading
from calidez.monitoring.measuring.drawing import Options, Series
from calidez.monitoring.measuring.episodes import Found
from calidez.monitoring.measuring.explaining import MANY_POINTS, OF_THE_WHOLE
from calidez.stats import charts

UNSTABLE = (
    "unstable"  # the icon of a chart that changes all the time: what its newest point shows would mislead
)

# So many signals, on many of its points, make a chart one that changes all the time.
MANY_SIGNALS = 3


class Situation(StrEnum):
    """What a chart says as a whole."""

    UNKNOWN = "unknown"  # too few periods for limits
    NOW = "now"  # the newest period stands out
    LATELY = "lately"  # periods stood out; the newest does not
    THROUGHOUT = "throughout"  # it changes all the time
    ORDINARY = "ordinary"  # nothing in all of it stands out


@dataclass(frozen=True)
class Change:
    """The situation with the signal to be told (NOW, LATELY) and how many there are from which period on."""

    situation: Situation
    signal: Found | None = None
    signals: int = 0
    since: int | None = None


def read(series: Series, options: Options) -> Reading:
    """Draw, test and judge one series; a chart that changes all the time gets the icon that says so."""
    reading = charting.read(series, options)
    throughout = change_of(reading).situation is Situation.THROUGHOUT
    return replace(reading, variation=UNSTABLE) if throughout else reading


def change_of(reading: Reading) -> Change:
    """Judged over the stretch with the limits that hold now: what was before a new phase is not news."""
    last = reading.last
    if reading.chart is None or last is None or reading.variation == "not_enough_data":
        return Change(Situation.UNKNOWN)
    phase = next(p for p in reversed(reading.chart.phases) if p.start <= last)
    here = [s for s in reading.signals if s.last >= phase.start]
    if _named(reading):
        return Change(Situation.THROUGHOUT, present_signal(reading), len(here), phase.start)
    if not here:
        return Change(Situation.ORDINARY)
    since = min(min(s.members) for s in here)
    now = present_signal(reading)
    if _throughout(reading, here, phase.start, last):
        return Change(Situation.THROUGHOUT, now, len(here), since)
    if now is not None:
        return Change(Situation.NOW, now, len(here), since)
    newest = max(here, key=lambda s: (s.last, s.kind == "concern"))
    return Change(Situation.LATELY, newest, len(here), since)


def _named(reading: Reading) -> bool:
    """Whether what goes on throughout says more than any signal: a season with nothing beside it now, a level that wanders."""
    one_signal = {charts.PatternKind.TREND, charts.PatternKind.LEVEL}  # which tells of it
    if reading.pattern is None or reading.pattern.kind in one_signal:
        return False
    return reading.pattern.kind is charts.PatternKind.WANDERING or present_signal(reading) is None


def present_signal(reading: Reading) -> Found | None:
    """The signal that the newest period belongs to, concern first."""
    held = [s for s in reading.signals if reading.last in s.members]
    return min(held, key=lambda s: s.kind != "concern", default=None)


def _throughout(reading: Reading, signals: list[Found], start: int, last: int) -> bool:
    # A change of level takes many points and is one change.
    many = [s for s in signals if s.rule not in OF_THE_WHOLE]
    if len(many) < MANY_SIGNALS:
        return False
    marked = {m for s in many for m in s.members if m >= start}
    known = int(np.isfinite(reading.series.values[start : last + 1]).sum())
    return len(marked) >= MANY_POINTS * known
