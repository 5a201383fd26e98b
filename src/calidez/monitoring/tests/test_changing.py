"""The columns of a dataset are changed after its files were loaded: tried first, all or nothing, measured anew."""

from __future__ import annotations

import datetime as dt
import gzip
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from calidez import engine
from calidez.kit.conformance import World
from calidez.kit.core import audit
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs.worker import run_queued
from calidez.monitoring.loading import services as imports
from calidez.monitoring.models import Dataset, Import, Indicator, Measurement
from calidez.monitoring.store import store
from calidez.monitoring.tests.loads import (
    State,
    client,
    count,
    loaded,
    look_once,
    looked,
    people,
    said,
    visits,
)
from calidez.people.models import Unit
from calidez.people.tests.factories import create

__all__ = ["look_once", "people"]  # fixtures
pytestmark = pytest.mark.django_db
HEAD = "day,branch,wait\n"


def waits(month: int, *, bad: str = "") -> str:
    return HEAD + "".join(f"2026-{month:02}-{d:02},NORTH,{d}\n" for d in range(1, 21)) + bad


def load(people: World, text: str, name: str, **changes: Any) -> Import:
    """With the wait read as text, as whoever took the proposal of an odd file."""
    if Dataset.objects.exists():
        dataset = Dataset.objects.get()
        item = looked(people, text, name)
        schema = imports.schema_for_existing(dataset, imports.choices_for(item, dataset, by=people.admin))
        item = imports.confirm_mapping(item, by=people.admin, schema=schema, dataset=dataset)
    else:
        item = said(
            looked(people, text, name),
            people.admin,
            wait={"kind": "text", "role": "segment", "key": False},
            day={"key": False},
            branch={"role": "branch", "key": False},
        )
    item = imports.start_load(imports.check(item, by=people.admin), by=people.admin)
    run_queued()
    item.refresh_from_db()
    assert item.state == State.LOADED, item.report
    return item


@pytest.fixture
def dataset(people: World) -> Dataset:
    load(people, waits(1), "january.csv")
    load(people, waits(2, bad="2026-02-21,NORTH,long\n"), "february.csv")
    return Dataset.objects.get()


def wanted(dataset: Dataset, **changes: dict[str, Any]) -> engine.Schema:
    choices = imports.columns_now(dataset).choices
    return imports.schema_for_new([replace(c, **changes.get(c.source, {})) for c in choices])


AS_NUMBER = {"wait": {"kind": "number:.", "role": "value", "unit": "min"}}


def test_a_column_becomes_another_and_what_is_lost_is_said_before(people: World, dataset: Dataset) -> None:
    browser = client(people.admin)
    page = browser.get(f"/datasets/{dataset.uid}/columns/").content.decode()
    assert "february.csv" in page
    dataset = imports.ask_columns(dataset, by=people.admin, schema=wanted(dataset, **AS_NUMBER))
    assert engine.Schema.from_json(dataset.schema).column("wait").type is engine.ColumnType.TEXT
    run_queued()
    page = browser.get(f"/datasets/{dataset.uid}/columns/").content.decode()
    assert "2 files read again: 41 rows, where there are 41 now." in page
    assert count("visits", "count(*)") == 41
    assert "“wait” would have a value in 40 rows, where it has one in 41 now." in page
    dataset.refresh_from_db()
    asks = f"/datasets/{dataset.uid}/do/change_columns/"
    assert "where there are 41 now" in browser.get(asks).content.decode()
    browser.post(asks, {"version": dataset.version, "note": "The wait is a number."})
    run_queued()
    dataset.refresh_from_db()
    column = engine.Schema.from_json(dataset.schema).column("wait")
    assert (column.type, column.unit, dataset.wanted, dataset.rows) == ("number", "min", {}, 41)
    assert count("visits", "sum(wait)") == 420
    verbs = [event.verb for event in audit.history(dataset, limit=9)]
    assert verbs[:3] == ["changed_columns", "change_columns", "tried_columns"]
    # What was loaded is still what can be taken back, and what comes next is read as it is now.
    march = load(people, waits(3), "march.csv")
    assert count("visits", "sum(wait)") == 630
    january = Import.objects.get(file_name="january.csv")
    for item in (january, march):
        imports.run_taking_back(
            imports.take_back(item, by=people.admin, note="x", background=False), by=people.admin
        )
    assert count("visits", "count(*)") == 21


