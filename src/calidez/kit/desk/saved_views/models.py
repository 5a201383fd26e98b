"""A named way of looking at one kind of record, and with which of them a person begins."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from calidez.kit.core.record import Record


class SavedView(Record):
    """Search, filters, sort, columns and group under a name. Who looks sees only what they may see anyway."""

    class Audience(models.TextChoices):
        OWNER = "owner", _("Only me")
        UNIT = "unit", _("The people of a unit")
        EVERYBODY = "everybody", _("Everybody")

    kind = models.CharField(_("kind of record"), max_length=60)
    name = models.CharField(_("name"), max_length=60)
    params: Any = models.JSONField(_("way of looking"), default=dict)
    audience = models.CharField(
        _("who sees it"), max_length=10, choices=Audience.choices, default=Audience.OWNER
    )
    # The unit as a path, because that is how reach is compared; its name as it was, for the menu.
    unit_path = models.CharField(max_length=255, blank=True)
    unit_name = models.CharField(_("unit"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("view of a list")
        verbose_name_plural = _("views of lists")
        indexes = [models.Index(fields=["kind", "name"], name="kit_view_kind")]

    unrecorded = ("unit_path",)

    def __str__(self) -> str:
        return self.name


class FirstView(models.Model):
    """The view that a person's list begins with."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="kit_first_view_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.view}"
