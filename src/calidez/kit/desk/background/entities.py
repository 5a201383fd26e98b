"""Background jobs and schedules as kinds of record, for who administers the whole organisation."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core import access
from calidez.kit.core.cells import Column
from calidez.kit.desk.background import services
from calidez.kit.desk.navigation import ADMINISTRATION
from calidez.kit.desk.panels import Custom, Fields, History
from calidez.kit.platform.display import Badge, Link, Tone
from calidez.kit.platform.formats import ago, number, with_unit
from calidez.kit.platform.jobs import schedules
from calidez.kit.platform.jobs.cron_sentences import in_words
from calidez.kit.platform.jobs.declare import find
from calidez.kit.platform.jobs.models import Job, Schedule

State = Job.State
# A worker looks every second: work that is due for longer and nothing running means that there is none.
PATIENCE = dt.timedelta(minutes=2)


def took(job: Job) -> str:
    """As long as it took, in the unit that says enough."""
    if job.started_at is None or job.finished_at is None:
        return ""
    seconds = (job.finished_at - job.started_at).total_seconds()
    if seconds < 100:
        return _("%(seconds)s s") % {"seconds": number(round(seconds, 1 if seconds < 10 else 0))}
    minutes = round(seconds / 60)
    if minutes < 100:
        return _("%(minutes)s min") % {"minutes": number(minutes)}
    return _("%(hours)s h") % {"hours": number(round(minutes / 60, 1))}


def how_far(job: Job) -> str:
    if job.state != State.RUNNING:
        return ""
    percent = ""
    if job.progress_total:
        percent = with_unit(str(min(100, job.progress_done * 100 // job.progress_total)), "%")
    return " · ".join(filter(None, (percent, job.progress_text)))


def not_before(job: Job) -> dt.datetime | None:
    """Set while it waits for a later moment."""
    return job.run_after if job.state == State.QUEUED and job.run_after > timezone.now() else None


class Background(Entity):
    """What belongs to the program's own work: nobody writes it, and only who operates it knows of it."""

    section = ADMINISTRATION
    scope = None
    log = True
    creatable = False
    editable = False
    closing = (History(),)

    def granted(self, user: Any, verb: str) -> access.Scope:
        """Jobs belong to no unit, so only who may operate them in the whole organisation finds them."""
        if verb not in {access.VIEW, access.EXPORT, services.OPERATE}:
            return access.Scope()
        held = access.scope(user, "job", services.OPERATE)
        return held if held.everywhere else access.Scope()


@catalog.register
class Jobs(Background):
    model = Job  # type: ignore[assignment]  # a row of the log, not a record
    slug = "background-jobs"
    icon = "loader"
    columns = (
        "name",
        "state",
        Column("how_far", gettext_lazy("How far"), how_far),
        "created_at",
        "started_at",
        Column("took", gettext_lazy("Took"), took),
        "error",
    )
    filters = ("state", "name", "created_at")
    search = ("error",)
    shown = (
        "error",
        Column("how_far", gettext_lazy("How far"), how_far),
        "created_at",
        Column("not_before", gettext_lazy("Not before"), not_before),
        "started_at",
        Column("worker", gettext_lazy("Worker"), lambda job: job.worker.rpartition(":")[0]),
        "finished_at",
        Column("took", gettext_lazy("Took"), took),
        "attempts",
        Column("technical_name", gettext_lazy("Technical name"), lambda job: job.name),
    )
    panels = (
        Fields(filled=True),
        Custom(
            "arguments",
            gettext_lazy("What it was asked with"),
            "kit/panels/technical.html",
            lambda job, user, request: (
                json.dumps(job.arguments, indent=2, ensure_ascii=False) if job.arguments else None
            ),
        ),
        Custom(
            "trace",
            gettext_lazy("Technical trace of the last error"),
            "kit/panels/technical.html",
            lambda job, user, request: job.trace or None,
        ),
    )
    steps = (services.run_again, services.call_off)
    help = gettext_lazy(
        "What the program does by itself: what waits, what runs, and what ended in the last 30 days."
    )
    empty = gettext_lazy("Nothing has been done in the background yet. What ends is kept here for 30 days.")

    def notice(self, user: Any) -> str:
        due = Job.objects.filter(state=State.QUEUED, run_after__lt=timezone.now() - PATIENCE)
        if not due.exists() or Job.objects.filter(state=State.RUNNING).exists():
            return ""
        return _(
            "Work has been waiting for more than two minutes and nothing runs: there seems to be no worker. "
            "Start the program with “calidez serve”, or a worker of its own with “calidez worker”."
        )

    def renews(self, record: Any) -> bool:
        return bool(record.finished_at is None)


@catalog.register
class Schedules(Background):
    model = Schedule  # type: ignore[assignment]  # a row of the log, not a record
    slug = "schedules"
    icon = "clock"
    columns = (
        "name",
        Column("when", gettext_lazy("When"), lambda row: in_words(find(row.name).every)),  # type: ignore[union-attr]
        Column("next", gettext_lazy("Next"), lambda row: schedules.next_due(find(row.name), row)),  # type: ignore[arg-type]
        Column("last", gettext_lazy("Last"), lambda row: last_of(row)),
        "paused",
    )
    filters = ("paused",)
    ordering = ("name",)
    shown = columns
    steps = (services.run_now, services.pause, services.resume)
    help = gettext_lazy("What the program does by the clock.")
    empty = gettext_lazy("Nothing is done by the clock.")

    def reach(self, granted: access.Scope, *, inherited: bool = False) -> models.QuerySet[Any]:
        """What is declared, also before a worker looked at the clock for the first time."""
        if granted:
            schedules.known(timezone.now())
        names = [kind.name for kind in schedules.scheduled()]
        return super().reach(granted, inherited=inherited).filter(name__in=names)

    def state_badge(self, record: Any) -> Badge | None:
        return Badge(_("Paused"), Tone.CONCERN, icon="player-pause") if record.paused else None


def last_of(row: Any) -> Link | None:
    """The last job that the schedule asked for, and how it ended."""
    if row.last_uid is None:
        return None
    job = Job(uid=row.last_uid)
    return Link(f"{State(row.last_state).label} · {ago(row.last_created_at)}", catalog.of(Job).url(job))
