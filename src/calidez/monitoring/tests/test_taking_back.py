"""A load is taken back: values, points, signals and promises are as if it had never been, and the trail knows that it was."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from calidez import engine
from calidez.kit.conformance import World
from calidez.kit.core import audit
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.kit.platform.jobs.worker import run_queued
from calidez.monitoring.loading import services as imports
from calidez.monitoring.models import Dataset, Import, Indicator, Measurement, Signal, Standing, UnitDays
from calidez.monitoring.services import acknowledge, import_file, measure_new
from calidez.monitoring.store import store
from calidez.monitoring.tests.factories import SCHEMA
from calidez.monitoring.tests.loads import State, client, loaded, look_once, people, visits
from calidez.people.models import Unit
from calidez.people.tests.factories import create
from calidez.standards.models import Standard
from calidez.standards.tests.factories import in_force
from calidez.standards.tests.factories import standard as draft

__all__ = ["look_once", "people"]  # fixtures
pytestmark = pytest.mark.django_db
FIRST = [dt.date(2024 + month // 12, month % 12 + 1, 1) for month in range(24)]
LATER = [dt.date(2026, month, 1) for month in range(1, 4)]


def written(folder: Path, name: str, months: list[dt.date], clinics: dict[str, int]) -> Path:
    """Of a hundred visits each month, so many late: by clinic, with a small swing."""
    lines = ["month,clinic,kind,visits,late"]
    for number, month in enumerate(months):
        for clinic, late in clinics.items():
            lines.append(f"{month},{clinic},first,100,{late + number % 3}")
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def indicator_of(world: World, dataset: Dataset) -> Indicator:
    standard = in_force(draft(world, world.root, 1), world)
    Standard.objects.filter(pk=standard.pk).update(target=90.0, direction=Standard.Direction.AT_LEAST)
    return create(
        Indicator,
        world.admin,
        name="On time",
        dataset=dataset,
        unit=world.root,
        owner=world.admin,
        measure=Indicator.Measure.COUNTED,
        numerator="visits - late",
        denominator="visits",
        segments="kind",
        standard=standard,
    )


def all_told(indicator: Indicator) -> dict[str, Any]:
    """Whatever pages read of an indicator and its dataset."""
    without = {"id", "created_at", "updated_at", "indicator_id", "version", "uid"}

    def rows(found: Any, *names: str) -> list[Any]:
        return [{k: v for k, v in row.items() if k not in without} for row in found.order_by(*names).values()]

    dataset = Dataset.objects.get(pk=indicator.dataset_id)
    return {
        "measurements": rows(Measurement.objects.all(), "unit", "segment", "period_start"),
        "standings": rows(Standing.objects.all(), "unit"),
        "signals": rows(Signal.objects.all(), "unit", "rule", "period_start"),
        "days": (dataset.days, dict(UnitDays.objects.values_list("unit__code", "days"))),
        "rows": (dataset.rows, dataset.first_at, dataset.last_at),
    }


def load(world: World, path: Path) -> Import:
    item = import_file(path, dataset="visits", by=world.admin, mapping=SCHEMA, unit=world.root)
    run_queued()
    return item


def taken_back(world: World, item: Import) -> Import:
    item = imports.take_back(item, by=world.admin, note="It was the wrong month.")
    run_queued()
    item.refresh_from_db()
    return item


def test_all_that_is_told_is_as_if_the_load_had_never_been(world: World, tmp_path: Path) -> None:
    """Load B brings newer months, a unit that had no rows, and rows between those of A."""
    create(Unit, world.admin, code="NEW", name="Clinic New", parent=world.north)
    without = FIRST[:10] + FIRST[11:]
    load(world, written(tmp_path, "a.csv", without, {"NORTH": 4, "SOUTH": 6}))
    indicator = indicator_of(world, Dataset.objects.get(code="visits"))
    run_queued()
    before = all_told(indicator)
    assert before["measurements"]
    second = load(
        world, written(tmp_path, "b.csv", [FIRST[10], *LATER], {"NORTH": 40, "SOUTH": 45, "NEW": 50})
    )
    after = all_told(indicator)
    assert after["signals"] != before["signals"]
    assert {row["unit_id"] for row in after["standings"]} > {row["unit_id"] for row in before["standings"]}
    second = taken_back(world, second)
    assert second.state == State.TAKEN_BACK
    assert all_told(indicator) == before


def test_who_knows_a_signal_keeps_it_as_past(world: World, tmp_path: Path) -> None:
    load(world, written(tmp_path, "a.csv", FIRST, {"NORTH": 4}))
    indicator_of(world, Dataset.objects.get(code="visits"))
    run_queued()
    second = load(world, written(tmp_path, "b.csv", LATER, {"NORTH": 60}))
    signal = acknowledge(
        Signal.objects.filter(holds=True).first(), by=world.admin, note="The desk was closed."
    )
    taken_back(world, second)
    signal.refresh_from_db()
    assert (signal.state, signal.holds) == (Signal.State.ACKNOWLEDGED, False)
    assert not Signal.objects.filter(state=Signal.State.NEW).exists()


def test_the_page_says_what_leaves_and_the_trail_keeps_why(people: World) -> None:
    item = loaded(people, visits(10))
    browser = client(people.admin)
    page = browser.get(f"/imports/{item.uid}/").content.decode()
    asks = f"/imports/{item.uid}/do/take_back/"
    assert asks in page
    text = browser.get(asks).content.decode()
    assert "10 rows leave “Visits”, from 1 Jan 2026 to 5 Jan 2026." in text
    assert "No indicator counts them." in text
    answer = browser.post(asks, {"version": item.version, "note": "It was the wrong file."})
    assert answer.status_code == 302
    run_queued()
    item.refresh_from_db()
    assert item.state == State.TAKEN_BACK
    assert store().open("visits").rows() == 0
    done, asked = audit.history(item, limit=2)
    assert (done.verb, asked.verb, asked.note) == ("taken_back", "take_back", "It was the wrong file.")
    page = browser.get(f"/imports/{item.uid}/").content.decode()
    assert "Taken back" in page
    assert "Go on with this file" not in page
    # The step forward that was promised: the file itself is not kept.
    assert '<a class="c-button primary " href="/imports/new/"' in page
    assert "Load the file again" in page
    for step in ("reading", "columns", "check", "load"):
        answer = browser.get(f"/imports/{item.uid}/{step}/", follow=True)
        assert answer.redirect_chain[-1][0] == f"/imports/{item.uid}/"


def test_the_same_file_comes_in_again_afterwards(people: World) -> None:
    first = loaded(people, visits(10))
    taken_back(people, first)
    assert imports.earlier_import(first, by=people.admin) is None
    again = imports.import_file(_kept(people, visits(10)), dataset="visits", by=people.admin, mapping=None)
    assert (again.state, store().open("visits").rows()) == (State.LOADED, 10)
    first.refresh_from_db()
    with pytest.raises(RuleBroken):
        imports.take_back(first, by=people.admin, note="Twice.")
    assert store().open("visits").rows() == 10


def test_a_killed_worker_only_notes_what_it_removed(people: World, monkeypatch: Any) -> None:
    item = loaded(people, visits(10))
    item = imports.take_back(item, by=people.admin, note="Wrong.", background=False)
    store().open("visits").remove_batch(item.report["batch"])  # and then the worker was killed
    item = imports.run_taking_back(item, by=people.admin)
    assert item.state == State.TAKEN_BACK
    assert Dataset.objects.get(code="visits").rows == 0


def test_what_the_disk_refuses_leaves_the_load_as_it_was(people: World, monkeypatch: Any) -> None:
    item = loaded(people, visits(10))
    item = imports.take_back(item, by=people.admin, note="Wrong.", background=False)

    def full(self: Any, *given: Any) -> None:
        raise engine.EngineError("disk_full")

    monkeypatch.setattr(engine.Dataset, "_commit", full)
    with pytest.raises(RuleBroken):
        imports.run_taking_back(item, by=people.admin)
    item.refresh_from_db()
    assert item.state == State.LOADED
    page = client(people.admin).get(f"/imports/{item.uid}/").content.decode()
    assert "The load could not be taken back" in page


def test_who_may_load_and_not_edit_the_dataset_may_not_take_back(people: World) -> None:
    """The manager of the north loads into the dataset of the whole, and does not keep it."""
    item = loaded(people, visits(10))
    Import.objects.filter(pk=item.pk).update(unit=people.north)
    with pytest.raises(RuleBroken, match="Only who may edit the dataset"):
        imports.take_back(item, by=people.north_manager, note="Wrong.")
    with pytest.raises(NotAllowed):
        imports.take_back(item, by=people.auditor, note="Wrong.")
    for user in (people.north_manager, people.auditor):
        page = client(user).get(f"/imports/{item.uid}/").content.decode()
        assert "/do/take_back/" not in page


def test_a_file_that_changed_nothing_has_nothing_to_take_back(people: World) -> None:
    loaded(people, visits(10))
    again = imports.import_file(_kept(people, visits(10)), dataset="visits", by=people.admin)
    assert again.report["already_loaded"]
    with pytest.raises(RuleBroken):
        imports.take_back(again, by=people.admin, note="Wrong.")
    assert store().open("visits").rows() == 10


def test_a_wrong_reading_is_proposed_no_more(people: World) -> None:
    first = loaded(people, visits(10))
    item = imports.receive_upload(
        imports.receive("visits.csv", [visits(12).encode()]), unit=people.admin.unit, by=people.admin
    )
    item = imports.confirm_reading(imports.look_at(item, by=people.admin), by=people.admin)
    assert imports.propose(item, by=people.admin).since is not None
    assert imports.propose(item, by=people.admin, anew=True).since is None
    browser = client(people.admin)
    assert "?anew=1" in browser.get(f"/imports/{item.uid}/columns/").content.decode()
    assert "Filled in as you did" not in browser.get(f"/imports/{item.uid}/columns/?anew=1").content.decode()
    imports.forget_reading(first, by=people.admin)
    assert imports.propose(item, by=people.admin).since is None


def test_without_a_worker_the_command_measures_what_left(world: World, tmp_path: Path) -> None:
    load(world, written(tmp_path, "a.csv", FIRST, {"NORTH": 4}))
    indicator = indicator_of(world, Dataset.objects.get(code="visits"))
    run_queued()
    before = all_told(indicator)
    second = load(world, written(tmp_path, "b.csv", LATER, {"NORTH": 60}))
    item = imports.take_back(second, by=world.admin, note="Wrong.", background=False)
    imports.run_taking_back(item, by=world.admin)
    indicator.refresh_from_db()
    measure_new([indicator])
    assert all_told(indicator) == before


def test_files_of_rows_that_left_are_swept_away(people: World) -> None:
    item = loaded(people, visits(10))
    (path,) = [file.path for file in store().open("visits").files()]
    taken_back(people, item)
    assert imports.sweep_removed() == 0  # somebody may still read it
    assert path.exists()
    assert store().open("visits").sweep(older_than=0.0) == 1
    assert not path.exists()


def _kept(people: World, text: str) -> Path:
    return imports.receive("visits.csv", [text.encode()]).path