def test_indicators_are_measured_anew(people: World, dataset: Dataset) -> None:
    imports.ask_columns(dataset, by=people.admin, schema=wanted(dataset, **AS_NUMBER))
    run_queued()
    imports.change_columns(Dataset.objects.get(), by=people.admin, note="x")
    run_queued()
    dataset = Dataset.objects.get()
    create(
        Indicator,
        people.admin,
        name="Wait",
        dataset=dataset,
        unit=people.root,
        owner=people.admin,
        measure=Indicator.Measure.MEAN,
        value="wait",
        measured_in="min",
        better="down",
    )
    run_queued()
    assert Measurement.objects.filter(unit=people.root).count() == 2
    with pytest.raises(RuleBroken, match=r"The indicator IND-\d+ Wait would no longer make sense"):
        imports.ask_columns(
            dataset, by=people.admin, schema=wanted(dataset, wait={"kind": "text", "role": "segment"})
        )
    with pytest.raises(RuleBroken, match="would no longer make sense"):
        imports.ask_columns(dataset, by=people.admin, schema=wanted(dataset, wait={"role": "ignore"}))
    imports.ask_columns(dataset, by=people.admin, schema=wanted(dataset, branch={"role": "segment"}))
    run_queued()
    imports.change_columns(Dataset.objects.get(), by=people.admin, note="x")
    run_queued()
    # Without a column of units only the whole has a figure.
    version = Indicator.objects.get().versions.get(current=True)
    assert set(Measurement.objects.filter(version=version).values_list("unit", flat=True)) == {people.root.pk}


def test_what_only_people_read_changes_at_once(people: World, dataset: Dataset) -> None:
    dataset = imports.ask_columns(
        dataset, by=people.admin, schema=wanted(dataset, wait={"role": "text", "unit": "min"})
    )
    column = engine.Schema.from_json(dataset.schema).column("wait")
    assert (column.role, column.unit, dataset.wanted) == ("text", "min", {})
    assert store().open("visits").rows() == 41


def test_what_was_tried_may_be_left(people: World, dataset: Dataset) -> None:
    imports.ask_columns(dataset, by=people.admin, schema=wanted(dataset, **AS_NUMBER))
    run_queued()
    dataset = imports.keep_columns(Dataset.objects.get(), by=people.admin)
    assert dataset.wanted == {}
    with pytest.raises(RuleBroken):
        imports.change_columns(dataset, by=people.admin, note="x")


def test_a_worker_killed_after_the_commit_comes_to_the_same_end(
    people: World, dataset: Dataset, monkeypatch: Any
) -> None:
    imports.ask_columns(dataset, by=people.admin, schema=wanted(dataset, **AS_NUMBER))
    run_queued()
    dataset = imports.change_columns(Dataset.objects.get(), by=people.admin, note="x")
    from calidez.monitoring.loading.services import changing

    changing._read(dataset, commit=True)  # and then it was killed
    imports.run_change(dataset, by=people.admin)
    dataset.refresh_from_db()
    assert (dataset.rows, dataset.wanted, count("visits", "count(*)")) == (41, {}, 41)


def test_without_its_files_a_dataset_is_not_read_again(people: World, dataset: Dataset) -> None:
    schema = wanted(dataset, **AS_NUMBER)
    item = Import.objects.get(file_name="january.csv")
    Path(item.path).unlink()
    with pytest.raises(RuleBroken, match=rf"no longer kept.*{item.code} january.csv"):
        imports.ask_columns(dataset, by=people.admin, schema=schema)


def test_what_came_in_later_is_read_with_its_file(people: World) -> None:
    text = waits(1) + "2026-01-21,New,21\n"
    load(people, text, "january.csv")
    create(Unit, people.admin, code="NEW", name="New", parent=people.root)
    load(people, text, "january.csv")
    assert count("visits", "count(*)") == 21
    dataset = Dataset.objects.get()
    imports.ask_columns(dataset, by=people.admin, schema=wanted(dataset, **AS_NUMBER))
    run_queued()
    imports.change_columns(Dataset.objects.get(), by=people.admin, note="x")
    run_queued()
    assert (count("visits", "count(*)"), count("visits", "sum(wait)")) == (21, 231)


# Kept files


def test_a_loaded_file_is_kept_packed_and_goes_with_its_load(
    people: World, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        item = loaded(people, visits(20))
    path = Path(item.path)
    assert path.parent.parent == Path(settings.UPLOADS_DIR) / "kept"
    assert gzip.decompress(path.read_bytes()).decode() == visits(20)
    assert [p for p in Path(settings.UPLOADS_DIR).rglob("visits.csv") if p.is_file()] == []
    page = client(people.admin).get(f"/imports/{item.uid}/").content.decode()
    assert "The file is kept until" in page
    with django_capture_on_commit_callbacks(execute=True):
        imports.run_taking_back(
            imports.take_back(item, by=people.admin, note="x", background=False), by=people.admin
        )
    assert not path.exists()


def test_after_its_time_a_file_goes(people: World, settings: Any) -> None:
    item = loaded(people, visits(20))
    now = timezone.now()
    assert imports.forget_old_files(now) == 0
    assert imports.forget_old_files(now + dt.timedelta(days=366)) == 1
    item.refresh_from_db()
    assert (item.path, Path(item.path or "/nowhere").is_file()) == ("", False)
    settings.KEEP_FILES_DAYS = 0
    assert loaded(people, visits(30), code="others").path == ""
