"""Objectives: how far a figure shall come by when, who sees to it, and the steps on the way."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from calidez.kit.core import fields
from calidez.kit.core.record import Record
from calidez.kit.platform.display import Tone
from calidez.monitoring.models import Indicator
from calidez.people.models import Unit, User
from calidez.policy.models import Commitment
from calidez.standards.models import Standard


class Objective(Record):
    """What a unit wants to reach by a date, as ISO 9001 §6.2 asks it to be planned."""

    Direction = Standard.Direction  # a target is said in the same words everywhere

    class State(fields.States):
        DRAFT = "draft", _("Draft"), Tone.QUIET
        ACTIVE = "active", _("Active")
        REACHED = "reached", _("Reached"), Tone.GOOD
        NOT_REACHED = "not_reached", _("Not reached"), Tone.BAD
        WITHDRAWN = "withdrawn", pgettext_lazy("objective", "Withdrawn"), Tone.QUIET

    class Status(models.TextChoices):
        AHEAD = "ahead", _("Ahead of the plan")
        ON_PLAN = "on_plan", _("On plan")
        BEHIND = "behind", _("Behind the plan")
        REACHED = "reached", _("Target met")
        UNKNOWN = "unknown", _("Not enough data")

    code = fields.code()
    title = models.CharField(
        _("what is to be reached"),
        max_length=200,
        help_text=_("One sentence, for example: nine in ten callers are answered within 20 seconds."),
    )
    commitment = fields.reference(
        Commitment,
        _("commitment"),
        _("The promise that it helps to keep."),
        optional=True,
        related_name="objectives",
    )
    indicator = fields.reference(
        Indicator,
        _("indicator"),
        _("The figure by which everybody sees whether it is reached."),
        optional=True,
        related_name="objectives",
    )
    direction = models.CharField(
        _("the figure must be"), max_length=10, choices=Direction.choices, default=Direction.AT_LEAST
    )
    target = models.FloatField(
        _("target"), null=True, blank=True, help_text=_("In the unit of measure: 95 for 95%.")
    )
    measured_in = models.CharField(
        _("unit of measure"),
        max_length=20,
        blank=True,
        help_text=_("Only while no indicator is chosen; afterwards it is the indicator's."),
    )
    baseline = models.FloatField(
        _("baseline"),
        null=True,
        blank=True,
        help_text=_("Where the figure stands before anything is done. It can be taken from the indicator."),
    )
    baseline_from = models.DateField(_("baseline measured from"), null=True, blank=True)
    baseline_until = models.DateField(_("baseline measured until"), null=True, blank=True)
    # Known where the baseline was taken from the indicator; a figure written by hand has none.
    baseline_low = models.FloatField(_("baseline at least"), null=True, editable=False)
    baseline_high = models.FloatField(_("baseline at most"), null=True, editable=False)
    baseline_n = models.BigIntegerField(_("cases of the baseline"), null=True, editable=False)
    no_baseline = models.CharField(
        _("why there is no baseline"),
        max_length=300,
        blank=True,
        help_text=_("Only where there is none, for example: the service is new."),
    )
    starts = models.DateField(
        _("starts"), null=True, blank=True, help_text=_("From this day the plan asks for progress.")
    )
    due = models.DateField(
        _("due"), null=True, blank=True, help_text=_("The day by which the target is to be reached.")
    )
    owner = fields.owner(User, related_name="objectives")
    resources = models.TextField(
        _("resources"), blank=True, help_text=_("People, money, time and equipment that it takes.")
    )
    evaluation = models.TextField(
        _("how it is evaluated"),
        blank=True,
        help_text=_("Who looks at the figure, how often, and what is done when it stays behind."),
    )
    unit = fields.place(
        Unit,
        _("Where it is to be reached: the figure is that of this unit with all below it."),
        related_name="objectives",
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("contributes to"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        help_text=_("The objective of the unit above of which this is a share."),
    )
    state = fields.state(State, max_length=12)
    # How it stands now, renewed whenever its indicator was measured: what lists and the cascade read.
    status = models.CharField(
        _("progress"), max_length=8, choices=Status.choices, default=Status.UNKNOWN, editable=False
    )
    period_start = models.DateField(_("period"), null=True, editable=False)
    value = models.FloatField(_("value"), null=True, editable=False)
    low = models.FloatField(_("value at least"), null=True, editable=False)
    high = models.FloatField(_("value at most"), null=True, editable=False)
    n = models.BigIntegerField(_("cases"), default=0, editable=False)
    asked = models.FloatField(_("what the plan asks"), null=True, editable=False)
    trace: Any = models.JSONField(default=list, editable=False)  # the last values, None for a gap
    result = models.FloatField(_("result"), null=True, editable=False)
    result_low = models.FloatField(_("result at least"), null=True, editable=False)
    result_high = models.FloatField(_("result at most"), null=True, editable=False)
    result_n = models.BigIntegerField(_("cases of the result"), null=True, editable=False)
    result_on = models.DateField(_("result of the period"), null=True, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, editable=False)
    closed_by = fields.reference(User, _("closed by"), asked=False)

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(due__isnull=True) | Q(due__gt=F("starts")),
                name="objectives_due_after_start",
                violation_error_message=_("An objective is due after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(baseline_from__isnull=True)
                | Q(baseline_until__isnull=True)
                | Q(baseline_until__gte=F("baseline_from")),
                name="objectives_baseline_in_order",
                violation_error_message=_("The baseline cannot end before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "withdrawn"))
                | (
                    Q(indicator__isnull=False)
                    & Q(target__isnull=False)
                    & Q(starts__isnull=False)
                    & Q(due__isnull=False)
                ),
                name="objectives_active_is_planned",
                violation_error_message=_("An active objective has an indicator, a target and its dates."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("reached", "not_reached")) | Q(result__isnull=False),
                name="objectives_closed_has_result",
                violation_error_message=_("A closed objective says with which result."),
            ),
        ]
        indexes = [models.Index(fields=["state", "due"], name="objectives_state_due")]

    unrecorded: ClassVar[tuple[str, ...]] = (
        "status",
        "period_start",
        "value",
        "low",
        "high",
        "n",
        "asked",
        "trace",
    )

    def __str__(self) -> str:
        return self.title

    @property
    def at_least(self) -> bool:
        return self.direction == self.Direction.AT_LEAST


class Milestone(models.Model):
    """A point of the plan between start and due: by this day the figure shall have come so far."""

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="milestones")
    on = models.DateField(_("by this day"))
    value = models.FloatField(_("value"))

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ("on",)
        constraints = [
            models.UniqueConstraint(
                fields=["objective", "on"],
                name="objectives_one_milestone_a_day",
                violation_error_message=_("There is already a milestone on this day."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.value}"
