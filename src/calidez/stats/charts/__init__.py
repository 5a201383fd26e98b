"""Control charts: the limits within which a stable process varies, for each kind of service measure."""

from .attributes import c, np_, p, u
from .autocorrelation import Autocorrelation
from .choose import FORMS, REASONS, Choice, Measure, Reason, choose
from .core import (
    ENOUGH_POINTS,
    MEMORY,
    ChartKind,
    ControlChart,
    FrozenLimits,
    Phase,
    PhaseLimits,
)
from .dispersion import Dispersion, overdispersion
from .draw import SEASONAL, draw
from .memory import CUSUM_RUN_LENGTH, EWMA_RUN_LENGTH, Cusum, Ewma, cusum, cusum_chart, ewma, ewma_chart
from .multivariate import TSquared, t_squared
from .pattern import Kind as PatternKind
from .pattern import Pattern
from .rare import Limits, between_events, g, moments_of_events, t
from .run import Runs, crossings_min, longest_run_max, run_chart, runs
from .season import Season
from .season_fit import Form
from .skewness import leaning, leaning_within
from .subgroups import Subgroups, deviations, from_sums, ranges, summarise, xbar_r, xbar_s
from .variables import EXACT, MAKING_DATA_COUNT, Factors, Spread, individuals, moving_range

__all__ = [
    "CUSUM_RUN_LENGTH",
    "ENOUGH_POINTS",
    "EWMA_RUN_LENGTH",
    "EXACT",
    "FORMS",
    "MAKING_DATA_COUNT",
    "MEMORY",
    "REASONS",
    "SEASONAL",
    "Autocorrelation",
    "ChartKind",
    "Choice",
    "ControlChart",
    "Cusum",
    "Dispersion",
    "Ewma",
    "Factors",
    "Form",
    "FrozenLimits",
    "Limits",
    "Measure",
    "Pattern",
    "PatternKind",
    "Phase",
    "PhaseLimits",
    "Reason",
    "Runs",
    "Season",
    "Spread",
    "Subgroups",
    "TSquared",
    "between_events",
    "c",
    "choose",
    "crossings_min",
    "cusum",
    "cusum_chart",
    "deviations",
    "draw",
    "ewma",
    "ewma_chart",
    "from_sums",
    "g",
    "individuals",
    "leaning",
    "leaning_within",
    "longest_run_max",
    "moments_of_events",
    "moving_range",
    "np_",
    "overdispersion",
    "p",
    "ranges",
    "run_chart",
    "runs",
    "summarise",
    "t",
    "t_squared",
    "u",
    "xbar_r",
    "xbar_s",
]
