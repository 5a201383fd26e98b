"""From where on the periods say how a service works now: the one answer of every page that says what it can do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from calidez.monitoring.measuring.change import Situation, change_of
from calidez.monitoring.measuring.charting import Reading
from calidez.monitoring.measuring.explaining import NEW_LEVEL
from calidez.stats import charts


class Since(StrEnum):
    """Why what was before says nothing of now."""

    BEGINNING = "beginning"  # it does: nothing is known to have changed the service for good
    LIMITS = "limits"  # somebody set limits anew
    LEVEL = "level"  # the level changed at once and for good


@dataclass(frozen=True)
class Present:
    """The first period that counts, why the earlier ones do not, and whether the service is steady since; None: not known."""

    start: int
    since: Since
    stable: bool | None


def as_it_works_now(reading: Reading) -> Present:
    """What somebody set weighs more than what was found; a level is looked for only where nobody set limits."""
    start, since = begins(reading)
    situation = change_of(_from(reading, start, since)).situation
    steady = situation not in {Situation.NOW, Situation.THROUGHOUT}
    return Present(start, since, None if situation is Situation.UNKNOWN else steady)


def begins(reading: Reading) -> tuple[int, Since]:
    chart, pattern = reading.chart, reading.pattern
    if chart is not None and chart.phases[-1].start:
        return chart.phases[-1].start, Since.LIMITS
    if pattern is not None and pattern.kind is charts.PatternKind.LEVEL and pattern.cuts:
        return pattern.cuts[-1], Since.LEVEL
    return 0, Since.BEGINNING


def _from(reading: Reading, start: int, since: Since) -> Reading:
    """The change itself is over: judged is what came since."""
    if since is not Since.LEVEL:
        return reading
    left = tuple(s for s in reading.signals if s.rule != NEW_LEVEL and s.last >= start)
    return replace(reading, signals=left)
