"""What the tests of imports share: people with a data folder of their own, files, and the steps taken in one call."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.test import Client

from calidez import engine
from calidez.kit.conformance import World
from calidez.kit.platform.jobs.worker import run_queued
from calidez.monitoring.loading import services as imports
from calidez.monitoring.models import Import, Indicator
from calidez.monitoring.store import store
from calidez.people.tests.factories import create

State = Import.State


@pytest.fixture
def people(world: World, settings: Any, tmp_path: Path) -> World:
    """An organisation whose uploads pass through the test's own folder."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    return world


@pytest.fixture(autouse=True)
def look_once(monkeypatch: Any) -> None:
    """The engine tests its own look; here each content is looked at once for all tests."""
    inspect = engine.inspect_file

    def remembered(path: Path, **options: Any) -> Any:
        asked = (Path(path).read_bytes(), *sorted((k, v) for k, v in options.items() if k not in NOT_ASKED))
        if asked not in LOOKS:
            options.pop("limits", None)
            LOOKS[asked] = inspect(path, **options)
        return LOOKS[asked]

    monkeypatch.setattr(engine, "inspect_apart", remembered)


LOOKS: dict[Any, Any] = {}
NOT_ASKED = {"scratch", "limits"}


def client(user: Any) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def upload(people: Any, text: str | bytes, name: str = "visits.csv", by: Any = None) -> Import:
    content = text.encode() if isinstance(text, str) else text
    by = by or people.admin
    return imports.receive_upload(imports.receive(name, [content]), unit=by.unit, by=by)


def looked(people: Any, text: str | bytes, name: str = "visits.csv") -> Import:
    item = imports.look_at(upload(people, text, name), by=people.admin)
    return imports.confirm_reading(item, by=people.admin)


def said(item: Import, by: Any, *, code: str = "visits", **changes: dict[str, Any]) -> Import:
    """The mapping as proposed, with what a person says of some columns."""
    choices = [replace(c, **changes.get(c.source, {})) for c in imports.propose(item, by=by).choices]
    schema = imports.schema_for_new(choices)
    return imports.confirm_mapping(item, by=by, schema=schema, code=code, name="Visits")


def loaded(people: Any, text: str, name: str = "visits.csv", code: str = "visits") -> Import:
    item = imports.check(said(looked(people, text, name), people.admin, code=code), by=people.admin)
    item = imports.start_load(item, by=people.admin)
    run_queued()
    item.refresh_from_db()
    return item


def visits(rows: int = 40, branches: tuple[str, ...] = ("NORTH", "SOUTH")) -> str:
    lines = [f"2026-01-{1 + n // 2:02},{branches[n % len(branches)]},{10 + n},{n % 3}" for n in range(rows)]
    return "day,branch,visits,late\n" + "\n".join(lines) + "\n"


def count(code: str, expression: str) -> Any:
    query = f"SELECT {expression} FROM {store().open(code).source()}"
    with duckdb.connect() as connection:
        return connection.execute(query).fetchone()[0]


def counted(people: Any, dataset: Any) -> Indicator:
    """An indicator that adds up the visits."""
    return create(
        Indicator,
        people.admin,
        name="Visits",
        dataset=dataset,
        unit=people.root,
        owner=people.admin,
        measure=Indicator.Measure.SUM,
        value="visits",
        measured_in="",
    )
