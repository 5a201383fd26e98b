"""Records from a file: rehearsed without a trace, loaded whole or not at all, faults named by row and column."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.db import connection
from django.test import Client
from django.utils import translation

from calidez.engine.errors import EngineError
from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.core import verification
from calidez.kit.core.events import AuditEvent
from calidez.kit.desk.intake import jobs, services, sheet, template
from calidez.kit.desk.intake.sheet import read_sheet
from calidez.kit.desk.runs import services as runs
from calidez.kit.desk.runs.models import Run
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.kit.platform.jobs.worker import run_queued
from calidez.monitoring.models import Annotation
from calidez.people.models import Grant, Position, Unit, User
from calidez.people.tests.factories import create
from calidez.standards.models import Standard
from calidez.standards.tests.factories import standard

pytestmark = pytest.mark.django_db
UNITS, POSITIONS, STANDARDS = catalog.of(Unit), catalog.of(Position), catalog.of(Standard)


def text(rows: Sequence[Sequence[Any]], delimiter: str = ",") -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue().encode()


def checked(entity: Any, content: bytes, by: Any, name: str = "records.csv") -> Run:
    run = services.take_in(entity, name, [content], by=by)
    jobs.check_or_queue(run)
    return run


def fates(run: Run) -> tuple[int, int, int, int]:
    return tuple(run.report[name] for name in ("new", "changed", "same", "refused"))  # type: ignore[return-value]


def loaded(run: Run) -> Run:
    services.start_loading(run)
    jobs.load_or_queue(run)
    return run


def test_a_rehearsal_changes_nothing_and_the_loading_everything(world: World) -> None:
    rows = [
        ["Code", "Name", "Belongs to", "Kind"],
        ["WEST", "West clinic", "NW", "Branch"],
        ["WEST-1", "Ward one", "WEST", "Area"],  # below a unit that the row before makes
        ["NORTH", "Northern clinic", "NW", "branch"],
        ["SOUTH", "South clinic", "NW", ""],
    ]
    run = checked(UNITS, text([r if r[0] != "SOUTH" else [*r[:3], "Branch"] for r in rows]), world.admin)
    assert fates(run) == (2, 1, 1, 0)
    assert not Unit.objects.filter(code="WEST").exists()
    assert Unit.objects.get(code="NORTH").name == "North clinic"
    before = AuditEvent.objects.count()
    loaded(run)
    assert run.state == Run.State.DONE
    ward = Unit.objects.get(code="WEST-1")
    assert ward.path.startswith(Unit.objects.get(code="WEST").path)
    assert Unit.objects.get(code="NORTH").name == "Northern clinic"
    assert AuditEvent.objects.count() == before + 3
    assert verification.verify().intact
    assert not runs.file_of(run).exists()


def test_one_fault_keeps_everything_out_and_all_faults_are_named(world: World) -> None:
    rows = [
        ["unit", "name", "purpose"],
        ["NORTH", "Nurse", ""],
        ["NOWHERE", "Porter", ""],
        ["", "", "nothing else"],
        [],
        ["NORTH", "x" * 300, ""],
    ]
    run = checked(POSITIONS, text(rows), world.admin)
    assert fates(run) == (1, 0, 0, 3)
    faults = list(run.outcomes.values_list("row", "column"))
    assert (3, "Unit") in faults
    assert (4, "Name") in faults
    assert (6, "Name") in faults  # as a spreadsheet counts, the empty row too
    with pytest.raises(RuleBroken, match="faults"):
        services.start_loading(run)
    assert not Position.objects.exists()


def test_a_rule_that_two_rows_break_together_is_found_before_anything_is_kept(world: World) -> None:
    rows = [["unit", "name"], ["NORTH", "Nurse"], ["NORTH", "Nurse"]]
    run = checked(POSITIONS, text(rows), world.admin)
    assert run.report["refused"] == 1
    assert "already" in run.outcomes.get().sentence


def test_the_same_record_twice_in_one_file_is_a_fault(world: World) -> None:
    rows = [["code", "name", "kind"], ["NORTH", "One", "area"], ["north", "Two", "hamlet"]]
    run = checked(UNITS, text(rows), world.admin)
    said = dict(run.outcomes.values_list("column", "sentence"))
    assert "row 2" in said["Code"]
    assert "hamlet" in said["Kind"]


def test_what_somebody_changed_since_the_check_is_not_overwritten(world: World) -> None:
    run = checked(UNITS, text([["code", "name"], ["NORTH", "One"], ["SOUTH", "Two"]]), world.admin)
    assert UNITS.edition is not None
    UNITS.edition(world.south, by=world.admin, name="Deep south")
    loaded(run)
    assert run.state == Run.State.WAITING
    assert run.report["changed_meanwhile"]
    assert set(Unit.objects.values_list("name", flat=True)) >= {"North clinic", "Deep south"}


def test_nobody_reaches_further_by_file_than_by_form(world: World) -> None:
    run = checked(
        POSITIONS, text([["unit", "name"], ["NORTH", "Nurse"], ["SOUTH", "Spy"]]), world.north_manager
    )
    assert fates(run) == (1, 0, 0, 1)
    with pytest.raises(NotAllowed):
        services.take_in(POSITIONS, "x.csv", [b"unit,name\n"], by=world.auditor)
    foreign = Client()
    foreign.force_login(world.admin, backend="django.contrib.auth.backends.ModelBackend")
    assert foreign.get(runs.address(run)).status_code == 404


def test_codes_that_the_system_gives_are_not_invented_by_a_file(world: World) -> None:
    rows = [
        ["Code", "Title", "Requirement", "Unit", "Target", "In force from"],
        ["", "Answer", "Calls are answered", "NORTH", "95,5", "12/03/2026"],
        ["STD-999", "Ghost", "Never", "NORTH", "1", ""],
    ]
    run = checked(STANDARDS, text(rows, ";"), world.admin)
    assert set(run.outcomes.values_list("column", flat=True)) == {"In force from", "Code"}
    services.read_as(run, decimal=",", dates="dmy")
    jobs.check_or_queue(run)
    assert fates(run) == (1, 0, 0, 1)
    again = loaded(checked(STANDARDS, text(rows[:2], ";").replace(b"12/03/2026", b"2026-03-12"), world.admin))
    assert again.state == Run.State.DONE
    standard = Standard.objects.get()
    assert (standard.target, standard.starts.isoformat(), standard.owner) == (
        95.5,
        "2026-03-12",
        world.admin,
    )


@pytest.mark.parametrize("form", template.FORMATS)
def test_what_exists_comes_back_unchanged(world: World, form: str) -> None:
    create(Position, world.admin, name="=SUM(A1)", unit=world.north, purpose="Two\nlines; and more")
    for entity in (UNITS, POSITIONS, catalog.of(User)):
        rows = template.existing(entity, world.admin)
        content = (
            "".join(template.as_csv(entity, rows)).encode()
            if form == "csv"
            else template.as_workbook(entity, rows)
        )
        run = checked(entity, content, world.admin, f"records.{form}")
        total = entity.queryset(world.admin).count()
        assert fates(run) == (0, 0, total, 0), list(run.outcomes.values())


@pytest.mark.parametrize(("language", "written"), [("es", b";95,5;"), ("en", b",95.5,")])
def test_figures_come_back_as_the_language_wrote_them(world: World, language: str, written: bytes) -> None:
    made = standard(world, world.north, 1, target=95.5, tolerance=0.25)
    with translation.override(language):
        content = "".join(template.as_csv(STANDARDS, template.existing(STANDARDS, world.admin))).encode()
        assert written in content
        run = checked(STANDARDS, content, world.admin)
    assert fates(run) == (0, 0, 1, 0), list(run.outcomes.values())
    made.refresh_from_db()
    assert made.target == 95.5


@pytest.mark.slow
def test_a_long_file_is_worked_off_in_the_background(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE_BYTES", 10)
    run = checked(POSITIONS, text([["unit", "name"], *(["NORTH", f"P{n}"] for n in range(250))]), world.admin)
    assert (run.state, run.job is not None) == (Run.State.RUNNING, True)
    run_queued()
    run.refresh_from_db()
    assert fates(run) == (250, 0, 0, 0)
    services.start_loading(run)
    jobs.load_or_queue(run)
    run_queued()
    run.refresh_from_db()
    assert (run.state, Position.objects.count()) == (Run.State.DONE, 250)
    jobs.load_records(run=str(run.uid))  # the same job taken up again changes nothing
    runs.fail(run, "too late")
    run.refresh_from_db()
    assert run.state == Run.State.DONE
    assert Position.objects.count() == 250


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "empty.csv", "empty"),
        (b"\n\n,,\n", "blank.csv", "empty"),
        (b"\x00\x01\x02" * 500, "noise.csv", "table|file|text"),
        (b"PK\x03\x04broken", "broken.xlsx", "damaged"),
        (b"colour,smell\nred,sweet\n", "other.csv", "headings"),
        (b"name,Name\na,b\n", "twice.csv", "twice"),
        (b'name,purpose\n"a,b\n', "open.csv", "quotation"),
        (b"".join(b"c%d," % n for n in range(600)), "wide.csv", "columns"),
    ],
)
def test_files_that_are_no_list_of_records_are_refused_with_a_sentence(
    world: World, content: bytes, name: str, said: str, settings: Any
) -> None:
    with pytest.raises(RuleBroken, match=said):
        services.take_in(POSITIONS, name, [content], by=world.admin)
    assert not list(Path(settings.RUNS_DIR).iterdir())
    assert not Run.objects.exists()


def test_a_workbook_keeps_its_row_numbers_and_values(tmp_path: Path) -> None:
    path = tmp_path / "gaps.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["code", "name"])
        sheet.write_row(3, 0, [12, "Twelve"])
    assert [(number, [str(c) for c in cells]) for number, cells in read_sheet(path).rows] == [
        (4, ["12.0", "Twelve"])
    ]


@pytest.mark.parametrize("form", template.FORMATS)
def test_what_looks_like_a_formula_and_the_first_and_last_day_come_back_as_they_went_out(
    world: World, form: str
) -> None:
    names = ["=1+1", "＝1+1", "'=1", "-5", "x;=1", "'plain'", "+57 300 123"]
    for name in names:
        create(Position, by=world.admin, name=name, unit=world.north, purpose=f"-{name}\n=2")
    grant = Grant.objects.first()
    assert grant is not None
    Grant.objects.filter(pk=grant.pk).update(starts=dt.date(1000, 1, 1), ends=dt.date(2999, 12, 31))
    for entity in (POSITIONS, catalog.of(Grant)):
        rows = template.existing(entity, world.admin)
        if form == "csv":
            content = "".join(template.as_csv(entity, rows)).encode()
            assert b",=" not in content
            assert b"\n=" not in content
        else:
            content = template.as_workbook(entity, rows)
        run = checked(entity, content, world.admin, name=f"again.{form}")
        assert fates(run) == (0, 0, entity.model._default_manager.count(), 0)


def test_the_pages_lead_from_template_to_loaded(world: World) -> None:
    client = Client()
    client.force_login(world.admin, backend="django.contrib.auth.backends.ModelBackend")
    assert "template.xlsx" in client.get("/annotations/load/").content.decode()
    assert client.get("/annotations/load/template.xlsx?records").status_code == 200
    assert client.get("/annotations/load/template.exe").status_code == 404
    file = io.BytesIO(text([["Text", "On", "Unit"], ["Strike", "2026-03-12", "NORTH"]]))
    file.name = "notes.csv"
    answer = client.post("/annotations/load/", {"file": file}, follow=True)
    page = answer.content.decode()
    assert "Load 1 record" in page
    address = answer.redirect_chain[-1][0]
    done = client.post(f"{address}load/", follow=True).content.decode()
    assert "New: 1" in done
    assert Annotation.objects.get().text == "Strike"
    bad = io.BytesIO(text([["Text", "On", "Unit"], ["Strike", "soon", "NORTH"]]))
    bad.name = "bad.csv"
    answer = client.post("/annotations/load/", {"file": bad}, follow=True)
    assert "“soon” is no date" in answer.content.decode()
    address = answer.redirect_chain[-1][0]
    faults = b"".join(client.get(f"{address}report.csv").streaming_content).decode()
    assert "soon" in faults
    client.post(f"{address}discard/")
    assert client.get(address).status_code == 404


def test_old_files_are_forgotten(world: World) -> None:
    from django.utils import timezone

    run = checked(POSITIONS, text([["unit", "name"], ["NORTH", "Nurse"]]), world.admin)
    assert runs.forget(timezone.now() + services.KEPT) == 1
    assert not runs.file_of(run).exists()


def test_only_where_there_is_one_writer_many_rows_come_in_groups() -> None:
    assert not services.comes_in_groups(1_000)
    assert services.comes_in_groups(100_000) is (connection.vendor == "sqlite")


@pytest.fixture
def grouped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "comes_in_groups", lambda rows: rows > 20)
    monkeypatch.setattr(services, "GROUP", 10)


def many(count: int) -> bytes:
    return text([["unit", "name", "purpose"], *(["NORTH", f"P{n}", "New"] for n in range(count))])


def test_many_rows_come_in_groups_and_go_on_where_they_were_killed(
    world: World, grouped: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = checked(POSITIONS, many(35), world.admin)
    services.start_loading(run)

    class Killed(BaseException):
        pass

    def kill(done: int, total: int) -> None:
        if done == 20:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(services, "report_progress", kill)
        with pytest.raises(Killed):
            services.load(run)
    assert Position.objects.count() == 20
    again = Run.objects.get(pk=run.pk)
    services.load(again)
    assert (again.state, fates(again)) == (Run.State.DONE, (35, 0, 0, 0))
    assert Position.objects.count() == 35
    assert not runs.file_of(again).exists()
    assert verification.verify().intact


def test_what_somebody_changed_before_its_group_is_left_out_and_listed(world: World, grouped: None) -> None:
    for number in range(30):
        create(Position, world.admin, name=f"P{number}", unit=world.north, purpose="Old")
    export = template.existing(POSITIONS, world.admin)
    content = "".join(template.as_csv(POSITIONS, export)).replace("Old", "New").encode()
    run = checked(POSITIONS, content, world.admin)
    assert fates(run) == (0, 30, 0, 0)
    changed = Position.objects.get(name="P17")
    catalog.of(Position).edition(changed, by=world.admin, purpose="Changed meanwhile")
    services.start_loading(run)
    services.load(run)
    assert (run.state, fates(run)) == (Run.State.DONE, (0, 29, 0, 1))
    assert Position.objects.filter(purpose="New").count() == 29
    client = Client()
    client.force_login(world.admin, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(runs.address(run)).content.decode()
    assert "1 row was left out" in page
    assert "was changed by somebody else since the check" in page


def test_records_that_refer_to_one_another_do_not_come_in_groups(world: World, grouped: None) -> None:
    rows = [["code", "name", "parent"], *([f"U{n}", f"Unit {n}", "NORTH"] for n in range(25))]
    run = checked(UNITS, text(rows), world.admin)
    assert run.state == Run.State.FAILED
    assert "refer to one another" in run.error


@pytest.fixture
def no_page_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that takes longer to read than a page may wait."""
    copy = sheet.copy_table

    def only_in_the_background(*arguments: Any, limits: Any, **options: Any) -> Any:
        if limits is sheet.AT_ONCE:
            raise EngineError("too_long", name="records.csv")
        return copy(*arguments, limits=limits, **options)

    monkeypatch.setattr(sheet, "copy_table", only_in_the_background)


