"""One person's unsaved text in one form."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models


class Draft(models.Model):
    """Read by its person alone; forgotten when the form is saved, or after a week."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=400)  # of the form, with its query
    content: Any = models.JSONField()  # {"name": ["value", …], …} as a browser sends them
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "address"], name="kit_draft_once")]

    def __str__(self) -> str:
        return self.address
