"""A dataset on which nothing stands is emptied or removed; one that is counted says by what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from calidez.kit.conformance import World
from calidez.kit.core import audit
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.kit.platform.jobs.worker import run_queued
from calidez.monitoring import services
from calidez.monitoring.loading import services as imports
from calidez.monitoring.models import Dataset, Import
from calidez.monitoring.store import store
from calidez.monitoring.tests.loads import State, client, count, counted, loaded, look_once, people, visits

__all__ = ["look_once", "people"]  # fixtures
pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset(people: World) -> Dataset:
    loaded(people, visits(20))
    return Dataset.objects.get(code="visits")


def test_an_empty_dataset_keeps_its_columns_and_takes_the_file_again(people: World, dataset: Dataset) -> None:
    browser = client(people.admin)
    asks = f"/datasets/{dataset.uid}/do/empty/"
    assert asks in browser.get(f"/datasets/{dataset.uid}/").content.decode()
    assert "20 rows leave, with every load that brought them (1)" in browser.get(asks).content.decode()
    browser.post(asks, {"version": dataset.version, "note": "It was a trial."})
    run_queued()
    dataset.refresh_from_db()
    assert (dataset.rows, dataset.wanted, bool(dataset.schema)) == (0, {}, True)
    assert Import.objects.get().state == State.TAKEN_BACK
    assert [event.verb for event in audit.history(dataset, limit=2)] == ["emptied", "empty"]
    path = imports.receive("visits.csv", [visits(20).encode()]).path
    imports.import_file(path, dataset="visits", by=people.admin)
    assert count("visits", "count(*)") == 20


def test_what_is_counted_says_by_what(people: World, dataset: Dataset) -> None:
    indicator = counted(people, dataset)
    with pytest.raises(RuleBroken, match=rf"It is still counted by: {indicator.code} Visits\."):
        imports.empty(dataset, by=people.admin, note="x")
    services.retire(indicator, by=people.admin, note="x")
    with pytest.raises(RuleBroken, match="still counted by"):
        imports.remove(dataset, by=people.admin, note="x")
    imports.empty(dataset, by=people.admin, note="x")
    with pytest.raises(NotAllowed):
        imports.empty(dataset, by=people.auditor, note="x")


def test_a_removed_dataset_leaves_its_code_and_its_history(
    people: World, dataset: Dataset, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        imports.remove(dataset, by=people.admin, note="It was a trial.")
        run_queued()
    assert not store().exists("visits")
    assert not [p for p in (Path(settings.UPLOADS_DIR) / "kept").rglob("*") if p.is_file()]
    dataset.refresh_from_db()
    assert (dataset.state, dataset.rows) == (Dataset.State.REMOVED, 0)
    browser = client(people.admin)
    page = browser.get(f"/datasets/{dataset.uid}/").content.decode()
    assert "Removed" in page
    assert "/do/empty/" not in page
    assert browser.get(f"/datasets/{dataset.uid}/rows/").status_code == 200
    assert f"/datasets/{dataset.uid}/" not in browser.get("/datasets/").content.decode()
    assert f"/datasets/{dataset.uid}/" in browser.get("/datasets/?state=removed").content.decode()
    with pytest.raises(RuleBroken):
        counted(people, dataset)
    with pytest.raises(RuleBroken, match="was removed"):
        imports.push(dataset, imports.receive("v.csv", [b"day,branch\n"]), by=people.admin)
    item = loaded(people, visits(20))
    assert (item.state, item.dataset.code) == (State.LOADED, "visits")
    assert item.dataset.pk != dataset.pk


def test_a_killed_worker_only_notes_what_left(people: World, dataset: Dataset) -> None:
    dataset = imports.empty(dataset, by=people.admin, note="x")
    store().open("visits").clear([Import.objects.get().code])  # and then the worker was killed
    imports.run_emptying(dataset, by=people.admin)
    dataset.refresh_from_db()
    assert (dataset.rows, dataset.wanted) == (0, {})
