"""Checking and loading a file of records in the background, with progress; small files are not made to wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calidez.kit.desk.intake import services
from calidez.kit.desk.intake.models import Intake
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import JobKind, enqueue, job

AT_ONCE_BYTES = 60_000  # some hundreds of rows: a second or two, so the page may wait for it
KEPT = dt.timedelta(days=7)


def check_or_queue(intake: Intake) -> None:
    _now_or_later(intake, services.rehearse, check_records)


def load_or_queue(intake: Intake) -> None:
    _now_or_later(intake, services.load, load_records)


@job(title=_("Checking a file of records"), one_per=("intake",))
def check_records(*, intake: int) -> None:
    _guarded(intake, services.rehearse, Intake.State.CHECKING)


@job(title=_("Loading a file of records"), one_per=("intake",))
def load_records(*, intake: int) -> None:
    _guarded(intake, services.load, Intake.State.LOADING)


@job(title=_("Clearing away old files of records"), every="47 3 * * *")
def forget_records_files() -> None:
    services.forget(timezone.now() - KEPT)


def _now_or_later(intake: Intake, work: Callable[[Intake], None], kind: JobKind) -> None:
    if Path(intake.path).stat().st_size <= AT_ONCE_BYTES:
        _attempt(intake, work)
        return
    intake.job = enqueue(kind, intake=intake.pk)
    intake.save(update_fields=["job"])


def _guarded(pk: int, work: Callable[[Intake], None], state: Intake.State) -> None:
    intake = Intake.objects.select_related("person").filter(pk=pk, state=state).first()
    if intake is not None:  # discarded, or done before the worker was killed
        _attempt(intake, work)


def _attempt(intake: Intake, work: Callable[[Intake], None]) -> None:
    try:
        work(intake)
    except RuleBroken as refusal:
        services.fail(intake, str(refusal))
