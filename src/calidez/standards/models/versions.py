"""What was promised, version by version: once in force, a promise is never rewritten, only followed by another."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from calidez.documents.models import DocumentVersion
from calidez.kit.core.editions import EditionInForce
from calidez.standards.models.standards import Standard


class StandardVersion(EditionInForce):
    """One promise from a day on; the figures by which periods are judged are columns."""

    record = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="versions")
    direction = models.CharField(_("the figure must be"), max_length=10, choices=Standard.Direction.choices)
    target = models.FloatField(_("target"))
    tolerance = models.FloatField(_("tolerance"), default=0)
    measured_in = models.CharField(_("unit of measure"), max_length=20)
    unacceptable = models.FloatField(_("unacceptable threshold"), null=True)
    reaction = models.TextField(_("reaction required"), blank=True)
    case_direction = models.CharField(max_length=10, choices=Standard.Direction.choices, blank=True)
    case_limit = models.FloatField(null=True)
    case_measured_in = models.CharField(max_length=20, blank=True)
    # Its text as a controlled document, where somebody has to read it.
    sheet = models.ForeignKey(DocumentVersion, null=True, on_delete=models.PROTECT, related_name="+")
    stretch_reason = models.TextField(_("why more than was shown to be possible"), blank=True)
    stretch_plan = models.TextField(_("how it becomes possible"), blank=True)
    stretch_until = models.DateField(_("possible by"), null=True)

    class Meta(EditionInForce.Meta):
        verbose_name = _("version of a standard")
        verbose_name_plural = _("versions of standards")
