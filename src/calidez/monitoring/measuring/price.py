"""What the rules of a chart cost: how often they alarm when nothing changes."""

from __future__ import annotations

from calidez.monitoring.measuring.charting import FEWEST_TO_FLAG, Reading
from calidez.stats import rules


def price_of(reading: Reading, preset: str) -> rules.FalseAlarm | None:
    """False alarms of the rules on the limits that hold now; None where no rule speaks of limits."""
    if reading.chart is None or reading.kind == "run" or preset not in rules.PRESETS:
        return None
    if 0 < reading.chart.phases[-1].points < FEWEST_TO_FLAG:
        return None  # nothing is called a signal there
    return rules.false_alarms_of(reading.chart, preset)
