"""Service standards: what is promised, as a requirement with a target."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from calidez.documents.models import Document
from calidez.kit.core import fields
from calidez.kit.core.life_in_force import Latest, RecordInForce
from calidez.people.models import Position, Unit, User
from calidez.policy.models import Commitment
from calidez.standards.models.dimensions import QualityDimension


class Standard(RecordInForce):
    """A requirement that can be checked: what must hold, how much of it, where, and who answers for it."""

    class Kind(models.TextChoices):
        RESULT = "result", _("Result: what the customer gets")
        PROCESS = "process", _("Process: how we work")

    class Direction(models.TextChoices):
        AT_LEAST = "at_least", _("at least")
        AT_MOST = "at_most", _("at most")

    class Frequency(models.TextChoices):
        CASE = "case", _("with every case")
        DAY = "day", _("every day")
        WEEK = "week", _("every week")
        MONTH = "month", _("every month")
        QUARTER = "quarter", _("every quarter")
        YEAR = "year", _("every year")

    code = fields.code()
    title = models.CharField(_("title"), max_length=200, help_text=_("Short, as people call it."))
    requirement = models.TextField(
        _("requirement"),
        help_text=_("One sentence that anyone can check, for example: patients leave within four hours."),
    )
    commitment = fields.reference(
        Commitment,
        _("commitment"),
        _("What of the policy it makes measurable."),
        optional=True,
        related_name="standards",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.RESULT)
    dimension = fields.reference(
        QualityDimension,
        _("quality dimension"),
        _("The aspect of quality that customers see in it."),
        optional=True,
        related_name="standards",
    )
    direction = models.CharField(
        _("the figure must be"), max_length=10, choices=Direction.choices, default=Direction.AT_LEAST
    )
    target = models.FloatField(
        _("target"), null=True, blank=True, help_text=_("In the unit of measure: 95 for 95%.")
    )
    tolerance = models.FloatField(
        _("tolerance"),
        default=0,
        help_text=_("How far from the target is at risk and not yet broken, in the same unit of measure."),
    )
    measured_in = models.CharField(
        _("unit of measure"), max_length=20, default="%", help_text=_("Such as %, min, per 1,000.")
    )
    case_limit = models.FloatField(
        _("limit for one case"),
        null=True,
        blank=True,
        help_text=_(
            "Where the target is a share of cases within a limit: 20 for “95% of calls within 20 s”. "
            "Empty where the figure itself has to reach the target."
        ),
    )
    case_direction = models.CharField(
        _("one case must be"), max_length=10, choices=Direction.choices, default=Direction.AT_MOST
    )
    case_measured_in = models.CharField(
        _("unit of measure of one case"), max_length=20, blank=True, help_text=_("Such as s, min, days.")
    )
    unacceptable = models.FloatField(
        _("unacceptable threshold"),
        null=True,
        blank=True,
        help_text=_(
            "A figure worse than this asks for a reaction at once. Empty where there is no such threshold."
        ),
    )
    reaction = models.TextField(
        _("reaction required"),
        blank=True,
        help_text=_("Who does what, and how soon, when a figure is unacceptable."),
    )
    frequency = models.CharField(
        _("how often it is measured"), max_length=10, choices=Frequency.choices, blank=True
    )
    sampling = models.TextField(
        _("how it is measured"),
        blank=True,
        help_text=_("Every case, or which sample, where and by whom."),
    )
    remedy = models.TextField(
        _("remedy"), blank=True, help_text=_("What the customer gets when the standard is not kept.")
    )
    owner = fields.owner(User, related_name="standards")
    unit = fields.place(
        Unit,
        _("Where it belongs: it holds in this unit and below, unless units are named."),
        related_name="standards",
    )
    units = fields.references(Unit, _("only in these units"), _("Leave empty for all units below."))
    readers_positions = fields.references(
        Position,
        _("positions that must know it"),
        _("Who holds one of them is asked to read the standard when it comes into force."),
    )
    readers_units = fields.references(Unit, _("units in which everybody must know it"))
    stretch_reason = models.TextField(
        _("why more than was shown to be possible"),
        blank=True,
        help_text=_("Only where the figures so far do not reach the target."),
    )
    stretch_plan = models.TextField(
        _("how it becomes possible"),
        blank=True,
        help_text=_("What is changed so that the target can be kept."),
    )
    stretch_until = models.DateField(_("possible by"), null=True, blank=True)
    latest = Latest("standards.StandardVersion")
    document = fields.reference(Document, _("standard sheet"), asked=False, related_name="standards")

    class Meta(RecordInForce.Meta):
        verbose_name = _("standard")
        verbose_name_plural = _("standards")
        constraints = [
            *RecordInForce.Meta.constraints,
            models.CheckConstraint(
                condition=Q(tolerance__gte=0),
                name="standards_tolerance_not_negative",
                violation_error_message=_("A tolerance cannot be negative."),
            ),
            models.CheckConstraint(
                condition=~Q(state="in_force") | Q(target__isnull=False),
                name="standards_in_force_has_target",
                violation_error_message=_("A standard in force has a target."),
            ),
            models.CheckConstraint(
                condition=Q(case_limit__isnull=True) | ~Q(case_measured_in=""),
                name="standards_case_limit_has_unit",
                violation_error_message=_("Say in which unit of measure the limit for one case is."),
            ),
            models.CheckConstraint(
                condition=(Q(unacceptable__isnull=True) & Q(reaction=""))
                | (Q(unacceptable__isnull=False) & ~Q(reaction="")),
                name="standards_unacceptable_has_reaction",
                violation_error_message=_(
                    "What is unacceptable and the reaction it requires belong together: give both, or neither."
                ),
            ),
            models.CheckConstraint(
                condition=Q(unacceptable__isnull=True)
                | Q(target__isnull=True)
                | Q(direction="at_least", unacceptable__lte=F("target") - F("tolerance"))
                | Q(direction="at_most", unacceptable__gte=F("target") + F("tolerance")),
                name="standards_unacceptable_is_worse",
                violation_error_message=_(
                    "The unacceptable threshold lies beyond the target and its tolerance, on the worse side."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title
