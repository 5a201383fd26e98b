"""Whether a process can keep within what was promised, and how sure that is."""

from .attribute import ProportionCapability, proportion
from .histogram import from_histogram
from .indices import (
    Capability,
    CpmFreedom,
    Index,
    Interval,
    Shares,
    WithinFreedom,
    capability,
    from_summary,
)
from .shape import Normality, Percentiles, normality

__all__ = [
    "Capability",
    "CpmFreedom",
    "Index",
    "Interval",
    "Normality",
    "Percentiles",
    "ProportionCapability",
    "Shares",
    "WithinFreedom",
    "capability",
    "from_histogram",
    "from_summary",
    "normality",
    "proportion",
]
