"""Compares everything that was acknowledged with what is there once all work has ended."""

from __future__ import annotations

import collections
import json
from typing import Any

from calidez.config.tests.processes import until
from calidez.config.tests.torture.load import FACTS, TOGETHER, Book
from calidez.config.tests.torture.site import Site

# Runs inside the installation; says as JSON what is there.
FOUND = """
import json
import duckdb
from django.db import connection
from calidez.kit.core import verification
from calidez.kit.core.events import AuditEvent
from calidez.kit.desk.files.models import Attachment
from calidez.monitoring.models import Dataset, Import, Measurement
from calidez.monitoring.store import store
from calidez.people.models import Position
from calidez.kit.platform.kept_files.store import whole

engine = duckdb.connect()
facts = store().open("facts").relation(engine)
rows = engine.sql("SELECT split_part(id, '-', 1), count(*), count(DISTINCT id) FROM facts GROUP BY 1").fetchall()
trail = verification.verify()
print(json.dumps({
    "names": list(Position.objects.values_list("name", flat=True)),
    "counter": int(Position.objects.get(name="counter").purpose),
    "files": [file.name for file in Attachment.objects.all()],
    "broken files": [file.name for file in Attachment.objects.all() if not whole(file.sha256)],
    "facts": rows,
    "noted": Dataset.objects.get(code="facts").rows,
    "measured": sum(m.n for m in Measurement.objects.filter(unit__parent=None, segment="")),
    "imports": dict((str(s), 1) for s in Import.objects.exclude(state="loaded").values_list("state", flat=True)),
    "events": AuditEvent.objects.filter(verb="create", subject="people.position").count(),
    "trail": "" if trail.intact else f"{trail.reason} at {trail.broken_at}",
    "integrity": connection.cursor().execute("PRAGMA quick_check").fetchone()[0] if connection.vendor == "sqlite" else "ok",
}))
"""
OPEN_JOBS = """
from calidez.kit.platform.jobs.models import Job
from django.utils import timezone
print(Job.objects.filter(state__in=("queued", "running"), run_after__lt=timezone.now()).exclude(name__contains="mail").count())
"""
FAILED_JOBS = """
from calidez.kit.platform.jobs.models import Job
print(*(f"{job.name}: {job.error}" for job in Job.objects.filter(state="failed")), sep="\\n")
"""


def settle(site: Site, seconds: float = 600) -> list[str]:
    """Let all work end; says what does not, and what failed for good."""
    wrong = []
    try:
        until(lambda: site.script(OPEN_JOBS) == "0", seconds)
    except TimeoutError:
        wrong.append(f"{site.script(OPEN_JOBS)} jobs are not over")
    return wrong + [f"job failed: {line}" for line in site.script(FAILED_JOBS).splitlines() if line]


def compare(site: Site, book: Book) -> list[str]:
    """One sentence for each thing that was lost, doubled or left half done."""
    there = json.loads(site.script(FOUND).splitlines()[-1])
    return [
        *_records(there, book),
        *_facts(there, book),
        *_files(there, book),
        *(f"{name}: {there[name]}" for name in ("trail", "imports") if there[name]),
        *([f"database: {there['integrity']}"] if there["integrity"] != "ok" else []),
    ]


def _records(there: dict[str, Any], book: Book) -> list[str]:
    names = collections.Counter(there["names"])
    wrong = [f"doubled: {name}" for name, count in names.items() if count > 1]
    for kind in ("one", "keyed", "form"):
        wrong += [f"lost: {name}" for name in book.acknowledged[kind] if not names[name]]
    groups = collections.Counter(name.rpartition("-")[0] for name in names if name.startswith("many-"))
    wrong += [f"half of {name}: {count}" for name, count in groups.items() if count != TOGETHER]
    wrong += [f"lost: {name}" for name in book.acknowledged["many"] if name not in groups]
    steps, unsure = book.acknowledged["count"], len(book.unanswered["count"])
    if len(set(steps)) != len(steps) or not len(steps) <= there["counter"] <= len(steps) + unsure:
        wrong.append(
            f"counter {there['counter']}: {len(steps)} steps acknowledged, {unsure} without an answer"
        )
    if there["events"] != len(there["names"]):
        wrong.append(f"{len(there['names'])} positions, {there['events']} events of their making")
    return wrong


def _facts(there: dict[str, Any], book: Book) -> list[str]:
    held = {push: (rows, ids) for push, rows, ids in there["facts"]}
    wrong = [
        f"push {name}: {held.get(name)} of {FACTS}"
        for name in book.acknowledged["push"]
        if held.get(name) != (FACTS, FACTS)
    ]
    wrong += [
        f"push {name}: {rows} rows, {ids} ids"
        for name, (rows, ids) in held.items()
        if rows != ids or rows != FACTS
    ]
    total = sum(rows for rows, _ids in held.values())
    wrong += [
        f"{total} rows in the dataset, {there[name]} {name}"
        for name in ("noted", "measured")
        if there[name] != total
    ]
    return wrong


def _files(there: dict[str, Any], book: Book) -> list[str]:
    names = collections.Counter(there["files"])
    wrong = [f"file {name}: {names[name]} times" for name in book.acknowledged["file"] if names[name] != 1]
    return wrong + [f"the bytes of {name} are not there" for name in there["broken files"]]
