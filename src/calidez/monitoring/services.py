"""Everything that changes what monitoring holds."""

from calidez.monitoring.feasibility.services.curves import ask_curve
from calidez.monitoring.loading import services as imports
from calidez.monitoring.loading.services import import_file
from calidez.monitoring.loading.services.datasets import check_dataset, create_dataset, map_branches
from calidez.monitoring.measuring.services.baselines import rebase, withdraw
from calidez.monitoring.measuring.services.exclusions import count_again, leave_out
from calidez.monitoring.measuring.services.indicators import check_indicator, indicator_saved, retire
from calidez.monitoring.measuring.services.measuring import measure, measure_new
from calidez.monitoring.measuring.services.signals import acknowledge, keep_signals, kept_of

__all__ = [
    "acknowledge",
    "ask_curve",
    "check_dataset",
    "check_indicator",
    "count_again",
    "create_dataset",
    "import_file",
    "imports",
    "indicator_saved",
    "keep_signals",
    "kept_of",
    "leave_out",
    "map_branches",
    "measure",
    "measure_new",
    "rebase",
    "retire",
    "withdraw",
]
