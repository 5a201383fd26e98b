"""Service standards: what is promised, as a requirement with a target."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from calidez.kit.models import Record
from calidez.people.models import Unit


class Standard(Record):
    """A requirement that can be checked: what must hold, how much of it, where, and who answers for it."""

    class Kind(models.TextChoices):
        RESULT = "result", _("Result: what the customer gets")
        PROCESS = "process", _("Process: how we work")

    class Direction(models.TextChoices):
        AT_LEAST = "at_least", _("at least")
        AT_MOST = "at_most", _("at most")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_FORCE = "in_force", _("In force")
        RETIRED = "retired", _("Retired")

    code = models.CharField(_("code"), max_length=20, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200, help_text=_("Short, as people call it."))
    requirement = models.TextField(
        _("requirement"),
        help_text=_("One sentence that anyone can check, for example: patients leave within four hours."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.RESULT)
    direction = models.CharField(
        _("the figure must be"), max_length=10, choices=Direction.choices, default=Direction.AT_LEAST
    )
    target = models.FloatField(
        _("target"), null=True, blank=True, help_text=_("In the unit of measure: 95 for 95 %.")
    )
    tolerance = models.FloatField(
        _("tolerance"),
        default=0,
        help_text=_("How far from the target is at risk and not yet broken, in the same unit of measure."),
    )
    measured_in = models.CharField(
        _("unit of measure"), max_length=20, default="%", help_text=_("Such as %, min, per 1,000.")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.PROTECT,
        related_name="standards",
        help_text=_("Who answers for it."),
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        related_name="standards",
        help_text=_("Where it belongs: it holds in this unit and below, unless units are named."),
    )
    units = models.ManyToManyField(
        Unit,
        verbose_name=_("only in these units"),
        blank=True,
        related_name="+",
        help_text=_("Leave empty for all units below."),
    )
    starts = models.DateField(_("in force from"), null=True, blank=True)
    ends = models.DateField(_("in force until"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False
    )

    class Meta:
        verbose_name = _("standard")
        verbose_name_plural = _("standards")
        constraints = [
            models.CheckConstraint(
                condition=Q(tolerance__gte=0),
                name="standards_tolerance_not_negative",
                violation_error_message=_("A tolerance cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="standards_ends_after_start",
                violation_error_message=_("A standard cannot end before it begins."),
            ),
            models.CheckConstraint(
                condition=~Q(state="in_force") | (Q(target__isnull=False) & Q(starts__isnull=False)),
                name="standards_in_force_has_target",
                violation_error_message=_("A standard in force has a target and a date from which it holds."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
