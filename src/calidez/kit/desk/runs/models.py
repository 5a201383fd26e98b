"""A piece of work on records that somebody asked for, and how it ended for each record or row."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Run(models.Model):
    """What one person asked for, how far it is and what came of it; nobody else sees it.

    Its files lie in a folder named after its uid. Both go when `expires_at` is past.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        WAITING = "waiting", _("Waits for an answer")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    work = models.CharField(max_length=20)  # what is being done: "bulk", "export", "check", "load"
    kind = models.CharField(max_length=60)  # the key of the kind of record
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # Plain values, read again where the work is done, with the person's reach of that moment.
    asked: Any = models.JSONField(default=dict)
    # Counts and examples; what concerns one record or row is an outcome.
    report: Any = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    # Empty where the person waits for the answer in the page.
    job = models.UUIDField(null=True)
    file_name = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.work} ({self.kind})"


class RunOutcome(models.Model):
    """How it ended for one record, or what is wrong in one cell of a file; an empty `sentence` means done.

    That of a record is written in the record's own transaction, so a second start of the work repeats nothing.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="outcomes")
    position = models.PositiveIntegerField()
    record = models.UUIDField(null=True)
    label = models.CharField(max_length=300, blank=True)
    row = models.PositiveIntegerField(null=True)
    column = models.CharField(max_length=300, blank=True)
    value = models.CharField(max_length=200, blank=True)
    sentence = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="kit_run_outcome_once")]

    def __str__(self) -> str:
        return self.label or f"{self.row}"
