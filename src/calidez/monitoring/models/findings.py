"""What people and rules find in the figures: phases, signals, notes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from calidez.kit.core import fields
from calidez.kit.core.record import Record
from calidez.kit.platform.display import Tone
from calidez.monitoring.chart_names import CHART_NAMES
from calidez.monitoring.models.indicators import Indicator, IndicatorVersion
from calidez.people.models import Unit


class Baseline(Record):
    """Frozen limits from a date on: a new phase of the chart, set by a person with a reason."""

    class State(fields.States):
        IN_FORCE = "in_force", _("In force"), Tone.GOOD
        WITHDRAWN = "withdrawn", _("Withdrawn"), Tone.QUIET

    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), on_delete=models.PROTECT, related_name="baselines"
    )
    unit = fields.place(Unit)
    segment = models.CharField(_("segment"), max_length=200, blank=True, default="", editable=False)
    starts = models.DateField(_("limits hold from"))
    learned_until = models.DateField(_("learned from the periods until"))
    reason = models.TextField(
        _("reason"), help_text=_("What changed in the service, and why the change will last.")
    )
    chart = models.CharField(_("chart"), max_length=20, choices=list(CHART_NAMES.items()), editable=False)
    centre = models.FloatField(_("centre line"), editable=False)
    sigma = models.FloatField(null=True, editable=False)
    sigma_z = models.FloatField(default=1, editable=False)
    points = models.PositiveIntegerField(_("points"), editable=False)
    state = fields.state(State)

    class Meta:
        verbose_name = _("baseline")
        verbose_name_plural = _("baselines")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "unit", "segment", "starts"],
                condition=Q(state="in_force"),
                name="monitoring_baseline_once",
                violation_error_message=_("A baseline already starts on this date; withdraw it first."),
            ),
            models.CheckConstraint(
                condition=Q(learned_until__gte=F("starts")),
                name="monitoring_baseline_order",
                violation_error_message=_("The limits are learned from periods that follow their start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} · {self.unit} · {self.starts}"


class Exclusion(Record):
    """Periods that neither shape limits nor are judged by them, in a unit and those below: still drawn, with who and why."""

    class State(fields.States):
        IN_FORCE = "in_force", _("In force"), Tone.GOOD
        WITHDRAWN = "withdrawn", _("Withdrawn"), Tone.QUIET

    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), on_delete=models.PROTECT, related_name="exclusions"
    )
    unit = fields.place(Unit, _("The periods are left out in this unit and in every unit below it."))
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    reason = models.TextField(
        _("reason"),
        help_text=_(
            "What happened that is no part of the service as it usually works, and will not come back by itself."
        ),
    )
    state = fields.state(State)

    class Meta:
        verbose_name = _("exclusion from the limits")
        verbose_name_plural = _("exclusions from the limits")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")),
                name="monitoring_exclusion_order",
                violation_error_message=_("The last day comes before the first one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} · {self.unit} · {self.starts}"


class Signal(Record):
    """Something that chance seldom does: the rule, the points that show it, and who has looked at it."""

    class State(fields.States):
        NEW = "new", pgettext_lazy("signal", "New"), Tone.CONCERN
        ACKNOWLEDGED = "acknowledged", _("Acknowledged"), Tone.QUIET

    class Kind(models.TextChoices):
        IMPROVEMENT = "improvement", _("Improvement")
        CONCERN = "concern", _("Concern")
        CHANGE = "change", _("Change")

    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), on_delete=models.PROTECT, related_name="signals"
    )
    indicator_version = models.ForeignKey(IndicatorVersion, on_delete=models.CASCADE, related_name="+")
    unit = fields.place(Unit)
    segment = models.CharField(_("segment"), max_length=200, blank=True, default="")
    rule = models.CharField(_("rule"), max_length=30)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    period_start = models.DateField(_("period"))
    # The evidence: {"periods": [...], "value": …, "lower": …, "upper": …, "centre": …, "n": …, "direction": 1}.
    evidence: Any = models.JSONField(default=dict)
    holds = models.BooleanField(_("still holds"), default=True)
    state = fields.state(State, max_length=12, editable=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("acknowledged by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True)

    class Meta:
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator_version", "unit", "segment", "rule", "period_start"],
                name="monitoring_signal_once",
            )
        ]
        indexes = [
            models.Index(fields=["state", "period_start"], name="monitoring_signal_recent"),
            models.Index(fields=["-period_start"], name="monitoring_signal_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} · {self.unit} · {self.period_start:%Y-%m}"


class Annotation(Record):
    """Something that happened, on the time axis of the charts of its unit and those below."""

    unit = fields.place(Unit)
    indicator = fields.reference(
        Indicator,
        _("only for the indicator"),
        _("Leave empty to show it on every chart of the unit."),
        optional=True,
        related_name="annotations",
    )
    on = models.DateField(_("date"))
    text = models.CharField(_("what happened"), max_length=200)

    class Meta:
        verbose_name = _("annotation")
        verbose_name_plural = _("annotations")
        indexes = [models.Index(fields=["-on", "id"], name="monitoring_annotation_on")]

    def __str__(self) -> str:
        return self.text
