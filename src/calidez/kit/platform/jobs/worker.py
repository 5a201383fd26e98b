"""The worker: takes jobs one by one, shows their progress, survives stops, kills and a database that goes away."""

from __future__ import annotations

import datetime as dt
import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from calidez.kit.platform import failures, log_lines, meters, preferences
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.kit.platform.jobs import chores, lease, schedules
from calidez.kit.platform.jobs.declare import find
from calidez.kit.platform.jobs.models import Job
from calidez.kit.platform.jobs.progress import progress_to

POLL_SECONDS = 1.0
FLUSH_SECONDS = 0.5
SCHEDULE_SECONDS = 5.0
log = logging.getLogger("calidez.jobs")
attempts_ended = meters.counter(
    "calidez_jobs_ended_total", "Attempts at background work that ended.", ("work", "outcome")
)


class Stopped(BaseException):
    """Leaves a job at its next progress report; no `except Exception` of the job can swallow it."""


def run_worker(
    *, once: bool = False, stop: threading.Event | None = None, leased_for: dt.timedelta = lease.LEASE
) -> int:
    """Run jobs until `stop` is set, or with `once` until none is due; returns how many were run."""
    stop = stop or threading.Event()
    name = _worker_name()
    now = timezone.now()
    lease.reap(now, but=name)
    schedules.queue_due(now)
    with _thread(lambda ended: _keep_house(name, ended)):
        return _loop(name, once, stop, leased_for)


def run_queued() -> int:
    """Run here, in this thread and connection, all that is due: for tests and one-off commands."""
    count = 0
    name = _worker_name()
    while (job := lease.claim(name, timezone.now())) is not None:
        attempt = _Attempt(job, threading.Event())
        # Another connection would not see rows of a transaction that is still open around us.
        with nullcontext() if connection.in_atomic_block else _thread(attempt.keep_alive):
            _run(attempt)
        count += 1
    return count


def _worker_name() -> str:
    return f"{socket.gethostname()[:80]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def _loop(name: str, once: bool, stop: threading.Event, leased_for: dt.timedelta) -> int:
    count = 0
    while not stop.is_set():
        close_old_connections()
        try:
            preferences.follow()
            job = lease.claim(name, timezone.now(), leased_for)
            if job is not None:
                attempt = _Attempt(job, stop, leased_for)
                with _thread(attempt.keep_alive):
                    _run(attempt)
                count += 1
                continue
        except DatabaseError:
            # Restarting databases come back; what was running is taken up when its lease runs out.
            log.exception("The database did not answer; trying again.")
            connection.close()
        if once:
            break
        stop.wait(POLL_SECONDS)
    return count


class _Attempt:
    """One run of one job: remembers progress, and renews the lease from a thread of its own.

    Progress is written by that thread's connection: inside the job's transaction nobody would see it.
    """

    def __init__(self, job: Job, stop: threading.Event, leased_for: dt.timedelta = lease.LEASE) -> None:
        self.job = job
        self.stop = stop
        self.leased_for = leased_for
        self.lost = False
        self.progress: tuple[int, int, str] | None = None
        self.written: tuple[int, int, str] | None = None

    def note(self, done: int, total: int, text: str) -> None:
        self.progress = (done, total, str(text)[:300])
        if self.lost or self.stop.is_set():
            raise Stopped

    def keep_alive(self, ended: threading.Event) -> None:
        renewed = timezone.now()
        while not ended.wait(FLUSH_SECONDS):
            now = timezone.now()
            if self.progress != self.written or now - renewed > self.leased_for / 6:
                try:
                    self.lost = not self.write(leased_until=now + self.leased_for)
                    renewed = now
                except DatabaseError:  # locked or away for a moment; the next round tries again
                    connection.close()

    def write(self, **changes: object) -> bool:
        progress = self.progress
        if progress is not None:
            done, total, text = progress
            changes |= {"progress_done": done, "progress_total": total, "progress_text": text}
        written = bool(lease.held(self.job).update(**changes)) if changes else True
        self.written = progress
        return written


def _run(attempt: _Attempt) -> None:
    job = attempt.job
    kind = find(job.name)
    began = time.monotonic()
    with override(job.language or None), log_lines.about(job=str(job.uid)):
        if kind is None:
            sentence = _("This version of the program does not know the work “%(name)s”.") % {
                "name": job.name
            }
            _insist(lambda: lease.fail(job, sentence, timezone.now()))
            return
        try:
            with progress_to(attempt.note):
                kind.function(**job.arguments)
        except Stopped:
            outcome = "given back"
            kept = _insist(lambda: lease.give_back(job, timezone.now()))
        except (RuleBroken, NotAllowed) as refusal:
            told, outcome = refusal, "refused"
            kept = _insist(lambda: attempt.write() and lease.fail(job, str(told), timezone.now(), told))
        except failures.ENDING:
            raise
        except BaseException as error:  # a panic of a native library ends the attempt, not the worker
            log.exception("Job %s failed in attempt %s.", job.name, job.attempts)
            reason, outcome = error, "failed"
            kept = _insist(lambda: lease.retry(job, timezone.now(), reason))
        else:
            outcome = "done"
            kept = _insist(lambda: attempt.write() and lease.finish(job, timezone.now()))
        log.info("Job %s: %s in %.1f s.", job.name, outcome, time.monotonic() - began)
        attempts_ended.add(work=job.name, outcome=outcome)
        if not kept:
            log.warning("Job %s ended after its lease had been given to somebody else.", job.name)


def _insist(write: Callable[[], bool]) -> bool:
    """What happened to a job is worth several tries: if it is not noted, the job is run again."""
    for _attempt in range(3):
        try:
            return write()
        except DatabaseError:
            if connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(FLUSH_SECONDS)
    return write()


def _keep_house(name: str, ended: threading.Event) -> None:
    """Beside the jobs, so a long one does not hold it up: small chores, lost work taken up, what is due asked for."""
    looked = time.monotonic()
    while not ended.wait(POLL_SECONDS):
        close_old_connections()
        try:
            now = timezone.now()
            lease.reap(now, but=name)
            chores.do_due()
            if time.monotonic() - looked > SCHEDULE_SECONDS:
                schedules.queue_due(now)
                looked = time.monotonic()
        except DatabaseError:
            connection.close()
        except failures.ENDING:
            raise
        except BaseException:  # one chore that fails must not end the others without a word
            log.exception("Housekeeping failed; it goes on.")


@contextmanager
def _thread(work: Callable[[threading.Event], None]) -> Iterator[None]:
    """Run `work` beside the block, with its own database connection, until the block ends."""
    ended = threading.Event()

    def closing() -> None:
        try:
            work(ended)
        finally:
            connection.close()

    thread = threading.Thread(target=closing, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
