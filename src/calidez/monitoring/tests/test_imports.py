"""The way of a file: what people and commands load, what is remembered, who may, and what survives a kill."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from calidez import engine
from calidez.kit.catalog import catalog
from calidez.kit.core import audit, verification
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.kit.platform.jobs.models import Job
from calidez.kit.platform.jobs.worker import run_queued
from calidez.monitoring.loading import services as imports
from calidez.monitoring.loading.report import report_of
from calidez.monitoring.loading.services import checking, reading
from calidez.monitoring.models import Dataset, Import, Measurement
from calidez.monitoring.store import store
from calidez.monitoring.tests.loads import (
    State,
    client,
    count,
    counted,
    loaded,
    look_once,
    looked,
    people,
    said,
    upload,
    visits,
)
from calidez.people.models import Grant, Role, Unit
from calidez.people.tests.factories import create, person

__all__ = ["look_once", "people"]  # fixtures
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("context_kept")]

DATA = Path(__file__).parent / "data"
EXCERPT = DATA / "ae_attendances_excerpt.csv"


# The whole way


@pytest.mark.slow
def test_a_file_is_loaded_in_the_browser(people: Any, django_capture_on_commit_callbacks: Any) -> None:
    browser = client(people.admin)
    assert browser.get("/imports/new/").status_code == 200
    answer = browser.post("/imports/new/", {"file": SimpleUploadedFile("ae.csv", EXCERPT.read_bytes())})
    item = Import.objects.get()
    assert answer.headers["Location"] == f"/imports/{item.uid}/reading/"
    assert (item.file_name, item.size, item.state) == ("ae.csv", EXCERPT.stat().st_size, State.UPLOADED)
    base = f"/imports/{item.uid}"

    fragment = browser.post(f"{base}/look/", headers={"HX-Request": "true"})
    assert b"<html" not in fragment.content
    assert b"attendances" in fragment.content
    assert browser.post(f"{base}/reading/").headers["Location"] == f"{base}/columns/"
    page = browser.get(f"{base}/columns/")
    assert page.context["key"] == []
    answers = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    answers = {name: value for name, value in answers.items() if value is not False}
    assert browser.post(f"{base}/columns/", answers | {"dataset": "new"}).status_code == 302

    found = browser.post(f"{base}/check/", headers={"HX-Request": "true"})
    assert [(c.text, c.rows) for c in found.context["report"].unknown] == [
        ("RJ1", 102),
        ("R1H", 99),
        ("RF4", 99),
    ]
    parent = str(people.root.uid)
    assert browser.post(f"{base}/units/", {"all": "1", "parent": parent}).status_code == 302
    assert Unit.objects.filter(parent=people.root, code__in=("RJ1", "R1H", "RF4")).count() == 3
    assert browser.post(f"{base}/check/").context["report"].loaded == 300

    browser.post(f"{base}/load/")
    assert b"hx-get" in browser.get(f"{base}/load/", headers={"HX-Request": "true"}).content
    with django_capture_on_commit_callbacks(execute=True):
        run_queued()
    page = browser.get(f"{base}/load/")
    item.refresh_from_db()
    dataset = Dataset.objects.get()
    assert (item.state, item.dataset, dataset.rows, page.context["report"].loaded) == (
        State.LOADED,
        dataset,
        300,
        300,
    )
    assert page.context["report"].next_step.url.startswith(f"/indicators/new/?dataset={dataset.pk}")
    assert browser.get(page.context["report"].next_step.url).status_code == 200
    assert Path(item.path).name == "ae.csv.gz"  # kept for a while, packed
    assert count(dataset.code, "sum(attendances)") == sum(
        int(float(row["attendances"])) for row in csv.DictReader(EXCERPT.open())
    )
    verbs = [event.verb for event in audit.history(item)]
    assert verbs[::-1][:3] == ["create", "keep_look", "confirm_reading"]
    assert verbs[0] == "loaded"
    assert verification.verify().intact
    assert browser.get(f"{base}/").status_code == 200
    assert browser.get(f"{base}/columns/").headers["Location"] == f"{base}/load/"


def test_the_command_line_takes_the_same_way(people: Any, tmp_path: Path) -> None:
    first = tmp_path / "january.csv"
    first.write_text(visits())
    with pytest.raises(RuleBroken, match="no dataset visits"):
        imports.import_file(first, dataset="visits", by=people.admin)
    mapping = engine.Schema(
        (
            engine.Column("day", "day", engine.ColumnType.DATE, engine.Role.TIME, date_order="ymd", key=True),
            engine.Column("branch", "branch", role=engine.Role.BRANCH, key=True),
            engine.Column("visits", "visits", engine.ColumnType.INTEGER),
        )
    )
    tried = imports.import_file(
        first, dataset="visits", by=people.admin, mapping=mapping, name="Visits", dry_run=True
    )
    assert (tried.state, tried.report["rows_loaded"], Dataset.objects.count()) == (State.CHECKED, 40, 0)
    done = imports.import_file(
        first, dataset="visits", by=people.admin, mapping=mapping, name="Visits", source="CC0"
    )
    assert (done.state, done.dataset.rows, done.dataset.source) == (State.LOADED, 40, "CC0")
    assert first.exists(), "a file outside the data folder belongs to somebody else"
    again = imports.import_file(first, dataset="visits", by=people.admin)
    assert again.report["already_loaded"]
    assert store().open("visits").rows() == 40


# What was said is remembered


@pytest.mark.slow
def test_the_same_headings_are_filled_in_as_before(people: Any) -> None:
    earlier = loaded(people, visits(10))
    item = looked(people, visits(20), "february.csv")
    proposal = imports.propose(item, by=people.admin)
    assert (proposal.dataset, proposal.since) == (earlier.dataset, earlier.created_at)
    page = client(people.admin).get(f"/imports/{item.uid}/columns/")
    assert "Filled in as you did on" in page.content.decode()
    choices = imports.choices_for(item, earlier.dataset, by=people.admin)
    schema = imports.schema_for_existing(earlier.dataset, choices)
    item = imports.confirm_mapping(item, by=people.admin, schema=schema, dataset=earlier.dataset)
    report = imports.check(item, by=people.admin).report
    assert (report["rows_loaded"], report["rows_alike"]) == (20, 10)


def test_what_would_leave_rows_out_is_not_filled_in(people: Any) -> None:
    lines = visits(40).splitlines(keepends=True)
    item = looked(people, "".join([*lines, *lines[1:39]]))
    browser, base = client(people.admin), f"/imports/{item.uid}/columns/"
    form = browser.get(base).context["form"]
    assert not form["repeats"].value()
    answers = {name: form[name].value() or "" for name in form.fields} | {"dataset": "new"}
    refused = browser.post(base, {name: value for name, value in answers.items() if value is not False})
    assert "repeats" in refused.context["form"].errors
    assert browser.post(base, answers | {"repeats": "events"}).status_code == 302
    assert browser.post(f"/imports/{item.uid}/check/").context["report"].loaded == 78


@pytest.mark.slow
def test_names_of_units_are_recognised_mapped_and_remembered(people: Any) -> None:
    item = said(looked(people, visits(30, ("north clinic", " North ", "Norte"))), people.admin)
    item = imports.check(item, by=people.admin)
    assert item.report["unknown_branches"] == {"Norte": 10}
    decision = imports.Decision("Norte", unit="NORTH")
    item = imports.resolve_branches(item, by=people.admin, decisions=[decision])
    item = imports.check(item, by=people.admin)
    item = imports.start_load(item, by=people.admin)
    run_queued()
    assert count("visits", "list(DISTINCT branch)") == ["NORTH"]
    assert Dataset.objects.get().branch_map["Norte"] == "NORTH"
    follow = looked(people, visits(8, ("Norte",)).replace("2026", "2027"), "later.csv")
    dataset = Dataset.objects.get()
    schema = imports.schema_for_existing(dataset, imports.choices_for(follow, dataset, by=people.admin))
    follow = imports.confirm_mapping(follow, by=people.admin, schema=schema, dataset=dataset)
    assert imports.check(follow, by=people.admin).report["unknown_branches"] == {}


def test_all_new_units_are_created_at_once(people: Any) -> None:
    text = visits(60, tuple(f"Clínica {n}" for n in range(40)))
    item = imports.check(said(looked(people, text), people.admin), by=people.admin)
    names = list(item.report["unknown_branches"])
    assert len(names) == 40
    decisions = [imports.Decision(name, parent=people.root) for name in names]
    item = imports.resolve_branches(item, by=people.admin, decisions=decisions)
    assert Unit.objects.filter(name__startswith="Clínica", code__startswith="clinica-").count() == 40
    assert imports.check(item, by=people.admin).report["unknown_branches"] == {}


def test_names_are_recognised_however_their_accents_and_capitals_are(people: Any) -> None:
    create(Unit, people.admin, code="C1", name="Clínica Peñón", parent=people.root, kind="branch")
    old = create(Unit, people.admin, code="C2", name="CLINICA PENON", parent=people.root, kind="branch")
    item = looked(people, visits(3))
    assert imports.recognised(item, ["clínica peñón", "CLINICA  PENON", "Clinica Peñon"]) == {
        "clínica peñón": "C1",
        "CLINICA  PENON": "C2",
    }, "what two units may mean is for a person to say"
    Unit.objects.filter(pk=old.pk).update(is_active=False)
    assert set(imports.recognised(item, ["Clinica Peñon", "CLÍNICA PENON"]).values()) == {"C1"}


def test_a_new_unit_that_is_written_in_several_ways_is_created_once(people: Any) -> None:
    ways = ("Clínica Sur", "CLINICA SUR", "clinica sur")
    item = imports.check(said(looked(people, visits(30, ways)), people.admin), by=people.admin)
    browser = client(people.admin)
    browser.post(f"/imports/{item.uid}/units/", {"all": "1", "parent": str(people.root.uid)})
    assert Unit.objects.filter(name__icontains="sur", code__icontains="clinica-sur").count() == 1
    assert browser.post(f"/imports/{item.uid}/check/").context["report"].loaded == 30


def test_a_unit_may_be_named_by_its_name_and_nothing_written_is_lost(people: Any) -> None:
    item = imports.check(said(looked(people, visits(30, ("Norte", "Sur"))), people.admin), by=people.admin)
    browser = client(people.admin)
    item.refresh_from_db()  # as the database orders them
    north = list(item.report["unknown_branches"]).index("Norte")
    given = {f"{north}-same": "north CLINIC", f"{1 - north}-same": "nowhere"}
    page = browser.post(f"/imports/{item.uid}/units/", given)
    assert page.status_code == 422
    text = page.content.decode()
    assert 'value="north CLINIC"' in text
    assert "There is no unit, or more than one" in text
    browser.post(f"/imports/{item.uid}/units/", given | {f"{1 - north}-same": "SOUTH · South clinic"})
    item.refresh_from_db()
    assert item.mapping["branches"] == {"Norte": "NORTH", "Sur": "SOUTH"}


# What must be asked, and what is proposed


def test_units_of_two_columns_become_a_tree(people: Any) -> None:
    regions = {"Barranquilla": "Caribe", "Cartagena": "Caribe", "Cali": "Pacífico"}
    rows = "".join(
        f"2026-01-{n % 28 + 1:02},{regions[name]},{name},{n}\n" for n in range(9) for name in regions
    )
    item = said(looked(people, "fecha,región,sucursal,visitas\n" + rows), people.admin)
    browser = client(people.admin)
    page = browser.post(f"/imports/{item.uid}/check/")
    assert page.context["regions"] == [("región", "Caribe, Pacífico")]
    answer = {"all": "1", "parent": str(people.root.uid), "regions": "región"}
    browser.post(f"/imports/{item.uid}/units/", answer)
    found = {
        unit.name: unit.parent.name for unit in Unit.objects.filter(name__in=[*regions, *regions.values()])
    }
    assert found == {**regions, "Caribe": people.root.name, "Pacífico": people.root.name}
    assert browser.post(f"/imports/{item.uid}/check/").context["report"].loaded == 27


def test_rows_that_are_known_are_left_out_where_somebody_says_so(people: Any) -> None:
    dataset = loaded(people, visits(4)).dataset
    item = looked(people, visits(40))
    schema = imports.schema_for_existing(dataset, imports.choices_for(item, dataset, by=people.admin))
    imports.confirm_mapping(item, by=people.admin, schema=schema, dataset=dataset)
    browser = client(people.admin)
    page = browser.post(f"/imports/{item.uid}/check/")
    assert "4 rows are exactly like rows that the dataset has" in page.content.decode()
    page = browser.post(f"/imports/{item.uid}/check/", {"skip": "yes"})
    assert "4 rows that the dataset has already are left out" in page.content.decode()
    browser.post(f"/imports/{item.uid}/load/")
    run_queued()
    assert store().open("visits").rows() == 40


def test_a_file_without_a_date_is_not_loaded_by_accident(people: Any) -> None:
    item = looked(people, "sucursal,nota\nNORTH,5\nSOUTH,4\nSOUTH,3\n")
    browser = client(people.admin)
    base = f"/imports/{item.uid}/columns/"
    page = browser.get(base)
    answers = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    answers = {name: value for name, value in answers.items() if value not in (None, False)} | {
        "dataset": "new"
    }
    refused = browser.post(base, answers)
    assert refused.status_code == 422
    assert "Say when each row happened" in refused.content.decode()
    assert browser.post(base, answers | {"one_day": "2026-06-30"}).status_code == 302
    found = browser.post(f"/imports/{item.uid}/check/").context["report"]
    assert (found.loaded, str(found.first.date())) == (3, "2026-06-30")
    assert browser.get(base).context["form"]["one_day"].value() == "2026-06-30"


def test_our_units_are_recognised_by_what_a_column_holds(people: Any) -> None:
    create(Unit, people.admin, code="N1", name="North one", parent=people.root)
    item = looked(people, "day,where it was,branch name\n2026-01-01,N1,x\n2026-01-02,N1,y\n")
    roles = {choice.source: choice.role for choice in imports.propose(item, by=people.admin).choices}
    assert (roles["where it was"], roles["branch name"]) == ("branch", "segment")


def test_day_and_month_are_asked_and_never_guessed(people: Any) -> None:
    text = "day,branch,visits\n" + "".join(f"0{n}/0{n + 1}/2026,NORTH,{n}\n" for n in range(1, 8))
    item = looked(people, text)
    browser = client(people.admin)
    page = browser.get(f"/imports/{item.uid}/columns/")
    kinds = page.context["form"]["0-kind"]
    assert kinds.value() == ""
    assert "date, day first: 01/02/2026 = 1 Feb 2026" in page.content.decode()
    answers = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    refused = browser.post(f"/imports/{item.uid}/columns/", answers | {"dataset": "new"})
    assert refused.status_code == 422
    assert "Day or month first?" in page.content.decode()
    assert "Say how this is to be read: the file alone does not tell." in refused.content.decode()
    item = imports.check(said(item, people.admin, day={"kind": "date:mdy"}), by=people.admin)
    assert item.report["time_from"].startswith("2026-01-02")


def test_a_date_is_the_same_day_west_of_greenwich(people: Any) -> None:
    item = looked(people, visits(10))
    with timezone.override("America/Bogota"):
        item = imports.check(said(item, people.admin), by=people.admin)
        told = report_of(item, people.admin)
        assert told.first is not None
        assert item.report["time_from"].startswith(timezone.localdate(told.first).isoformat())


def test_what_was_assumed_of_a_night_when_clocks_change_is_told(people: Any, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Madrid"
    rows = [
        f"{day} 0{hour}:30:00,NORTH,{hour}"
        for day in ("2026-03-29", "2026-10-25", "2026-07-01")
        for hour in (1, 2, 4)
    ]
    item = looked(people, "at,branch,visits\n" + "\n".join(rows) + "\n")
    item = imports.check(said(item, people.admin), by=people.admin)
    page = client(people.admin).get(f"/imports/{item.uid}/check/").content.decode()
    assert "because it went forward in that night: 1." in page
    assert "because it went back in that night: 1." in page
    assert len(report_of(item, people.admin).clocks) == 2


def test_a_slip_among_dates_that_begin_with_the_year_asks_nothing(people: Any) -> None:
    item = looked(people, visits(60) + "2026-13-45,NORTH,1,1\n")
    assert imports.propose(item, by=people.admin).choices[0].kind == "date:ymd"
    assert imports.check(said(item, people.admin), by=people.admin).report["reasons"] == {"bad_date": 1}


def test_repeated_rows_are_counted_once_by_the_proposed_key(people: Any) -> None:
    lines = visits(40).splitlines(keepends=True)
    item = looked(people, "".join([*lines, *lines[1:39]]))
    page = client(people.admin).get(f"/imports/{item.uid}/columns/")
    assert "Rows that are alike in every column: 38 of 78" in page.content.decode()
    item = imports.check(said(item, people.admin), by=people.admin)
    assert (item.report["rows_loaded"], item.report["rows_repeated"]) == (40, 38)


@pytest.mark.slow
def test_of_a_thousand_columns_the_person_chooses(people: Any) -> None:
    head = ",".join(["day", "branch", *(f"q{n}" for n in range(998))])
    text = head + "\n" + "\n".join(f"2026-01-0{n},NORTH," + ",".join("1" * 998) for n in range(1, 4))
    item = looked(people, text)
    browser = client(people.admin)
    page = browser.get(f"/imports/{item.uid}/columns/")
    assert b"This file has 1,000 columns" in page.content
    assert browser.post(f"/imports/{item.uid}/columns/", {}).status_code == 422
    browser.post(f"/imports/{item.uid}/columns/", {"sources": ["day", "branch", "q7"]})
    item.refresh_from_db()
    assert [c.source for c in imports.propose(item, by=people.admin).choices] == ["day", "branch", "q7"]
    item = imports.check(said(item, people.admin), by=people.admin)
    assert item.report["rows_loaded"] == 3


# Twice, and killed


def test_a_load_killed_after_the_commit_is_noted_and_not_repeated(people: Any, monkeypatch: Any) -> None:
    item = imports.check(said(looked(people, visits()), people.admin), by=people.admin)
    item = imports.start_load(item, by=people.admin, background=False)

    def killed(*arguments: Any) -> None:
        raise SystemExit

    from calidez.monitoring.loading.services import loading

    with monkeypatch.context() as patched:
        patched.setattr(loading, "_note_success", killed)
        with pytest.raises(SystemExit):
            imports.run_load(item, by=people.admin)
    assert (Import.objects.get().state, store().open("visits").rows()) == (State.LOADING, 40)
    done = imports.run_load(item, by=people.admin)
    assert (done.state, done.report["rows_loaded"], done.report["already_loaded"]) == (
        State.LOADED,
        40,
        False,
    )
    assert store().open("visits").rows() == 40
    assert len(done.report["touched"]) == 1
    assert imports.run_load(done, by=people.admin).version == done.version


def test_two_imports_of_one_file_load_it_once(people: Any) -> None:
    first = imports.check(said(looked(people, visits()), people.admin), by=people.admin)
    second = imports.check(said(looked(people, visits()), people.admin), by=people.admin)
    imports.start_load(first, by=people.admin)
    with pytest.raises(RuleBroken, match="Meanwhile somebody created a dataset with the code visits"):
        imports.start_load(second, by=people.admin)
    dataset = Dataset.objects.get()
    schema = imports.schema_for_existing(dataset, imports.choices_for(second, dataset, by=people.admin))
    second = imports.confirm_mapping(second, by=people.admin, schema=schema, dataset=dataset)
    second = imports.check(second, by=people.admin)
    assert second.report["rows_loaded"] == 40, "the first is still waiting for the worker"
    imports.start_load(second, by=people.admin)
    run_queued()
    reports = [Import.objects.get(pk=item.pk) for item in (first, second)]
    assert [item.state for item in reports] == [State.LOADED, State.LOADED]
    assert [item.report["already_loaded"] for item in reports] == [False, True]
    assert store().open("visits").rows() == 40
    page = client(people.admin).get(f"/imports/{second.uid}/load/").content.decode()
    assert "had been loaded before; nothing changed" in page


def test_the_load_and_the_order_to_measure_are_noted_together(people: Any) -> None:
    item = loaded(people, visits())
    measured = Job.objects.get(name="monitoring.measure_import")
    assert measured.arguments == {"import_id": item.pk}
    assert measured.state == Job.State.DONE


@pytest.mark.slow
def test_only_the_touched_periods_are_measured_again(people: Any) -> None:
    dataset = loaded(people, visits(20)).dataset
    counted(people, dataset)
    run_queued()
    january = {m.unit.code: (m.pk, m.total) for m in Measurement.objects.select_related("unit")}
    assert january["NW"][1] == sum(10 + n for n in range(20))
    page = client(people.admin).get(f"/imports/{Import.objects.get().uid}/load/")
    assert [link.text for link in page.context["report"].indicators] == ["IND-001 Visits"]

    imports.start_load(
        _checked_into(people, dataset, visits(20).replace("2026-01", "2026-02")), by=people.admin
    )
    run_queued()
    kept = Measurement.objects.filter(period_start="2026-01-01").select_related("unit")
    assert {m.unit.code: (m.pk, m.total) for m in kept} == january
    assert Measurement.objects.filter(period_start="2026-02-01").count() == 3


def _checked_into(people: Any, dataset: Dataset, text: str) -> Import:
    item = looked(people, text, "later.csv")
    schema = imports.schema_for_existing(dataset, imports.choices_for(item, dataset, by=people.admin))
    item = imports.confirm_mapping(item, by=people.admin, schema=schema, dataset=dataset)
    return imports.check(item, by=people.admin)


def test_a_large_file_is_checked_in_the_background(people: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(checking, "CHECK_WHILE_WAITING", 10)
    item = said(looked(people, visits()), people.admin)
    browser = client(people.admin)
    waiting = browser.post(f"/imports/{item.uid}/check/", headers={"HX-Request": "true"}).content.decode()
    assert "every 1s" in waiting
    run_queued()
    assert browser.get(f"/imports/{item.uid}/check/").context["report"].loaded == 40


def test_a_large_file_is_looked_at_in_the_background(people: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(reading, "LOOK_WHILE_WAITING", 10)
    item = upload(people, visits())
    browser = client(people.admin)
    waiting = browser.post(f"/imports/{item.uid}/look/", headers={"HX-Request": "true"}).content.decode()
    assert "every 1s" in waiting
    assert "every 1s" in browser.get(f"/imports/{item.uid}/reading/").content.decode()
    run_queued()
    seen = browser.get(f"/imports/{item.uid}/reading/", headers={"HX-Request": "true"}).content.decode()
    assert "40 rows · 4 columns" in seen
    assert "every 1s" not in seen


@pytest.mark.parametrize("code", ["too_long", "reader_busy"])
def test_what_takes_longer_than_a_page_may_is_left_to_the_worker(
    people: Any, monkeypatch: Any, code: str
) -> None:
    inspect = engine.inspect_apart

    def only_in_the_background(path: Any, *, limits: Any, **options: Any) -> Any:
        if limits == engine.LOOKING_AT_ONCE:
            raise engine.EngineError(code, name="visits.csv")
        return inspect(path, limits=limits, **options)

    monkeypatch.setattr(engine, "inspect_apart", only_in_the_background)
    item = upload(people, visits())
    browser = client(people.admin)
    assert (
        "every 1s"
        in browser.post(f"/imports/{item.uid}/look/", headers={"HX-Request": "true"}).content.decode()
    )
    run_queued()
    assert "40 rows" in browser.get(f"/imports/{item.uid}/reading/").content.decode()


def test_the_worker_looks_at_a_file_as_long_as_its_size_allows(people: Any, monkeypatch: Any) -> None:
    asked = []

    def noted(path: Any, *, limits: Any, **options: Any) -> Any:
        asked.append(limits)
        raise engine.EngineError("too_long", name="visits.csv")

    monkeypatch.setattr(engine, "inspect_apart", noted)
    item = upload(people, visits())
    browser = client(people.admin)
    browser.post(f"/imports/{item.uid}/look/")
    run_queued()
    assert asked == [engine.LOOKING_AT_ONCE, engine.looking(item.size)]
    assert "takes longer to read" in browser.get(f"/imports/{item.uid}/reading/").content.decode()


def test_a_look_in_the_background_that_fails_says_why(people: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(reading, "LOOK_WHILE_WAITING", 10)
    item = upload(people, bytes(range(256)) * 8, "x.csv")
    browser = client(people.admin)
    browser.post(f"/imports/{item.uid}/look/")
    run_queued()
    page = browser.get(f"/imports/{item.uid}/reading/").content.decode()
    assert "not a table" in page
    assert "Look again" in page


@pytest.mark.parametrize("background", [False, True])
def test_why_a_file_was_refused_stands_wherever_it_is_listed(
    people: Any, monkeypatch: Any, background: bool
) -> None:
    if background:
        monkeypatch.setattr(reading, "LOOK_WHILE_WAITING", 10)
    item = upload(people, bytes(range(256)) * 8, "x.csv")
    browser = client(people.admin)
    browser.post(f"/imports/{item.uid}/look/", headers={"HX-Request": "true"})
    run_queued()
    item.refresh_from_db()
    assert (item.state, catalog.of(Import).state_badge(item).text) == (State.FAILED, "Refused")
    listed = browser.get("/imports/").content.decode()
    assert "Refused" in listed
    assert "not a table" in listed
    own = browser.get(f"/imports/{item.uid}/?whole=1").content.decode()
    assert "not a table" in own
    assert f"/imports/{item.uid}/reading/" in own, "where something can be done"
    waiting = browser.get(f"/imports/{item.uid}/reading/").content.decode()
    assert "not a table" in waiting
    assert "Look again" in waiting


def test_a_way_of_reading_that_is_refused_leaves_what_was_found(people: Any, monkeypatch: Any) -> None:
    item = looked(people, visits())

    def refuse(path: Any, **options: Any) -> Any:
        raise engine.EngineError("binary_file", name="visits.csv")

    monkeypatch.setattr(engine, "inspect_apart", refuse)
    client(people.admin).post(f"/imports/{item.uid}/look/", {"said": "1", "encoding": "utf-16"})
    item.refresh_from_db()
    assert item.state == State.UPLOADED


def test_a_check_that_fails_says_so_wherever_the_file_is_listed(people: Any, monkeypatch: Any) -> None:
    item = said(looked(people, visits()), people.admin)

    def refuse(*arguments: Any, **options: Any) -> Any:
        raise engine.EngineError("file_changed", name="visits.csv")

    with monkeypatch.context() as failing:
        failing.setattr(engine, "validate_file", refuse)
        client(people.admin).post(f"/imports/{item.uid}/check/", headers={"HX-Request": "true"})
    item.refresh_from_db()
    assert item.state == State.FAILED
    browser = client(people.admin)
    assert "changed while it was being read" in browser.get("/imports/").content.decode()
    assert "changed while it was being read" in browser.get(f"/imports/{item.uid}/check/").content.decode()
    assert (
        "changed while it was being read" not in browser.post(f"/imports/{item.uid}/check/").content.decode()
    )
    item.refresh_from_db()
    assert item.state == State.CHECKED, "checked again"


# Who may


def test_who_may_not_load_is_refused_everywhere(people: Any) -> None:
    item = imports.check(said(looked(people, visits()), people.admin), by=people.admin)
    for user in (people.auditor, people.north_manager):
        browser = client(user)
        for step in ("reading", "columns", "check", "load"):
            assert browser.get(f"/imports/{item.uid}/{step}/").status_code == 404, (user, step)
        with pytest.raises(NotAllowed):
            imports.check(item, by=user)
        with pytest.raises(NotAllowed):
            imports.start_load(item, by=user)
    assert client(people.auditor).get("/imports/new/").status_code == 403
    assert client(people.outsider).get("/imports/new/").status_code == 404
    assert client(people.north_manager).get(f"/imports/{item.uid}/rejected.csv").status_code == 404


def test_a_branch_loads_its_own_rows_only(people: Any) -> None:
    by = people.north_manager
    item = imports.confirm_reading(imports.look_at(upload(people, visits(), by=by), by=by), by=by)
    item = imports.check(said(item, by), by=by)
    assert (item.unit, item.report["rows_loaded"]) == (people.north, 20)
    assert item.report["unknown_branches"] == {"SOUTH": 20}
    with pytest.raises(RuleBroken, match="no unit with the code SOUTH"):
        imports.resolve_branches(item, by=by, decisions=[imports.Decision("SOUTH", unit="SOUTH")])


def test_who_may_load_but_not_keep_datasets_chooses_an_existing_one(people: Any) -> None:
    owner = person(people.admin, people.root, "owner@example.org", "Oscar Owner")
    create(Grant, people.admin, user=owner, role=Role.objects.get(code="process_owner"), unit=people.root)
    item = imports.confirm_reading(imports.look_at(upload(people, visits(), by=owner), by=owner), by=owner)
    with pytest.raises(RuleBroken, match="You may not create datasets"):
        said(item, owner)
    dataset = loaded(people, visits(4)).dataset
    schema = imports.schema_for_existing(dataset, imports.choices_for(item, dataset, by=owner))
    item = imports.check(imports.confirm_mapping(item, by=owner, schema=schema, dataset=dataset), by=owner)
    imports.start_load(item, by=owner)
    run_queued()
    assert store().open("visits").rows() == 44


def test_without_a_token_nothing_is_taken_in(people: Any, settings: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(people.admin)
    answer = browser.post("/imports/new/", {"file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")})
    assert (answer.status_code, Import.objects.count()) == (403, 0)
    assert list(Path(settings.UPLOADS_DIR).iterdir()) == []


def test_the_steps_are_spoken_in_spanish_too(people: Any) -> None:
    people.admin.language = "es"
    people.admin.save(update_fields=["language"])
    item = looked(people, visits())
    for step in ("reading", "columns", "check"):
        assert client(people.admin).get(f"/imports/{item.uid}/{step}/", follow=True).status_code == 200


def test_an_import_says_how_to_go_on(people: Any) -> None:
    item = upload(people, visits())
    entity = catalog.of(Import)
    page = client(people.admin).get(entity.url(item))
    assert f"/imports/{item.uid}/reading/" in page.content.decode()
    assert (
        f"/imports/{item.uid}/reading/" not in client(people.auditor).get(entity.url(item)).content.decode()
    )
