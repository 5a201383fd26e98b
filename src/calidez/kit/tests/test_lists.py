"""Lists and exports: search, formulas, and pages that stay within their bounds."""

from __future__ import annotations

import pytest
from django.utils import translation

from calidez.kit.catalog import catalog
from calidez.kit.exchange import csv_lines, export_rows, neutral
from calidez.kit.lists import ListQuery, list_page
from calidez.people.models import Unit
from calidez.people.tests.factories import create, world


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("=1+1", "'=1+1"),
        ("+x", "'+x"),
        ("-x", "'-x"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("a=b", "a=b"),
        (-5, -5),
        ("", ""),
    ],
)
def test_formulas_become_text(given: object, kept: object) -> None:
    assert neutral(given) == kept


def test_csv_begins_with_a_mark_for_excel() -> None:
    lines = list(csv_lines(iter([["á", "=cmd()"]])))
    assert lines == ["\ufeff", "á,'=cmd()\r\n"]


@pytest.mark.django_db
def test_pages_hold_twenty_five_and_the_last_page_is_the_last() -> None:
    here = world()
    for number in range(30):
        create(Unit, here.admin, code=f"A{number}", name=f"Area {number:02}", parent=here.north)
    units = catalog.of(Unit)
    first = list_page(units, here.admin, {"q": "Area"})
    assert (first.pager.total, first.pager.first, first.pager.last) == (30, 1, 25)
    beyond = list_page(units, here.admin, {"q": "Area", "page": "9"})
    assert (beyond.pager.first, beyond.pager.last, beyond.pager.next_url) == (26, 30, "")
    assert list_page(units, here.admin, {"q": "Area", "page": "²"}).pager.first == 1
    assert [chip.text for chip in first.chips] == ["contains “Area”"]
    assert len(list(export_rows(units, here.admin, ListQuery({"q": "Area"})))) == 31


@pytest.mark.django_db
def test_a_unit_filter_takes_the_whole_subtree() -> None:
    here = world()
    ward = create(Unit, here.admin, code="WARD", name="Ward", parent=here.north)
    create(Unit, here.admin, code="BED", name="Bed", parent=ward)
    page = list_page(catalog.of(Unit), here.admin, {"parent": str(here.north.uid)})
    assert {row.label for row in page.rows} == {"Ward", "Bed"}


@pytest.mark.django_db
def test_nothing_found_offers_to_show_all() -> None:
    here = world()
    with translation.override("en"):
        page = list_page(catalog.of(Unit), here.admin, {"q": "nowhere"})
    assert page.empty is not None
    assert page.empty.action is not None
    assert page.empty.action.url == "/units/"
