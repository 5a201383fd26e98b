"""What was promised, version by version: once in force, a promise is never rewritten, only followed by another."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from calidez.documents.models import DocumentVersion
from calidez.standards.models.standards import Standard


class StandardVersion(models.Model):
    """One promise from a day on. The figures by which periods are judged are columns; `promised` holds all of it."""

    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    direction = models.CharField(_("the figure must be"), max_length=10, choices=Standard.Direction.choices)
    target = models.FloatField(_("target"))
    tolerance = models.FloatField(_("tolerance"), default=0)
    measured_in = models.CharField(_("unit of measure"), max_length=20)
    unacceptable = models.FloatField(_("unacceptable threshold"), null=True)
    reaction = models.TextField(_("reaction required"), blank=True)
    case_direction = models.CharField(max_length=10, choices=Standard.Direction.choices, blank=True)
    case_limit = models.FloatField(null=True)
    case_measured_in = models.CharField(max_length=20, blank=True)
    # {"title": …, "owner": {"uid", "label"}, "units": [{"uid", "label"}], "basis": [{…}], "local_targets": [{…}]}
    promised: Any = models.JSONField(default=dict)
    starts = models.DateField(_("in force from"))
    ends = models.DateField(_("in force until"), null=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("proposed by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        null=True,  # promises made before a second person was asked
        on_delete=models.PROTECT,
        related_name="+",
    )
    approved_at = models.DateTimeField(_("approved"))
    # Its text as a controlled document, where somebody has to read it.
    sheet = models.ForeignKey(DocumentVersion, null=True, on_delete=models.PROTECT, related_name="+")
    stretch_reason = models.TextField(_("why more than was shown to be possible"), blank=True)
    stretch_plan = models.TextField(_("how it becomes possible"), blank=True)
    stretch_until = models.DateField(_("possible by"), null=True)

    class Meta:
        verbose_name = _("version of a standard")
        verbose_name_plural = _("versions of standards")
        ordering = ("standard", "number")
        constraints = [
            models.UniqueConstraint(fields=["standard", "number"], name="standards_version_number"),
            models.UniqueConstraint(fields=["standard", "starts"], name="standards_version_start"),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="standards_version_order"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(approved_by=F("proposed_by")),
                name="standards_version_two_people",
            ),
        ]

    def __str__(self) -> str:
        return _g("%(standard)s, version %(number)s") % {"standard": self.standard, "number": self.number}

    def holds_on(self, day: dt.date) -> bool:
        return self.starts <= day and (self.ends is None or day <= self.ends)
