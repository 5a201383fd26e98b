"""The queue is one table in the business database, so a job exists exactly when its transaction committed."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from calidez.kit.platform.display import Tone
from calidez.kit.platform.jobs.declare import titles
from calidez.kit.platform.log import LogRow
from calidez.kit.platform.states import States


class Job(LogRow):
    """One piece of background work: what to call, how far it is, who runs it and until when."""

    # Heartbeats, and what may hold parts of records.
    unrecorded = (
        *("arguments", "key", "language", "worker", "leased_until", "trace"),
        *("progress_done", "progress_total", "progress_text"),
    )

    class State(States):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done"), Tone.GOOD
        FAILED = "failed", _("Failed"), Tone.BAD
        CANCELLED = "cancelled", _("Called off"), Tone.QUIET
        REPLACED = "replaced", _("Replaced by a newer one"), Tone.QUIET

    name = models.CharField(_("work"), max_length=120, choices=titles)
    arguments: Any = models.JSONField(default=dict)
    # What a schedule asked for, and the moment it was due (or asked for by hand).
    schedule = models.CharField(max_length=120, blank=True)
    due = models.DateTimeField(null=True)
    # Equal work has an equal key; the constraint below keeps it in the queue once.
    key = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    run_after = models.DateTimeField(_("not before"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    worker = models.CharField(max_length=120, blank=True)
    leased_until = models.DateTimeField(null=True)
    progress_done = models.PositiveBigIntegerField(default=0)
    progress_total = models.PositiveBigIntegerField(default=0)
    progress_text = models.CharField(max_length=300, blank=True)
    # `error` is for the person who waits, `trace` for the one who repairs.
    error = models.TextField(_("what went wrong"), blank=True)
    trace = models.TextField(blank=True)
    created_at = models.DateTimeField(_("asked for"))
    started_at = models.DateTimeField(_("begun"), null=True)
    finished_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("background job")
        verbose_name_plural = _("background jobs")
        constraints = [
            models.UniqueConstraint(
                fields=["name", "key"],
                condition=models.Q(state="queued") & ~models.Q(key=""),
                name="kit_job_queued_once",
                violation_error_message=_(
                    "The same work is already waiting; it does what this one would do."
                ),
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
        return str(self.get_name_display())


class ScheduleManager(models.Manager["Schedule"]):
    """Each schedule with the last job that it asked for, without a query for each."""

    def get_queryset(self) -> models.QuerySet[Schedule]:
        asked = Job.objects.filter(schedule=models.OuterRef("name")).order_by("-due")
        last = {f"last_{name}": models.Subquery(asked.values(name)[:1]) for name in LAST}
        return super().get_queryset().annotate(**last)


LAST = ("uid", "state", "created_at")


class Schedule(LogRow):
    """How far a job that is declared with `every` has come; what it does and when is declared, not stored."""

    name = models.CharField(_("work"), max_length=120, unique=True, choices=titles)
    paused = models.BooleanField(_("paused"), default=False)
    # Everything due until then has been asked for, or was skipped by a pause.
    settled_until = models.DateTimeField()

    with_last = ScheduleManager()  # what the list and the page read
    objects = models.Manager["Schedule"]()

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")

    def __str__(self) -> str:
        return str(self.get_name_display())
