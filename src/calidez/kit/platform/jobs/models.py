"""The queue is one table in the business database, so a job exists exactly when its transaction committed."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One piece of background work: what to call, how far it is, who runs it and until when."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Called off")
        REPLACED = "replaced", _("Replaced by a newer one")

    uid = models.UUIDField(_("identifier"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120)
    arguments: Any = models.JSONField(default=dict)
    # What a schedule asked for, and the moment it was due (or asked for by hand).
    schedule = models.CharField(max_length=120, blank=True)
    due = models.DateTimeField(null=True)
    # Equal work has an equal key; the constraint below keeps it in the queue once.
    key = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    run_after = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=120, blank=True)
    leased_until = models.DateTimeField(null=True)
    progress_done = models.PositiveBigIntegerField(default=0)
    progress_total = models.PositiveBigIntegerField(default=0)
    progress_text = models.CharField(max_length=300, blank=True)
    # `error` is for the person who waits, `trace` for the one who repairs.
    error = models.TextField(blank=True)
    trace = models.TextField(blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("background job")
        constraints = [
            models.UniqueConstraint(
                fields=["name", "key"],
                condition=models.Q(state="queued") & ~models.Q(key=""),
                name="kit_job_queued_once",
            ),
            # However many workers look at the clock, each due time is asked for once.
            models.UniqueConstraint(fields=["schedule", "due"], name="kit_job_due_once"),
        ]
        indexes = [
            models.Index(fields=["run_after", "id"], condition=models.Q(state="queued"), name="kit_job_due"),
            models.Index(fields=["leased_until"], condition=models.Q(state="running"), name="kit_job_lease"),
            # The page of jobs, with months of history: by state, and by state and name.
            models.Index(fields=["state", "-id"], name="kit_job_state"),
            models.Index(fields=["name", "state", "-id"], name="kit_job_name"),
            models.Index(fields=["finished_at"], name="kit_job_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"


class Schedule(models.Model):
    """How far a job that is declared with `every` has come; what it does and when is declared, not stored."""

    uid = models.UUIDField(_("identifier"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120, unique=True)
    paused = models.BooleanField(default=False)
    # Everything due until then has been asked for, or was skipped by a pause.
    settled_until = models.DateTimeField()

    class Meta:
        verbose_name = _("schedule")

    def __str__(self) -> str:
        return self.name
