"""What customers answered at each measured value, in bins: read once from the facts, looked at as often as one likes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from calidez.monitoring.models.indicators import Indicator
from calidez.people.models import Unit


class SatisfactionCurve(models.Model):
    """One column of answers against one measured value, for an indicator in a unit; asked anew it is drawn anew."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="curves")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    value = models.CharField(_("measured value"), max_length=100)
    score = models.CharField(_("column of answers"), max_length=100)
    # Only these answers count: codes such as 0, 6 or 11 often stand for “did not answer”.
    lowest = models.FloatField(_("lowest valid answer"))
    highest = models.FloatField(_("highest valid answer"))
    worse_above = models.BooleanField(default=True)
    higher_better = models.BooleanField(default=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    job = models.UUIDField(null=True)
    computed_at = models.DateTimeField(null=True)
    # [{"n": …, "value": mean, "low": …, "high": …, "total": sum of answers, "squares": …}, …]
    bins: Any = models.JSONField(default=list)
    # The state of the facts that were read: the dataset's rows and last load.
    source_rows = models.PositiveBigIntegerField(null=True)
    source_loaded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "unit"], name="monitoring_curve_once"),
            models.CheckConstraint(
                condition=Q(highest__gt=F("lowest")),
                name="monitoring_curve_range",
                violation_error_message=_("The highest valid answer must be above the lowest."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} · {self.unit}: {self.score}"
