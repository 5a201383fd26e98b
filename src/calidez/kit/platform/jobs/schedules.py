"""Jobs that are declared with `every`: whoever keeps house asks for them when they are due, each due time once."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from calidez.kit.platform.jobs import cron
from calidez.kit.platform.jobs.declare import JobKind, kinds
from calidez.kit.platform.jobs.models import Job, Schedule


def scheduled() -> list[JobKind]:
    """Every kind of job that asks for itself on this installation, by name."""
    return [kind for kind in kinds() if kind.every and kind.wanted()]


def zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def queue_due(now: dt.datetime) -> int:
    """Ask for what fell due since the last look; what was missed while no worker ran is done once, not n times."""
    rows = known(now)
    count = 0
    for kind in scheduled():
        row = rows[kind.name]
        if row.paused:
            continue
        due = cron.latest_due(kind.every, row.settled_until, now, zone())
        if due is not None:
            count += _ask(kind, row, due)
    return count


def known(now: dt.datetime) -> dict[str, Schedule]:
    """The row of each schedule; a new one begins now and makes up for nothing."""
    rows = {row.name: row for row in Schedule.objects.all()}
    missing = [kind.name for kind in scheduled() if kind.name not in rows]
    if missing:
        new = [Schedule(name=name, settled_until=now) for name in missing]
        Schedule.objects.bulk_create(new, ignore_conflicts=True)
        rows = {row.name: row for row in Schedule.objects.all()}
    return rows


def next_due(kind: JobKind, row: Schedule) -> dt.datetime | None:
    return None if row.paused else cron.next_due(kind.every, row.settled_until, zone())


def queue_now(kind: JobKind, due: dt.datetime, *, language: str = "") -> bool:
    """Put one run in the queue; False where equal work waits already, or somebody else asked for this due time."""
    now = timezone.now()
    wanted = Job(
        name=kind.name,
        key=kind.key({}),
        schedule=kind.name,
        due=due,
        language=language or settings.LANGUAGE_CODE,
        run_after=now,
        created_at=now,
    )
    Job.objects.bulk_create([wanted], ignore_conflicts=True)
    return Job.objects.filter(uid=wanted.uid).exists()


def _ask(kind: JobKind, row: Schedule, due: dt.datetime) -> bool:
    """The row moves on and the job is queued in one transaction, so neither happens without the other."""
    with transaction.atomic():
        # Of several workers one moves the row; a clock set back moves nothing.
        mine = Schedule.objects.filter(pk=row.pk, paused=False, settled_until__lt=due)
        return bool(mine.update(settled_until=due)) and queue_now(kind, due)
