"""Facts, indicators, what they measured, and what stood out."""

from calidez.monitoring.models.curves import SatisfactionCurve
from calidez.monitoring.models.facts import Dataset, Import
from calidez.monitoring.models.figures import Measurement, Standing, UnitDays
from calidez.monitoring.models.findings import Annotation, Baseline, Exclusion, Signal
from calidez.monitoring.models.indicators import Indicator, IndicatorVersion

__all__ = [
    "Annotation",
    "Baseline",
    "Dataset",
    "Exclusion",
    "Import",
    "Indicator",
    "IndicatorVersion",
    "Measurement",
    "SatisfactionCurve",
    "Signal",
    "Standing",
    "UnitDays",
]
