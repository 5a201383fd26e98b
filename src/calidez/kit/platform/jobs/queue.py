"""Asking for background work inside a business transaction, and reading how it goes."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language

from calidez.kit.platform.jobs.declare import JobKind, find
from calidez.kit.platform.jobs.models import Job

log = logging.getLogger("calidez.jobs")


@dataclass(frozen=True)
class JobStatus:
    """What a page shows of one job; `error` is a sentence for the person who waits."""

    uid: uuid.UUID
    name: str
    title: str | Promise
    state: Job.State
    done: int
    total: int
    text: str
    error: str
    attempts: int
    created_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None

    @property
    def over(self) -> bool:
        return self.state not in {Job.State.QUEUED, Job.State.RUNNING}

    @property
    def percent(self) -> int | None:
        """None while nobody knows how much there is."""
        if self.state == Job.State.DONE:
            return 100
        return min(100, self.done * 100 // self.total) if self.total else None


def enqueue(kind: JobKind | str, **arguments: Any) -> uuid.UUID:
    """Queue the job within the caller's transaction; returns its uid, or that of equal work already waiting.

    A service names the job (“monitoring.load_import”) where the job in turn calls the service.
    """
    return enqueue_at(None, kind, **arguments)


def enqueue_at(moment: dt.datetime | None, kind: JobKind | str, **arguments: Any) -> uuid.UUID:
    """Not before `moment`; equal work that waits for a later one is brought forward to it."""
    kind = _declared(kind)
    checked = kind.checked(arguments)
    key = kind.key(checked)
    while True:
        now = timezone.now()
        wanted = Job(
            name=kind.name,
            arguments=checked,
            key=key,
            language=get_language() or "",
            run_after=moment or now,
            created_at=now,
        )
        if not key:
            wanted.save()
            return _told(wanted)
        waiting = Job.objects.filter(name=kind.name, key=key, state=Job.State.QUEUED).values_list(
            "uid", flat=True
        )
        if (uid := waiting.first()) is not None:  # as for each row but the first of a long file
            return uid
        # Ignoring the conflict keeps the caller's transaction usable on PostgreSQL.
        Job.objects.bulk_create([wanted], ignore_conflicts=True)
        uid = waiting.first()
        if uid is not None:
            return _told(wanted) if uid == wanted.uid else uid
        if Job.objects.filter(uid=wanted.uid).exists():  # a worker has already taken it
            return _told(wanted)


def describe(uid: uuid.UUID | str) -> JobStatus | None:
    """How the job stands; None when it never was or has been forgotten."""
    job = Job.objects.filter(uid=uid).first()
    if job is None:
        return None
    kind = find(job.name)
    return JobStatus(
        uid=job.uid,
        name=job.name,
        title=kind.title if kind else job.name,
        state=Job.State(job.state),
        done=job.progress_done,
        total=job.progress_total,
        text=job.progress_text,
        error=job.error,
        attempts=job.attempts,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
    )


def _told(job: Job) -> uuid.UUID:
    """The line ties the job to the request that asked for it, whose identifier it carries."""
    transaction.on_commit(lambda: log.info("Job %s is asked for: %s", job.name, job.uid))
    return job.uid


def _declared(kind: JobKind | str) -> JobKind:
    if isinstance(kind, JobKind):
        return kind
    found = find(kind)
    if found is None:
        raise LookupError(f"no job is called {kind}")
    return found
