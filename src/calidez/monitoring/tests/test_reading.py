"""The reading of a file: where its headings stand, which rows and sheets are read, what becomes of wide tables, and rows that are pasted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from calidez import engine
from calidez.engine import tests as engine_tests
from calidez.monitoring.loading import forms as imports_forms
from calidez.monitoring.loading import seen
from calidez.monitoring.loading import services as imports
from calidez.monitoring.models import Import
from calidez.monitoring.tests.loads import client, look_once, people, said, upload

__all__ = ["look_once", "people"]  # fixtures
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("context_kept")]

AWKWARD = Path(next(iter(engine_tests.__path__))) / "data" / "awkward"
HTMX = {"HX-Request": "true"}
TITLED = "Informe,,\n\nfecha,sucursal,casos\n2026-01-05,NORTH,3\n2026-01-06,NORTH,4\n2026-01-07,NORTH,5\nTOTAL,,12\n"


def looked_at(people: Any, content: str | bytes, name: str = "visits.csv") -> tuple[Import, Client, str]:
    item = upload(people, content, name)
    browser = client(people.admin)
    page = browser.post(f"/imports/{item.uid}/look/", headers=HTMX).content.decode()
    item.refresh_from_db()
    return item, browser, page


def read_again(browser: Client, item: Import, **said_of_it: Any) -> str:
    """What the form sends: all that it shows, with what somebody changes."""
    item.refresh_from_db()
    form = imports_forms.ReadingForm(imports.profile_of(item))
    data = {"said": "1"}
    for field in form:
        value = field.value()
        data[field.name] = "" if value is None else value
    answer = browser.post(f"/imports/{item.uid}/look/", data | said_of_it, headers=HTMX)
    item.refresh_from_db()
    return answer.content.decode()


def headings(item: Import) -> list[str]:
    return [column.source for column in imports.profile_of(item).columns]


def test_titles_and_totals_are_shown_and_left_out(people: Any) -> None:
    item, browser, page = looked_at(people, TITLED)
    assert "3 rows · 3 columns" in page
    assert "row 7: “TOTAL”, the sum of rows above it" in page
    assert 'class="part-title"' in page
    assert 'class="part-out"' in page
    page = read_again(browser, item, leave_out=[])
    assert "4 rows · 3 columns" in page
    assert item.reading["options"]["leave_out"] == []
    assert "row 7: “TOTAL”" in page
    page = read_again(browser, item, leave_out=["7"])
    assert "3 rows · 3 columns" in page


def test_a_row_is_picked_as_the_headings_and_another_joins_it(people: Any) -> None:
    text = "a,b\nRegión,Casos\nx,y\nNorte,3\nSur,4\n"
    item, browser, _page = looked_at(people, text)
    assert headings(item) == ["a", "b"]
    page = read_again(browser, item, heading="2")
    assert headings(item) == ["Región", "Casos"]
    assert 'value="+3"' in page
    read_again(browser, item, heading="+3")
    assert headings(item) == ["Región · x", "Casos · y"]
    assert "in the rows 2 to 3" in browser.get(f"/imports/{item.uid}/reading/").content.decode()
    read_again(browser, item, header="no")
    assert headings(item) == ["Column 1", "Column 2"]


def test_what_was_picked_holds_only_as_long_as_the_rows_are_the_same(people: Any) -> None:
    item, browser, _page = looked_at(people, TITLED)
    read_again(browser, item, heading="1")
    assert item.reading["options"]["heading_rows"] == [1]
    read_again(browser, item, delimiter="semicolon")
    assert item.reading["options"]["heading_rows"] is None


def test_without_scripts_the_same_buttons_lead_back_to_the_page(people: Any) -> None:
    item, browser, _page = looked_at(people, TITLED)
    answer = browser.post(
        f"/imports/{item.uid}/look/",
        {"said": "1", "header": "yes", "heading": "4", "encoding": "utf-8", "delimiter": "comma"},
    )
    assert answer.headers["Location"] == f"/imports/{item.uid}/reading/"
    item.refresh_from_db()
    assert headings(item)[1] == "NORTH"


def test_a_made_up_heading_is_shown_in_the_language_of_the_reader(people: Any) -> None:
    with translation.override("es"):
        assert seen.heading("Column 3") == "Columna 3"
        assert seen.heading("Column 3 (2)") == "Columna 3 (2)"
        assert seen.heading("Column") == "Column"


def test_sheets_alike_are_ticked_and_another_choice_is_followed(people: Any) -> None:
    item, browser, page = looked_at(people, (AWKWARD / "09_varias_hojas.xlsx").read_bytes(), "hojas.xlsx")
    assert "60 rows · 3 columns" in page
    assert page.count("checked") == 3
    read_again(browser, item, sheet_column="mes")
    assert headings(item) == ["mes", "Fecha", "Sucursal", "Espera"]
    page = read_again(browser, item, sheets=["Marzo"], sheet_column="")
    assert "20 rows · 3 columns" in page
    page = read_again(browser, item, sheets=["Portada", "Marzo"])
    assert "do not have the same headings" in page


def test_cells_that_only_look_empty_are_said_in_both_languages(people: Any) -> None:
    content = (AWKWARD / "formulas-some-uncalculated.xlsx").read_bytes()
    item, _browser, page = looked_at(people, content, "formulas.xlsx")
    assert "Formulas that were saved without a result, and are empty here: 7 (C3, C5, C7, C9, C11 …)" in page
    with translation.override("es"):
        words = seen.noticed(imports.profile_of(item))[0].text
    assert words.startswith("Fórmulas guardadas sin resultado")


def test_one_column_for_each_month_is_offered_to_be_turned(people: Any) -> None:
    item, browser, page = looked_at(
        people, (AWKWARD / "07_una_columna_por_mes.csv").read_bytes(), "meses.csv"
    )
    assert "There is one column for each month: 12, from ene-2025 to dic-2025" in page
    page = read_again(browser, item, turn="turn")
    assert headings(item) == ["Sucursal", "Indicador", "month", "value"]
    assert "The rows that come in" in page
    assert "2025-01" in page
    read_again(browser, item)
    assert headings(item)[-1] == "value"
    read_again(browser, item, turn="")
    assert headings(item)[-1] == "dic-2025"


def test_months_without_a_year_ask_for_it(people: Any) -> None:
    item, browser, page = looked_at(people, "sucursal,Enero,Febrero,Marzo\nNORTH,1,2,3\nSOUTH,4,5,6\n")
    assert "Year of the months" in page
    page = read_again(browser, item, turn="turn")
    assert "Say of which year these months are." in page
    assert headings(item)[-1] == "Marzo"
    read_again(browser, item, turn="turn", year="2026")
    assert imports.profile_of(item).preview[0] == ("NORTH", "2026-01", "1")
    assert 'value="2026"' in browser.get(f"/imports/{item.uid}/reading/").content.decode()


def test_what_was_seen_is_what_is_loaded(people: Any) -> None:
    """Check and load read the file as the person saw it, and say the rows by their own numbers."""
    item, browser, _page = looked_at(people, TITLED.replace("2026-01-06", "ayer"))
    read_again(browser, item, leave_out=["7"])
    item = imports.confirm_reading(item, by=people.admin)
    item = imports.check(
        said(item, people.admin, fecha={"kind": "date:ymd", "role": "time"}), by=people.admin
    )
    assert (item.report["rows_read"], item.report["rows_loaded"]) == (3, 2)
    assert Path(item.reject_file).read_text("utf-8-sig").splitlines()[1].startswith("5,fecha,bad_date")


def test_rows_are_pasted(people: Any) -> None:
    browser = client(people.admin)
    assert "Or paste rows from a spreadsheet" in browser.get("/imports/new/").content.decode()
    pasted = "fecha\tsucursal\tcasos\r\n2026-01-05\tNORTH\t3\r\n2026-01-06\tNORTH\t4"
    answer = browser.post("/imports/new/", {"pasted": pasted})
    item = Import.objects.get()
    assert answer.headers["Location"] == f"/imports/{item.uid}/reading/"
    assert item.file_name == "pasted rows.tsv"
    browser.post(f"/imports/{item.uid}/look/", headers=HTMX)
    item.refresh_from_db()
    assert (headings(item), imports.profile_of(item).rows) == (["fecha", "sucursal", "casos"], 2)


def test_nothing_chosen_and_nothing_pasted_is_said_beside_the_field(people: Any) -> None:
    answer = client(people.admin).post("/imports/new/", {"pasted": " \r\n "})
    assert answer.status_code == 422
    assert "Choose a file, or paste rows." in answer.content.decode()


def test_a_way_of_reading_that_does_not_exist_is_refused(people: Any) -> None:
    item = upload(people, TITLED)
    with pytest.raises(engine.EngineError):
        engine.ReadOptions.from_json({"headings": [3]})
    assert imports.look_at(item, by=people.admin, options={"heading_rows": [3]}).reading["options"][
        "heading_rows"
    ]


def test_the_next_file_of_a_kind_is_not_told_the_rows_of_this_one(people: Any) -> None:
    """Totals have other numbers there: they are found anew, unless somebody keeps them all."""
    item, browser, _page = looked_at(people, TITLED)
    read_again(browser, item)
    assert item.reading["options"]["leave_out"] is None
    item = said(imports.confirm_reading(item, by=people.admin), people.admin)
    options = imports.mapping_of(item).options
    assert (options.leave_out, options.header) == (None, None)
    read_again(browser, item, leave_out=[])
    item = said(imports.confirm_reading(item, by=people.admin), people.admin)
    assert imports.mapping_of(item).options.leave_out == ()
