"""The first run: whoever has the code founds the organisation step by step; nobody else, and only once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from calidez.config.welcome import code, middleware, time_zones
from calidez.config.welcome.unit_list import as_text, read_rows, read_text
from calidez.documents.models import Acknowledgement
from calidez.engine.tests.far_cells import workbook
from calidez.kit.platform import preferences
from calidez.kit.platform.jobs.worker import run_queued
from calidez.monitoring.models import Indicator
from calidez.objectives.models import Objective
from calidez.people.models import Unit, User
from calidez.policy.models import Policy
from calidez.samples.services import load_sample_into
from calidez.standards.models import Standard

PASSWORD = "seven quiet harbour lamps"
LIST = "North\n  Clinic A; A1\n  Clinic B\nSouth"


@pytest.fixture
def empty(db, settings, tmp_path, monkeypatch):
    """An installation that nobody has founded."""
    monkeypatch.setattr(middleware, "_founded", False)
    settings.DATA_DIR = tmp_path
    settings.TIME_ZONE = "UTC"  # put back by the fixture
    yield Client()
    timezone.get_default_timezone.cache_clear()


def answer(client: Client, *, until: str = "units") -> None:
    client.post("/welcome/", {"code": code.setup_code().lower().replace("-", " ")})
    client.post("/welcome/organisation/", {"organisation": "Clínica Sol", "time_zone": "America/Bogota"})
    if until == "units":
        given = {"name": "Ana", "email": "ana@example.org", "password": PASSWORD}
        client.post("/welcome/administrator/", given)


def test_every_address_leads_to_the_greeting(empty):
    for address in ("/", "/login/", "/units/", "/nowhere/"):
        assert empty.get(address)["Location"] == "/welcome/"
    assert empty.get("/health/").status_code == 200


def test_a_stranger_without_the_code_gets_nowhere(empty):
    assert empty.post("/welcome/", {"code": "AAAA-BBBB-CCCC"}).status_code == 422
    for step in ("organisation", "administrator", "units"):
        assert empty.get(f"/welcome/{step}/")["Location"] == "/welcome/"
    assert empty.get("/welcome/start/")["Location"].startswith("/login/")


def test_the_code_is_kept_where_only_the_owner_reads_it(empty, tmp_path):
    made = code.setup_code()
    assert code.setup_code() == made
    assert (tmp_path / "setup.code").stat().st_mode & 0o077 == 0


def test_the_steps_found_the_organisation(empty, tmp_path, django_capture_on_commit_callbacks):
    answer(empty)
    looked = empty.post("/welcome/units/", {"units": LIST, "look": "1"}).content.decode()
    assert "Clinic B" in looked
    assert not Unit.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert empty.post("/welcome/units/", {"units": LIST})["Location"] == "/welcome/start/"
    tree = {u.name: u.parent.name if u.parent else None for u in Unit.objects.all()}
    assert tree == {
        "Clínica Sol": None,
        "North": "Clínica Sol",
        "Clinic A": "North",
        "Clinic B": "North",
        "South": "Clínica Sol",
    }
    assert Unit.objects.get(code="A1").kind == "branch"
    ana = User.objects.get()
    assert ana.check_password(PASSWORD)
    assert str(timezone.get_default_timezone()) == "America/Bogota"
    assert preferences.value_of("time_zone") == "America/Bogota"
    assert empty.get("/welcome/start/").status_code == 200
    assert not (tmp_path / "setup.code").exists()
    assert Client().get("/welcome/")["Location"] == "/"
    assert Client().get("/")["Location"].startswith("/login/")


def test_going_back_keeps_the_answers(empty):
    answer(empty)
    assert "Clínica Sol" in empty.get("/welcome/organisation/").content.decode()
    assert "ana@example.org" in empty.get("/welcome/administrator/").content.decode()
    empty.post("/welcome/organisation/", {"organisation": "Clínica Luna", "time_zone": "UTC"})
    empty.post("/welcome/units/", {"units": ""})
    assert Unit.objects.get().name == "Clínica Luna"


def test_bad_answers_are_answered_beside_their_field(empty):
    answer(empty, until="organisation")
    weak = {"name": "Ana", "email": "ana@example.org", "password": "ana@example.org"}
    page = empty.post("/welcome/administrator/", weak)
    assert page.status_code == 422
    assert "too similar" in page.content.decode()
    assert empty.get("/welcome/units/")["Location"] == "/welcome/administrator/"
    assert empty.post("/welcome/organisation/", {"organisation": "", "time_zone": "Mars"}).status_code == 422
    answer(empty)
    again = empty.post("/welcome/units/", {"units": "A; X 1"})
    assert "cannot have" in again.content.decode()
    assert not Unit.objects.exists()


def test_units_come_from_a_file_and_are_shown_first(empty):
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer(empty)
    file = SimpleUploadedFile("u.csv", "código;nombre;pertenece a\nN;Norte;\nA1;Clínica A;N\n".encode())
    page = empty.post("/welcome/units/", {"units": "", "file": file}).content.decode()
    assert "Norte; N\n  Clínica A; A1" in page
    far = empty.post("/welcome/units/", {"units": "", "file": SimpleUploadedFile("u.xlsx", workbook())})
    assert far.status_code == 422
    assert "XFD1048576" in far.content.decode()
    noise = SimpleUploadedFile("u.xlsx", b"\x00\x01 no workbook")
    assert empty.post("/welcome/units/", {"units": "", "file": noise}).status_code == 422


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("A\n\tB\n\t\tC\n\tD", [("A", None), ("B", "A"), ("C", "B"), ("D", "A")]),
        ("- A\n  - B\n- C", [("A", None), ("B", "A"), ("C", None)]),
        ("    A\n  B\n", [("A", None), ("B", None)]),
        ("", []),
    ],
)
def test_indented_names_become_a_tree(text, told):
    units = read_text(text).units
    assert [(u.name, units[u.parent].name if u.parent is not None else None) for u in units] == told


def test_codes_are_found_for_names_that_look_alike():
    assert [u.code for u in read_text("Bogotá\nBogota\n***\nX; bogota").units] == [
        "BOGOTA",
        "BOGOTA-2",
        "U",
        "bogota",
    ]


def test_a_file_says_what_is_wrong_with_it():
    assert "name" in read_rows(["x"], [(2, ["A"])]).faults[0]
    assert "no unit is called" in read_rows(["name", "parent"], [(2, ["A", "Z"])]).faults[0]
    circle = read_rows(["name", "parent"], [(2, ["A", "B"]), (3, ["B", "A"])])
    assert "belongs to itself" in circle.faults[0]


@pytest.mark.slow
def test_the_sample_comes_below_the_new_organisation(empty):
    answer(empty)
    empty.post("/welcome/units/", {"units": ""})
    assert empty.post("/welcome/start/")["Location"] == "/welcome/sample/"
    assert "It waits for its turn" in empty.get("/welcome/sample/").content.decode()
    run_queued()
    assert "The sample is there" in empty.get("/welcome/sample/").content.decode()
    assert Unit.objects.filter(parent__name="Clínica Sol").count() == 2
    policy = Policy.objects.get()
    assert (policy.state, policy.unit.code) == ("in_force", "R")
    assert policy.document.current.approved_by != str(policy.owner), "nobody approves what they wrote"
    standard = Standard.objects.get()
    assert (standard.state, standard.starts.isoformat(), standard.basis.count()) == (
        "in_force",
        "2016-04-01",
        1,
    )
    assert standard.commitment.policy == policy
    assert [one.state for one in Objective.objects.all()] == ["active", "active"]
    assert not Acknowledgement.objects.exists(), "nobody of one's own organisation is asked to read a sample"
    able = [user.email for user in User.objects.all() if user.has_usable_password()]
    assert able == ["ana@example.org"], "nobody comes with a password that everybody knows"


@pytest.mark.slow
def test_the_pack_of_a_sector_is_the_first_thing_offered(empty):
    answer(empty)
    empty.post("/welcome/units/", {"units": LIST})
    page = empty.get("/welcome/start/").content.decode()
    assert page.index("/starter-packs/hotel/?from=welcome") < page.index("/imports/new/")
    read = empty.get("/starter-packs/hotel/?from=welcome").content.decode()
    assert "/welcome/start/" in read
    assert "Clinic A" in read  # units come from the step before
    north = Unit.objects.get(name="North")
    empty.post("/starter-packs/hotel/?from=welcome", {"unit": str(north.uid)})
    assert Standard.objects.filter(unit=north).count() == 10


@pytest.mark.slow
def test_the_sample_beside_a_pack_keeps_to_itself(empty):
    answer(empty)
    empty.post("/welcome/units/", {"units": ""})
    root = Unit.objects.get()
    empty.post("/starter-packs/hotel/", {"unit": str(root.uid)})
    ana = User.objects.get(email="ana@example.org")
    load_sample_into(ana, "es")
    load_sample_into(ana, "en")  # a second time, in another language, nothing is made again
    assert Standard.objects.filter(state="in_force").count() == 1
    assert {p.unit.code: p.state for p in Policy.objects.all()} == {root.code: "draft", "R": "in_force"}
    shares = Indicator.objects.filter(dataset__code="attendances", standard__isnull=False)
    assert {one.standard.starts.isoformat() for one in shares} == {"2016-04-01"}
    assert Objective.objects.filter(state="active").count() == 2


def tree(listed) -> str:
    assert listed.faults == ()
    return "\n".join(line.split(";")[0] for line in as_text(listed).splitlines())


REGIONS = "Caribe\n  Barranquilla\n  Cartagena\nAndina\n  Bogotá Norte\n  Tunja"
ROWS = [["Caribe", "Barranquilla"], ["Caribe", "Cartagena"], ["Andina", "Bogotá Norte"], ["Andina", "Tunja"]]


def numbered(rows):
    return [(number, cells) for number, cells in enumerate(rows, 2)]


def test_two_columns_of_names_become_a_tree():
    assert tree(read_rows(["Región", "Sucursal"], numbered(ROWS))) == REGIONS
    pasted = "\n".join("\t".join(cells) for cells in ROWS)
    assert tree(read_text(pasted)) == REGIONS
    assert tree(read_text("Región\tSucursal\n" + pasted)) == REGIONS
    merged = [["Caribe", "Barranquilla"], [None, "Cartagena"], ["Andina", "Bogotá Norte"], ["", "Tunja"]]
    assert tree(read_rows(["Region", "Branch"], numbered(merged))) == REGIONS


def test_three_levels_keep_towns_of_one_name_apart():
    rows = [["Norte", "Centro", "A"], ["Sur", "Centro", "B"], ["Sur", "", "C"]]
    listed = read_rows(["Zona", "Ciudad", "Nombre de la tienda"], numbered(rows))
    assert tree(listed) == "Norte\n  Centro\n    A\nSur\n  Centro\n    B\n    C"
    assert len({unit.code for unit in listed.units}) == len(listed.units)


def test_headings_below_a_title_and_other_words_are_understood():
    rows = [
        ["", "", ""],
        ["Sede", "Código sede", "Sede superior"],
        ["Norte", "N1", ""],
        ["Sur", "S1", "Norte"],
    ]
    listed = read_rows(["Listado de sedes 2026", "", ""], numbered(rows))
    assert tree(listed) == "Norte\n  Sur"
    assert [unit.code for unit in listed.units] == ["N1", "S1"]


def test_names_indented_by_tabs_stay_what_they_were():
    assert (
        tree(read_text("North\n\tClinic A; A1\n\tClinic B\nSouth")) == "North\n  Clinic A\n  Clinic B\nSouth"
    )


def test_a_file_without_names_is_refused_as_before():
    assert "name" in read_rows(["Fecha", "Valor"], numbered([["2026-01-01", 3]])).faults[0]


def test_time_zones_are_found_by_country(empty):
    empty.post("/welcome/", {"code": code.setup_code()})
    page = empty.get("/welcome/organisation/", headers={"accept-language": "en"}).content.decode()
    for option in (
        "Colombia</option>",
        "Mexico: Tijuana</option>",
        "Spain: Canary Islands</option>",
        'label="Asia"',
    ):
        assert option in page
    assert "Argentina</option>" in page, "one clock, one option"
    assert page.count("<option") < 500


def test_every_country_has_a_place_and_no_clock_stands_twice():
    found = dict(time_zones.choices(dt.date(2026, 3, 2)))
    named = {zone: name for zone, name in found.items() if isinstance(name, str)}
    assert named["America/Bogota"] == "Colombia"
    for country in time_zones.COUNTRIES.values():
        assert [name for name in named.values() if name == country or name.startswith(f"{country}:")]
    assert 5 <= len([name for name in named.values() if name.startswith("Mexico")]) <= 7


def test_what_the_operator_said_is_chosen_already(empty, settings):
    settings.TIME_ZONE, settings.TIME_ZONE_GIVEN = "America/Guayaquil", True
    empty.post("/welcome/", {"code": code.setup_code()})
    page = empty.get("/welcome/organisation/").content.decode()
    assert '<option value="America/Guayaquil" selected>' in page
