"""Everything that changes what monitoring holds."""

from calidez.monitoring.services import imports
from calidez.monitoring.services.baselines import rebase, withdraw
from calidez.monitoring.services.curves import ask_curve
from calidez.monitoring.services.datasets import create_dataset, map_branches
from calidez.monitoring.services.imports import import_file
from calidez.monitoring.services.indicators import (
    check_indicator,
    indicator_saved,
    retire,
)
from calidez.monitoring.services.measuring import measure, measure_new
from calidez.monitoring.services.signals import acknowledge, keep_signals

__all__ = [
    "acknowledge",
    "ask_curve",
    "check_indicator",
    "create_dataset",
    "import_file",
    "imports",
    "indicator_saved",
    "keep_signals",
    "map_branches",
    "measure",
    "measure_new",
    "rebase",
    "retire",
    "withdraw",
]