def test_a_page_waits_fifteen_seconds_for_a_file_at_most() -> None:
    assert sheet.AT_ONCE.wait + sheet.AT_ONCE.patience <= 15


def test_a_file_that_takes_long_to_read_is_read_by_the_worker(world: World, no_page_waits: None) -> None:
    content = text([["unit", "name"], ["NORTH", "Nurse"]], delimiter=";")
    run = checked(POSITIONS, content, world.admin)
    assert (run.state, run.report) == (Run.State.RUNNING, {})
    run_queued()
    run.refresh_from_db()
    assert fates(run) == (1, 0, 0, 0)
    assert run.asked == {"dates": "iso", "decimal": ","}, "as the file writes numbers"


def test_what_the_worker_cannot_read_as_records_is_refused_with_its_sentence(
    world: World, no_page_waits: None
) -> None:
    run = checked(POSITIONS, b"%PDF-1.7", world.admin)
    run_queued()
    run.refresh_from_db()
    assert (run.state, bool(run.error)) == (Run.State.FAILED, True)


@pytest.mark.parametrize(
    ("entity", "said"),
    [
        (POSITIONS, "A row with the “Identifier” of a record changes it; leave it empty for a new one."),
        (STANDARDS, "A row with the “Code” of a record changes it; leave it empty for a new one."),
        (UNITS, "A row whose “Code” exists changes that record; one that is new here makes a new record."),
    ],
)
def test_the_page_says_by_what_records_are_told_apart(world: World, entity: Any, said: str) -> None:
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(world.admin)
    assert said in browser.get(f"/{entity.slug}/load/").content.decode()
