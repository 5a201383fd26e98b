"""An installation with one record of every kind, facts, files, and the rows that are easily carried wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import JSONField, Value
from django.utils import timezone

from calidez.kit.conformance import World, kinds, load_factories, make
from calidez.kit.core.registry import catalog
from calidez.kit.desk.files.services import attach
from calidez.kit.platform.jobs.models import Job
from calidez.kit.platform.preferences.models import Preference
from calidez.monitoring.loading.services.uploads import receive, receive_upload
from calidez.monitoring.services import import_file
from calidez.monitoring.tests.factories import SCHEMA
from calidez.people.models import Position, Unit
from calidez.people.tests.factories import create, world

# What one database or the other writes in its own way.
AWKWARD = {
    "floats": [1e20, -0.0, 2.0, 0.1, 1e-7, 123456789.123456],
    "nothing": None,
    "deep": {"b": [1, {"a": True}], "": ""},
    "text": 'line\nbreak, "quotes", \\ back, ñ, 漢, \U0001f642, \u2028',
    "large": 2**60,
}

# The hour that clocks skip in Europe.
SPRING = dt.datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=dt.UTC)


def fill(folder: Path) -> World:
    load_factories()
    people = world()
    for number, entity in enumerate(kinds()):
        make(entity, people, people.north, number)
    facts(people.admin, folder)
    position = create(Position, people.admin, name="Greets", unit=people.north, purpose="")
    attach(position, [SimpleUploadedFile("contract ñ.pdf", b"%PDF-1.4 " + b"x" * 5000)], by=people.admin)
    receive_upload(
        receive("Año 2026 — visitas (muy largo) " + "x" * 80 + ".csv", iter([b"a,b\n1,2\n"])),
        unit=people.north,
        by=people.admin,
    )
    strange(people)
    return people


def facts(admin: Any, folder: Path, name: str = "visits", rows: int = 40) -> Any:
    path = folder.parent / f"{folder.name}-{name}.csv"
    lines = ["month,clinic,kind,visits,late"]
    lines += [
        f"2024-{n % 12 + 1:02}-01,{'NORTH' if n % 2 else 'SOUTH'},{n},{100 + n},{n % 7}" for n in range(rows)
    ]
    lines += ["not a day,NORTH,x,1,0"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return import_file(path, dataset=name, mapping=SCHEMA, by=admin, name=name.title())


def strange(people: World) -> None:
    far = dt.datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=dt.UTC)
    Job.objects.create(
        name="kit.mail.send_mail",
        arguments=AWKWARD,
        created_at=SPRING,
        run_after=far,
        finished_at=None,
        error="",
    )
    Job.objects.create(
        name="x" * 120, arguments=[], created_at=SPRING, run_after=timezone.now(), trace="y" * (5 << 20)
    )
    Preference.objects.create(key="of a test", value=Value(None, JSONField()))
    Preference.objects.create(key="another", value="{data}/not a path")
    create(Unit, people.admin, code="EMPTY", name="Nothing ", parent=people.root)


def labels() -> set[str]:
    return {entity.model._meta.label_lower for entity in catalog}
