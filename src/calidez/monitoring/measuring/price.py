"""What the rules of a chart cost: how often they alarm when nothing changes."""

from __future__ import annotations

from calidez.monitoring.measuring.charting import Reading
from calidez.stats import rules


def price_of(reading: Reading, preset: str) -> rules.FalseAlarm | None:
    """False alarms of the rules on the limits that hold now; None on charts without limits."""
    if reading.chart is None or reading.kind == "run" or preset not in rules.PRESETS:
        return None
    phase = reading.chart.phases[-1]
    return rules.false_alarms(preset, phase.points, frozen=phase.frozen)
