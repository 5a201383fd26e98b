"""Background work of monitoring: load a file, measure what it touched."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from calidez.kit.jobs import job
from calidez.monitoring.models import Indicator


@job(title=_("Measuring indicators"))
def measure_indicators(*, indicators: list[int]) -> None:
    """Measure all periods of these indicators: their definition is new, or the tree of units changed."""
    from calidez.monitoring.services.measuring import measure

    measure(Indicator.objects.filter(pk__in=indicators))
