"""Rows of a standard that are written in its own form: what it rests on, and where another target holds."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from calidez.kit.core import fields
from calidez.people.models import Unit
from calidez.standards import rules
from calidez.standards.models.standards import Standard


class StandardBasis(models.Model):
    """Why the standard says what it says: a norm, what customers need, or what we are able to do."""

    class Kind(models.TextChoices):
        NORM = "norm", _("Norm or law")
        NEED = "need", _("Customer need")
        CAPABILITY = "capability", _("Own capability")

    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="basis")
    kind = models.CharField(_("it rests on"), max_length=12, choices=Kind.choices)
    reference = models.CharField(_("source"), max_length=200)
    explanation = models.TextField(
        _("what it says"),
        blank=True,
        help_text=_(
            "The clause of the norm, the answers of the survey, the figures: what follows from it here."
        ),
    )

    class Meta:
        verbose_name = _("basis")
        verbose_name_plural = _("bases")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reference}"


class LocalTarget(models.Model):
    """A target of its own in one unit and below, where the one for all would say too much or too little."""

    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="local_targets")
    unit = fields.place(Unit)
    target = models.FloatField(_("target"))

    class Meta:
        verbose_name = _("local target")
        verbose_name_plural = _("local targets")
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "unit"],
                name="standards_local_target_once",
                violation_error_message=_("This unit already has a local target."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.target:g}"

    def clean(self) -> None:
        """A row is checked once the standard itself has been saved, so its units are those of this very save."""
        if self.unit_id is None or self.target is None:
            return
        standard = self.standard
        only = standard.units.values_list("path", flat=True)
        if not rules.holds_in(self.unit.path, place=standard.unit.path, only=tuple(only)):
            raise ValidationError(
                {"unit": gettext("The standard does not hold in “%(unit)s”.") % {"unit": self.unit}}
            )
        if rules.beyond_unacceptable(
            self.target,
            at_least=standard.direction == Standard.Direction.AT_LEAST,
            unacceptable=standard.unacceptable,
        ):
            raise ValidationError(
                {"target": gettext("This target would be unacceptable: it lies beyond the threshold.")}
            )
