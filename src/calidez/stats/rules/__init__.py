"""Run rules: which patterns on a chart are more than chance, and what each set of rules costs in false alarms."""

from .._types import Mask
from .alike import false_alarms_of
from .definitions import BITS, NELSON, OVERLAP, POINTWISE, TOLERANCE, WESTERN_ELECTRIC, WINDOWS, Rule
from .learned import false_alarms
from .lone import expects_less_than_one, lone_events
from .presets import PRESETS, FalseAlarm, Preset
from .run_length import RunLength, exact, simulate, simulate_runs_analysis
from .scan import Scan, scan
from .signals import Episode, Signal, episodes, find_signals
from .tenable import tenable
from .vectors import evaluate, flagged

__all__ = [
    "BITS",
    "NELSON",
    "OVERLAP",
    "POINTWISE",
    "PRESETS",
    "TOLERANCE",
    "WESTERN_ELECTRIC",
    "WINDOWS",
    "Episode",
    "FalseAlarm",
    "Mask",
    "Preset",
    "Rule",
    "RunLength",
    "Scan",
    "Signal",
    "episodes",
    "evaluate",
    "exact",
    "expects_less_than_one",
    "false_alarms",
    "false_alarms_of",
    "find_signals",
    "flagged",
    "lone_events",
    "scan",
    "simulate",
    "simulate_runs_analysis",
    "tenable",
]
