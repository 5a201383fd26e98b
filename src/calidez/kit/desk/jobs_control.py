"""What an administrator does with background work: again, off, pause, now; each leaves an audit event."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.core import access
from calidez.kit.core.following import noted
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import schedules
from calidez.kit.platform.jobs.declare import JobKind, find
from calidez.kit.platform.jobs.models import Job, Schedule

# Not "view", which the roles that read every kind of record hold: a job's trace tells what no page does.
ENTITY, OPERATE = "job", "operate"
WHAT = gettext_lazy("Background jobs")
ENDED_BADLY = (Job.State.FAILED, Job.State.CANCELLED)


def may_operate(user: Any) -> bool:
    """Jobs belong to no unit, so only who administers the whole organisation finds them."""
    return access.scope(user, ENTITY, OPERATE).everywhere


def run_again(job: Job, *, by: Any) -> Job:
    """Queue what failed or was called off as if it were new; whoever watches it sees it run."""
    _need_operator(by)
    with transaction.atomic():
        job = Job.objects.select_for_update().get(pk=job.pk)
        if job.state not in ENDED_BADLY:
            raise RuleBroken(_("Only work that failed or was called off can be run again."))
        if find(job.name) is None:
            raise RuleBroken(_("This version of the program does not know this work any more."))
        noted(job, "run_again", by=by, note=job.error)
        job.state, job.run_after, job.attempts = Job.State.QUEUED, timezone.now(), 0
        job.error = job.trace = job.worker = job.progress_text = ""
        job.progress_done = job.progress_total = 0
        job.leased_until = job.started_at = job.finished_at = None
        try:
            with transaction.atomic():
                job.save()
        except IntegrityError:
            raise RuleBroken(_("The same work is already waiting; it does what this one would do.")) from None
    return job


def cancel(job: Job, *, by: Any) -> Job:
    """Take it out of the queue before a worker begins it."""
    _need_operator(by)
    with transaction.atomic():
        called_off = Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).update(
            state=Job.State.CANCELLED,
            finished_at=timezone.now(),
            error=_("%(person)s called it off.") % {"person": by},
        )
        if not called_off:
            raise RuleBroken(_("This work has already begun or ended, so it cannot be called off."))
        job.refresh_from_db()
        noted(job, "cancel", by=by)
    return job


def run_now(kind: JobKind, *, by: Any) -> None:
    """One run outside the schedule, which goes on as before."""
    _need_operator(by)
    now = timezone.now()
    with transaction.atomic():
        if not schedules.queue_now(kind, now):
            raise RuleBroken(_("The same work is already waiting; it does what this one would do."))
        noted(schedules.known(now)[kind.name], "run_now", by=by)


def pause(kind: JobKind, *, by: Any) -> None:
    _set_paused(kind, True, by=by)


def resume(kind: JobKind, *, by: Any) -> None:
    """It goes on from now: what fell due during the pause was not wanted."""
    _set_paused(kind, False, by=by)


def _set_paused(kind: JobKind, paused: bool, *, by: Any) -> None:
    _need_operator(by)
    now: dt.datetime = timezone.now()
    with transaction.atomic():
        schedules.known(now)
        row = Schedule.objects.select_for_update().get(name=kind.name)
        if row.paused == paused:
            return
        row.paused, row.settled_until = paused, max(row.settled_until, now)
        row.save()
        noted(row, "pause" if paused else "resume", by=by)


def _need_operator(by: Any) -> None:
    if not may_operate(by):
        raise access.refuse(_("Operate"), WHAT)
