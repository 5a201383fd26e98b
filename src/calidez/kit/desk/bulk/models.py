"""A step asked for many records at once, and how it ended for each."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models


class BulkRun(models.Model):
    """What one person asked for: which step, with which answers, on which records."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    action = models.CharField(max_length=80)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # The form's own texts: they are read again where the step is run, with the person's reach of that moment.
    answers: Any = models.JSONField(default=dict)
    # [uid, version] each; a version of null where the person did not see the record itself.
    picks: Any = models.JSONField(default=list)
    job = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.action} ({self.kind})"


class BulkOutcome(models.Model):
    """How it ended for one record; written in the record's own transaction, so a second start repeats nothing."""

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="outcomes")
    position = models.PositiveIntegerField()
    record = models.UUIDField()
    label = models.CharField(max_length=300)
    refusal = models.TextField(blank=True)  # empty: done

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="kit_bulk_once")]

    def __str__(self) -> str:
        return self.label
