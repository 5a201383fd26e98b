"""The life of a run: asked for, worked off at once or in the background, ended, forgotten."""

from __future__ import annotations

import datetime as dt
import shutil
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.catalog import catalog
from calidez.kit.desk.notifications import kind, notify
from calidez.kit.desk.runs.models import Run
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.kit.platform.jobs import JobKind, JobStatus, describe, enqueue

State = Run.State
IN_THE_PAGE = dt.timedelta(minutes=5)  # longer than anybody waits for an answer
LONG_WORK_DONE = kind(
    "long_work_done",
    label=gettext_lazy("Long work that is done"),
    why=gettext_lazy("You asked for something that took its time."),
)


def ask(
    work: str,
    entity: Any,
    *,
    by: Any,
    keep: dt.timedelta,
    asked: dict[str, Any],
    file_name: str = "",
    uid: uuid.UUID | None = None,
) -> Run:
    return Run.objects.create(
        uid=uid or uuid.uuid4(),
        work=work,
        kind=entity.key,
        person=by,
        asked=asked,
        file_name=file_name,
        expires_at=timezone.now() + keep,
    )


def begin(run: Run, job: JobKind, *, at_once: bool) -> None:
    """Do it while the person waits, or in the background; then they are told when it is over."""
    if at_once:
        job(run=str(run.uid))
        run.refresh_from_db()
    else:
        run.job = enqueue(job, run=str(run.uid))
        run.save(update_fields=["job"])


def work_off(uid: str, work: str, do: Callable[[Run], None], *, news: Callable[[Run], str]) -> None:
    """What the job of each work does. A refusal ends the run with its sentence; `news` says what came of it."""
    run = Run.objects.select_related("person").filter(uid=uid, work=work, state=State.RUNNING).first()
    if run is None:  # forgotten, or done before the worker was killed
        return
    try:
        do(run)
    except (RuleBroken, NotAllowed) as refusal:
        fail(run, str(refusal))
    if run.job is not None and run.state != State.RUNNING:
        notify(run.person, LONG_WORK_DONE, text=lambda: run.error or news(run), url=address(run))


def go_on(run: Run, work: str, **changes: Any) -> None:
    """The person has answered: the next piece of work on the same run."""
    changed = Run.objects.filter(pk=run.pk, state=State.WAITING).update(
        state=State.RUNNING, work=work, job=None, asked_at=timezone.now(), finished_at=None, **changes
    )
    if not changed:
        raise RuleBroken(_("This file is being worked on, or is loaded already."))
    run.refresh_from_db()


def finish(run: Run, report: Mapping[str, Any] | None = None, *, state: State = State.DONE) -> None:
    """`report` is laid over what the report said before."""
    run.state, run.report = state, {**run.report, **(report or {})}
    run.finished_at = timezone.now()
    run.save(update_fields=["state", "report", "finished_at"])


def fail(run: Run, sentence: str) -> None:
    """Only what still runs can fail: what came in meanwhile stays."""
    still = Run.objects.filter(pk=run.pk, state=State.RUNNING)
    still.update(state=State.FAILED, error=sentence, finished_at=timezone.now())
    run.refresh_from_db()


def standing(run: Run) -> JobStatus | None:
    """How far the work is; a run whose job ended without a word has failed."""
    status = describe(run.job) if run.job else None
    lost = run.job is not None or run.asked_at < timezone.now() - IN_THE_PAGE
    if run.state == State.RUNNING and (status.over if status is not None else lost):
        fail(run, status.error if status is not None else "")
    return status


def address(run: Run) -> str:
    entity = catalog.by_key(run.kind)
    return reverse("kit:run", args=[entity.slug, run.uid]) if entity is not None else ""


def folder_of(uid: uuid.UUID) -> Path:
    return Path(settings.RUNS_DIR) / uid.hex


def file_of(run: Run) -> Path:
    """The file that came in or that was made; its name is for people, the place is ours."""
    return folder_of(run.uid) / ("file" + Path(run.file_name).suffix.lower()[:6])


def drop_files(run: Run) -> None:
    shutil.rmtree(folder_of(run.uid), ignore_errors=True)


def discard(run: Run) -> None:
    """What was done to records stays done."""
    drop_files(run)
    run.delete()


def forget(now: dt.datetime) -> int:
    """Drop what has expired, with its files; returns how many."""
    count = 0
    for run in Run.objects.filter(expires_at__lt=now):
        standing(run)
        if run.state != State.RUNNING:
            discard(run)
            count += 1
    return count
