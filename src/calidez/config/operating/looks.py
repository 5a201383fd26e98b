"""What an installation needs to do its work, looked at cheaply: database, disk, data folder, worker, queue, datasets, restarts."""

from __future__ import annotations

import datetime as dt
import functools
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Count, Min, Sum
from django.utils import timezone

import calidez
from calidez.config.checks.folder import FREE_MB
from calidez.config.operating import restarts
from calidez.engine import limited
from calidez.kit.platform import meters, presence, stopped_readers
from calidez.kit.platform.jobs.models import Job
from calidez.kit.platform.readiness import Seen, add_look, look
from calidez.monitoring.models import Dataset, Import

# A worker says every ten seconds that it does its rounds; three may be missed behind another writer.
WORKER_SECONDS = 60
# Due work that nobody takes for so long: too few workers, or one that hangs.
QUEUE_SECONDS = 15 * 60
RESTARTS_AN_HOUR = 10


def register() -> None:
    for name, see in (
        ("database", database),
        ("disk", disk),
        ("data_folder", data_folder),
        ("datasets", datasets),
        ("worker", worker),
        ("queue", queue),
        ("restarts", restarted),
        ("readers", readers),
    ):
        add_look(name, see)


def database() -> Seen:
    """It answers, and has the tables of this version of the program."""
    applied = set(MigrationRecorder(connection).applied_migrations())
    missing = len(_shipped() - applied)
    return Seen(ok=not missing, figures={"migrations_missing": missing})


def disk() -> Seen:
    free = shutil.disk_usage(settings.DATA_DIR).free // 1_000_000
    return Seen(ok=free >= FREE_MB, figures={"free_mb": free, "needed_mb": FREE_MB})


def data_folder() -> Seen:
    """A file can be made in it: what the rights say is not what a disk that has turned read-only does."""
    try:
        with tempfile.TemporaryFile(dir=settings.RUNNING_DIR) as file:
            file.write(b"1")
            file.flush()
    except OSError as error:
        return Seen(ok=False, figures={"error": os.strerror(error.errno or 0)})
    return Seen(ok=True)


def datasets() -> Seen:
    """Each dataset has a folder with a log; what stands in it is for `calidez check`."""
    folder = Path(settings.DATASETS_DIR)
    codes = list(Dataset.objects.filter(state=Dataset.State.IN_USE).values_list("code", flat=True))
    missing = [code for code in codes if not (folder / code / "_delta_log").is_dir()]
    usable = not codes or os.access(folder, os.R_OK | os.W_OK | os.X_OK)
    return Seen(ok=usable and not missing, figures={"datasets": len(codes), "missing": len(missing)})


def worker() -> Seen:
    """Where a worker was seen a moment ago. Each stands in the data folder, and all servers of an installation share it."""
    ago = time.time() - WORKER_SECONDS
    there = [one for one in workers() if one.seen >= ago]
    return Seen(ok=bool(there), figures={"workers": len(there)})


def queue() -> Seen:
    waits = queue_age(timezone.now())
    return Seen(
        ok=waits <= QUEUE_SECONDS, figures={"oldest_seconds": round(waits), "most_seconds": QUEUE_SECONDS}
    )


def restarted() -> Seen:
    """Processes that the supervisor started again: more than a few an hour is a fall that goes on."""
    count = restarts.since(Path(settings.RUNNING_DIR), time.time() - 3600)
    return Seen(ok=count <= RESTARTS_AN_HOUR, figures={"last_hour": count, "most": RESTARTS_AN_HOUR})


def readers() -> Seen:
    """Files that ended the process which read them: told, for a file is nobody's fault but its sender's."""
    stopped = stopped_readers.stopped(since=timezone.now() - dt.timedelta(days=1))
    return Seen(ok=True, figures={"stopped_last_day": stopped.total()})


def workers() -> list[presence.Present]:
    return presence.present(Path(settings.RUNNING_DIR), presence.WORKER)


def queue_age(now: dt.datetime) -> float:
    """Seconds that the oldest work which could be done has waited."""
    due = Job.objects.filter(state=Job.State.QUEUED, run_after__lte=now).aggregate(oldest=Min("run_after"))
    return (now - due["oldest"]).total_seconds() if due["oldest"] else 0.0


@functools.cache
def _shipped() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


# What is read whenever somebody asks for the figures.


def _by_state(model: Any) -> Iterator[tuple[dict[str, str], float]]:
    counts = dict(model.objects.order_by().values_list("state").annotate(Count("id")))
    for state in model.State.values:
        yield {"state": state}, counts.get(state, 0)


def _ready() -> Iterator[tuple[dict[str, str], float]]:
    for name, seen in look().items():
        yield {"look": name}, float(seen.ok)


def _stopped() -> Iterator[tuple[dict[str, str], float]]:
    stopped = stopped_readers.stopped(since=timezone.now() - dt.timedelta(days=1))
    for limit in sorted(limited.CODES):
        yield {"limit": limit}, stopped[limit]


def _rows() -> Iterator[tuple[dict[str, str], float]]:
    yield {}, Dataset.objects.aggregate(sum=Sum("rows"))["sum"] or 0


meters.gauge(
    "calidez_info",
    "The version of the program.",
    lambda: [({"version": calidez.__version__}, 1)],
    ("version",),
)
meters.gauge(
    "calidez_ready", "1 where a look of /health/ready finds what the installation needs.", _ready, ("look",)
)
meters.gauge(
    "calidez_jobs", "Background jobs of the last 30 days by state.", lambda: _by_state(Job), ("state",)
)
meters.gauge(
    "calidez_queue_age_seconds",
    "How long the oldest work that could be done has waited.",
    lambda: [({}, queue_age(timezone.now()))],
)
meters.gauge("calidez_workers", "Workers for background jobs that live.", lambda: [({}, len(workers()))])
meters.gauge(
    "calidez_process_restarts_last_hour",
    "Processes that ended and were started again in the last hour.",
    lambda: [({}, restarts.since(Path(settings.RUNNING_DIR), time.time() - 3600))],
)
meters.gauge(
    "calidez_readers_stopped_last_day",
    "Files that ended the process which read them, by the limit that was met.",
    _stopped,
    ("limit",),
)
meters.gauge("calidez_imports", "Imports by state.", lambda: _by_state(Import), ("state",))
meters.gauge("calidez_datasets", "Datasets.", lambda: [({}, Dataset.objects.count())])
meters.gauge("calidez_dataset_rows", "Rows in all datasets.", _rows)
meters.gauge(
    "calidez_disk_free_bytes",
    "Free space where the data folder lies.",
    lambda: [({}, shutil.disk_usage(settings.DATA_DIR).free)],
)
