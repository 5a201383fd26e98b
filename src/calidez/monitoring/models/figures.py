"""What an indicator's definition gave: sufficient statistics per unit and period, and how each unit stands now."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from calidez.monitoring.models.facts import Dataset
from calidez.monitoring.models.indicators import Indicator, IndicatorVersion
from calidez.people.models import Unit


class Measurement(models.Model):
    """Sufficient statistics of one version × unit (with everything below it) × segment × period."""

    version = models.ForeignKey(IndicatorVersion, on_delete=models.CASCADE, related_name="measurements")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    segment = models.CharField(max_length=200, default="")  # "" all, else "column=value"
    period_start = models.DateField()
    n = models.BigIntegerField()
    weight = models.FloatField(null=True)
    total = models.FloatField(null=True)
    sum_squares = models.FloatField(null=True)
    # About the cell's own mean, so that it does not cancel; null in what was measured before it was kept.
    centred = models.FloatField(null=True)
    met = models.FloatField(null=True)
    unmet = models.FloatField(null=True)
    minimum = models.FloatField(null=True)
    maximum = models.FloatField(null=True)
    # Rows with an impossible number (below zero, or more met than there were), which are in none of the sums.
    left_out = models.BigIntegerField(null=True)
    # {"values": [[value, count], …]} while there are few different values, else [[bucket, count], …].
    histogram: Any = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "unit", "segment", "period_start"], name="monitoring_measurement_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.unit} {self.period_start}"


class UnitDays(models.Model):
    """On which days a dataset has rows of a unit (with everything below it): when it opened, and when it fell silent."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    days: Any = models.JSONField()  # Coverage.to_json()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "unit"], name="monitoring_unit_days_once")]

    def __str__(self) -> str:
        return f"{self.dataset} · {self.unit}"


class Standing(models.Model):
    """How one indicator stands in one unit now: what home and comparisons read instead of computing it."""

    class State(models.TextChoices):
        KEPT = "kept", _("Kept")
        AT_RISK = "at_risk", _("At risk")
        BROKEN = "broken", _("Broken")
        UNKNOWN = "unknown", _("Not enough data")
        NO_TARGET = "no_target", _("Without target")

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="standings")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    period_start = models.DateField(_("period"), null=True)
    value = models.FloatField(_("value"), null=True)
    n = models.BigIntegerField(_("cases"), default=0)
    since = models.DateField(_("since"), null=True)  # first period of the present state, unbroken
    # First period of the stretch short of the target, within the tolerance or not; empty where it is met.
    missed_since = models.DateField(_("short of the target since"), null=True)
    changed = models.DateField(_("changed"), null=True)  # first period of the latest signal's evidence
    # Worse than the threshold from which the standard requires a reaction.
    unacceptable = models.BooleanField(_("unacceptable"), default=False)
    variation = models.CharField(max_length=30, blank=True)
    assurance = models.CharField(max_length=30, blank=True)
    # The last points for a small chart: {"values": [...], "lower": [...], "upper": [...], "centre": [...], "targets": [...],
    # "marked": [...]}.
    trace: Any = models.JSONField(default=dict)
    # The values that say what the service can do as it works now, oldest first: since the last baseline, with enough cases.
    demonstrated: Any = models.JSONField(default=list)
    reachable = models.FloatField(_("reached by 90% of the periods"), null=True)
    beyond = models.BooleanField(null=True)  # whether the standard's target is above what was demonstrated

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indicator", "unit"], name="monitoring_standing_once")]
        indexes = [models.Index(fields=["unit", "state"], name="monitoring_standing_unit")]

    def __str__(self) -> str:
        return f"{self.indicator} · {self.unit}: {self.state}"
