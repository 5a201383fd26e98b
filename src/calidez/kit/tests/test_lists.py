"""Lists and exports: search, formulas, and pages that stay within their bounds."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.desk.exchange import csv_lines, export_rows
from calidez.kit.desk.lists import ListQuery, columns, list_page
from calidez.people.models import Unit
from calidez.people.tests.factories import create


def test_formulas_become_text_and_numbers_stay() -> None:
    assert list(csv_lines(iter([["=1+1", "a=b", -5, "", None, -0.5]])))[1] == "'=1+1,a=b,-5,,,-0.5\r\n"


@pytest.mark.parametrize(
    ("language", "line"),
    [("en", 'a;b,"1,5",-0.5,1200,12.5\r\n'), ("es", '"a;b";1,5;-0,5;1200;12,5\r\n')],
)
def test_numbers_and_cells_are_parted_as_a_spreadsheet_of_the_language_reads_them(
    language: str, line: str
) -> None:
    with translation.override(language):
        lines = csv_lines(iter([["a;b", "1,5", -0.5, 1200, Decimal("12.5")]]))
    # A file is sent after the request has ended, in whatever language is then the thread's.
    with translation.override("fr"):
        assert list(lines)[1] == line


def test_csv_begins_with_a_mark_for_excel() -> None:
    lines = list(csv_lines(iter([["á", "=cmd()"]])))
    assert lines == ["\ufeff", "á,'=cmd()\r\n"]


@pytest.mark.django_db
def test_pages_hold_twenty_five_and_the_last_page_is_the_last(world: World) -> None:
    for number in range(30):
        create(Unit, world.admin, code=f"A{number}", name=f"Area {number:02}", parent=world.north)
    units = catalog.of(Unit)
    first = list_page(units, world.admin, {"q": "Area"})
    assert (first.pager.total, first.pager.first, first.pager.last) == (30, 1, 25)
    beyond = list_page(units, world.admin, {"q": "Area", "page": "9"})
    assert (beyond.pager.first, beyond.pager.last, beyond.pager.next_url) == (26, 30, "")
    assert list_page(units, world.admin, {"q": "Area", "page": "²"}).pager.first == 1
    assert [chip.text for chip in first.chips] == ["contains “Area”"]
    assert len(list(export_rows(units, world.admin, ListQuery({"q": "Area"})))) == 31


@pytest.mark.django_db
def test_a_unit_filter_takes_the_whole_subtree(world: World) -> None:
    ward = create(Unit, world.admin, code="WARD", name="Ward", parent=world.north)
    create(Unit, world.admin, code="BED", name="Bed", parent=ward)
    page = list_page(catalog.of(Unit), world.admin, {"parent": str(world.north.uid)})
    assert {row.label for row in page.rows} == {"Ward", "Bed"}


@pytest.mark.django_db
def test_nothing_found_offers_to_show_all(world: World) -> None:
    with translation.override("en"):
        page = list_page(catalog.of(Unit), world.admin, {"q": "nowhere"})
    assert page.empty is not None
    assert page.empty.action is not None
    assert page.empty.action.url == "/units/"


@pytest.mark.django_db
def test_search_finds_words_with_other_accents_and_in_any_order(world: World) -> None:
    create(Unit, world.admin, code="Ñ1", name="Clínica Ávila [50 %_*]", parent=world.north)
    units = catalog.of(Unit)
    for text in ("clinica", "CLÍNICA", "ávila clinica", "avila", "AVILA", "n1", "ñ1", "[50", "%_*", "50 %"):
        assert [row.label for row in list_page(units, world.admin, {"q": text}).rows] == [
            "Clínica Ávila [50 %_*]"
        ], text
    for text in ("clinico", "a.ila", "[5-9]", "^", "%%"):
        assert not list_page(units, world.admin, {"q": text}).rows, text


@pytest.mark.django_db
def test_the_last_pages_read_from_the_end(world: World) -> None:
    for number in range(57):
        create(Unit, world.admin, code=f"A{number:02}", name="Area", parent=world.north)
    shown = [
        list_page(catalog.of(Unit), world.admin, {"q": q, "sort": "name", "page": p})
        for q in ("", "Area")
        for p in "123"
    ]
    codes = [[str(row.cells[0].value.text) for row in page.rows] for page in shown]
    assert len({code for page in codes[:3] for code in page}) == 60
    assert codes[3:] == [codes[3], sorted(codes[4]), codes[5]]
    assert [page.pager.last for page in shown] == [25, 50, 60, 25, 50, 57]


@pytest.mark.django_db
def test_groups_count_over_all_pages_and_fold(world: World) -> None:
    for number in range(30):
        create(
            Unit, world.admin, code=f"A{number:02}", name=f"Area {number:02}", parent=world.north, kind="area"
        )
    units = catalog.of(Unit)
    with translation.override("en"):
        first = list_page(units, world.admin, {"group": "kind"})
        second = list_page(units, world.admin, {"group": "kind", "page": "2"})
        folded = list_page(units, world.admin, {"group": "kind", "closed": "area"})
        gone = list_page(units, world.admin, {"group": "kind", "closed": "area,branch,organisation"})
    assert [(h.text, h.count, h.continued) for r in first.rows for h in r.heads] == [
        ("Organisation", 1, False),
        ("Branch", 2, False),
        ("Area", 30, False),
    ]
    assert [(h.text, h.count, h.continued) for r in second.rows for h in r.heads] == [("Area", 30, True)]
    assert [row.label for row in folded.rows] == ["Northwind Clinics", "North clinic", "South clinic"]
    assert [(h.text, h.closed) for h in folded.tail] == [("Area", True)]
    assert (gone.rows, len(gone.tail), gone.empty) == ((), 3, None)
    assert "closed" not in folded.tail[0].fold_url


@pytest.mark.django_db
def test_columns_are_chosen_in_the_address_and_the_first_stays(world: World) -> None:
    units = catalog.of(Unit)
    page = list_page(units, world.admin, {"columns": "created_by,kind,password,nonsense"})
    assert [item.name for item in page.columns if item.shown] == ["code", "created_by", "kind"]
    assert page.columns[0].fixed
    people = catalog.of(type(world.admin))
    assert "password" not in [item.name for item in list_page(people, world.admin, {}).columns]
    query = ListQuery({"columns": "code,kind,parent"})
    assert columns.moved(units, query, "up:parent") == "code,parent,kind"
    assert columns.moved(units, query, "up:kind") == "code,kind,parent"
    assert columns.moved(units, query, "down:kind") == "code,parent,kind"


@pytest.mark.django_db
def test_an_export_in_several_parts_has_every_record_once_and_in_order(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("calidez.kit.desk.exchange.AT_ONCE", 4)
    for number in range(10):
        create(Unit, world.admin, code=f"A{number}", name=f"Area {number}", parent=world.north)
    rows = list(export_rows(catalog.of(Unit), world.admin, ListQuery({"q": "area", "sort": "-code"})))
    assert [row[0] for row in rows[1:]] == [f"A{number}" for number in reversed(range(10))]
