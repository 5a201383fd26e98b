"""Who may run a job and until when: leases that a killed worker stops renewing, so its work is taken up again."""

from __future__ import annotations

import datetime as dt
import traceback

from django.db import IntegrityError, connection, transaction
from django.db.models import Case, Exists, F, OuterRef, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from calidez.kit.platform.jobs.declare import find, kinds
from calidez.kit.platform.jobs.models import Job

# Longer than SQLite's busy timeout (20 s) plus one beat: a lease must not run out behind another writer.
LEASE = dt.timedelta(seconds=30)
FIRST_PAUSE = dt.timedelta(seconds=10)
KEPT = dt.timedelta(days=30)
# Starts after which work that the program never survives is given up. Far more than the attempts of work that fails by
# itself: power that goes three times in a row is not the work's fault, and what was acknowledged must not be lost by it.
STARTS = 10
# So long does work that nobody watches let other work go first; then it has its turn like any other.
PATIENCE = dt.timedelta(minutes=5)


def claim(worker: str, now: dt.datetime, lease: dt.timedelta = LEASE) -> Job | None:
    """Take the oldest job that is due, first of those that somebody waits for.

    No two workers get the same, and equal work never runs side by side.
    """
    running = Job.objects.filter(state=Job.State.RUNNING, name=OuterRef("name"), key=OuterRef("key"))
    due = Job.objects.filter(state=Job.State.QUEUED, run_after__lte=now)
    unwatched = [kind.name for kind in kinds() if not kind.watched]
    # Of no kinds it would be a bare number, which PostgreSQL takes for the place of a column.
    late = When(name__in=unwatched, run_after__gt=now - PATIENCE, then=Value(1))
    first = [Case(late, default=Value(0))] if unwatched else []
    due = due.exclude(Exists(running.exclude(key=""))).order_by(*first, "run_after", "id")
    # An idle worker only reads: on SQLite a transaction would take the write lock every second.
    if not due.exists():
        return None
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        job = due.first()
        if job is None:
            return None
        taken = Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).update(
            state=Job.State.RUNNING,
            worker=worker,
            leased_until=now + lease,
            attempts=F("attempts") + 1,
            started_at=now,
        )
        if not taken:
            return None
    job.refresh_from_db()
    return job


def held(job: Job) -> QuerySet[Job]:
    """The row, as long as this very attempt still owns it."""
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, worker=job.worker, attempts=job.attempts)


def finish(job: Job, now: dt.datetime) -> bool:
    return bool(held(job).update(state=Job.State.DONE, finished_at=now, error="", trace=""))


def fail(job: Job, sentence: str, now: dt.datetime, error: BaseException | None = None) -> bool:
    trace = "".join(traceback.format_exception(error)) if error else ""
    return bool(held(job).update(state=Job.State.FAILED, finished_at=now, error=sentence, trace=trace))


def retry(job: Job, now: dt.datetime, error: BaseException) -> bool:
    """Queue it again after a pause that grows fourfold, or give up when its attempts are spent."""
    if job.attempts >= _allowed(job):
        with override(job.language or None):
            sentence = _("The work could not be done. Technical reason: %(reason)s") % {
                "reason": f"{type(error).__name__}: {error}"
            }
        return fail(job, sentence, now, error)
    trace = "".join(traceback.format_exception(error))
    pause = FIRST_PAUSE * 4 ** (job.attempts - 1)
    return _queue_again(held(job), now, run_after=now + pause, trace=trace)


def give_back(job: Job, now: dt.datetime) -> bool:
    """An orderly stop is nobody's failure: the attempt does not count."""
    return _queue_again(held(job), now, run_after=now, attempts=job.attempts - 1)


def reap(now: dt.datetime, *, but: str = "") -> int:
    """Take up what killed workers left behind; `but` is the caller, who knows that it is alive."""
    lost = Job.objects.filter(state=Job.State.RUNNING, leased_until__lt=now).exclude(worker=but)
    count = 0
    for job in lost:
        if job.attempts >= STARTS:
            with override(job.language or None):
                sentence = ngettext(
                    "The program was stopped during this work %(count)s time; it is not tried again.",
                    "The program was stopped during this work %(count)s times; it is not tried again.",
                    job.attempts,
                ) % {"count": job.attempts}
            count += fail(job, sentence, now)
        else:
            count += _queue_again(held(job).filter(leased_until__lt=now), now, run_after=now)
    return count


def forget(now: dt.datetime) -> int:
    """Drop what ended long ago, so the table stays small."""
    ended = (Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED, Job.State.REPLACED)
    return Job.objects.filter(state__in=ended, finished_at__lt=now - KEPT).delete()[0]


def _allowed(job: Job) -> int:
    kind = find(job.name)
    return kind.attempts if kind else 1


def _queue_again(mine: QuerySet[Job], now: dt.datetime, **changes: object) -> bool:
    try:
        with transaction.atomic():
            return bool(mine.update(state=Job.State.QUEUED, worker="", leased_until=None, **changes))
    except IntegrityError:  # equal work was asked for meanwhile and waits: that one does it
        return bool(mine.update(state=Job.State.REPLACED, finished_at=now))
