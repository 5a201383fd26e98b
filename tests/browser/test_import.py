"""A file of one's own becomes an indicator; a bad file becomes one clear sentence and changes nothing."""

from __future__ import annotations

import csv
import io
import os
import re

import pytest
from playwright.sync_api import expect

HEADER = "fecha;sucursal;atenciones;espera media;nota\n"
ROWS = """03/04/2026;RJ1;120;12,5;=1+1
04/04/2026;RJ1;98;10,25;"dos; con separador"
05/04/2026;RR7;101;9,75;
05/04/2026;RR7;101;9,75;
06/04/2026;Clínica Ñandú;88;11,5;=cmd|' /C calc'!A0
07/04/2026;RJ1;muchas;8,5;nueva
08/04/2026;RJ1;110;7,25;
"""


@pytest.fixture
def own_file(tmp_path):
    """As a spreadsheet in Spanish writes it: semicolons, comma decimals, Windows' letters."""
    path = tmp_path / "atenciones.csv"
    path.write_bytes((HEADER + ROWS).encode("cp1252"))
    return path


@pytest.fixture
def loader(welcome):
    return welcome("administrator")


def uploads(visitor, path, *, status: int = 200) -> None:
    visitor.goes("/imports/new/")
    visitor.page.set_input_files("input[type=file]", path)
    visitor.press("Continue", within="main", status=status)


def looks(visitor, path) -> None:
    uploads(visitor, path)
    visitor.page.locator(".i-preview").wait_for()
    visitor.well()


def counts(visitor) -> dict[str, str]:
    visitor.page.locator("main .c-stats").wait_for()
    lines = visitor.page.locator("main .c-stats > *").all_inner_texts()
    return {label: value for label, value, *_note in (line.split("\n") for line in lines)}


def test_a_file_of_ones_own_becomes_an_indicator(loader, own_file):
    page, say = loader.page, loader.say
    looks(loader, own_file)
    expect(page.locator("main .c-notice", has_text="fecha")).to_be_visible()
    expect(page.locator(".i-preview")).to_contain_text("Clínica Ñandú")
    loader.press("The rows are right", within="main")

    expect(page.locator('[name="3-kind"]')).to_have_value("number:,")
    loader.press("Check the file", within="main", status=422)
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#error-summary li")).to_have_count(1)
    loader.fills(**{"0-kind": "date:dmy", "2-kind": "integer:.", "2-role": "value", "4-role": "text"})
    page.locator('[name="repeats"][value="twice"]').check()
    loader.press("Check the file", within="main")

    assert counts(loader) == {
        say("Rows read"): "7",
        say("Would be loaded"): "5",
        say("Would be left out"): "1",
        say("Repeated in the file"): "1",
    }
    loader.well()
    name, content = loader.downloads("Download the rows left out")
    assert name.endswith(".csv")
    delimiter = ";" if loader.language == "es" else ","
    rejected = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter))[1:]
    assert [row[4] for row in rejected] == ["Clínica Ñandú"]
    assert rejected[0][-1].startswith("'=")
    expect(page.locator("#check")).to_contain_text("muchas")  # its cell is left empty

    page.locator("#units [name=parent]").select_option(label="Otros proveedores")
    with page.expect_navigation():
        page.locator("#units button[name=all]").click()
    found = counts(loader)
    assert found[say("Would be loaded")] == "6"
    assert say("Would be left out") not in found or found[say("Would be left out")] == "0"
    expect(page.locator("#units")).to_have_count(0)
    with page.expect_navigation():
        page.locator("main .c-form-steps button.primary").click()
    page.locator("#load .c-notice.tone-good").wait_for()
    assert counts(loader)[say("Rows loaded")] == "6"
    loader.well()

    loader.press("Create an indicator from this", within="main")
    loader.fills(value="espera_media")
    loader.fills(name="Espera media", measured_in="min", better="down")
    page.locator("[name=owner]").select_option(index=1)
    loader.press("Create", within="main form")
    expect(page.locator("h1")).to_be_visible()
    # The worker measures it in its own time.
    look_until(page, page.locator("#control-chart .c-chart-plot svg"))
    expect(page.locator("#indicator .m-notice")).to_be_visible()  # so few days make provisional limits
    expect(page.locator("#indicator")).to_contain_text(re.compile("min"))
    loader.well()


def loads(loader, **columns: str) -> None:
    """The file that is looked at comes in, and an indicator can be made of it; `columns` are fields of their form."""
    page = loader.page
    loader.press("The rows are right", within="main")
    loader.fills(**columns)
    loader.press("Check the file", within="main")
    with page.expect_navigation():
        page.locator("main .c-form-steps button.primary").click()
    page.locator("#load .c-notice.tone-good").wait_for()
    loader.press("Create an indicator from this", within="main")


def look_until(page, wanted) -> None:
    """Look again until the worker is done: each look is a whole answer of the server, not a pause."""
    for _ in range(200):
        if page.locator("#control-chart").count():
            return wanted.wait_for()
        page.reload()
    raise AssertionError("the indicator was not measured")


def test_the_same_file_again_changes_nothing(loader, tmp_path):
    path = tmp_path / "visitas.csv"
    path.write_text(
        "dia,hospital,visitas\n" + "".join(f"2025-0{n}-15,RR7,{n}\n" for n in range(1, 9)), encoding="utf-8"
    )
    for again in (False, True):
        if again:
            uploads(loader, path)  # a known kind: it is checked at once
            loader.page.wait_for_url("**/check/")
        else:
            looks(loader, path)
            loader.press("The rows are right", within="main")
            loader.fills(**{"1-role": "branch"})
            loader.press("Check the file", within="main")
        if again:
            expect(loader.page.locator("#check .c-notice")).to_have_count(1)
            expect(loader.page.locator("#check .c-stats")).to_have_count(0)
            loader.press("Finish without loading anything", within="main")
            loader.sees("This file had been loaded before; nothing changed.", within="main")
        else:
            assert counts(loader)[loader.say("Would be loaded")] == "8"
            with loader.page.expect_navigation():
                loader.page.locator("main .c-form-steps button.primary").click()
            loader.page.locator("#load .c-notice.tone-good").wait_for()
        loader.well()
    with loader.page.expect_navigation():
        loader.step("See the dataset", within="main").click()
    expect(loader.page.locator("main .c-facts")).to_contain_text("8")


def test_an_empty_file_is_one_sentence(loader, tmp_path):
    path = tmp_path / "vacio.csv"
    path.write_bytes(b"")
    uploads(loader, path, status=422)
    loader.sees("The file %(name)s is empty.", name="vacio.csv", within="#error-summary")


def test_nothing_chosen_is_one_sentence(loader):
    loader.goes("/imports/new/")
    loader.press("Continue", within="main", status=422)
    expect(loader.page.locator("#error-summary li")).to_have_count(1)
    loader.page.locator("#error-summary a").click()
    expect(loader.page.locator("input[type=file]")).to_be_focused()


def test_a_picture_is_no_table(loader, tmp_path):
    path = tmp_path / "foto.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    uploads(loader, path)
    notice = loader.page.locator("#reading .c-notice.tone-bad")
    expect(notice).to_have_count(1)
    expect(notice).to_contain_text("foto.csv")
    loader.well()
    expect(loader.step("Upload another file", within="main")).to_be_visible()


def test_a_file_over_the_limit_is_told_before_it_travels(loader, tmp_path):
    path = tmp_path / "enorme.csv"
    path.touch()
    os.truncate(path, 3 * 1024**3)  # a hole, not three gigabytes
    loader.goes("/imports/new/")
    loader.page.set_input_files("input[type=file]", path)
    expect(loader.page.locator("[data-upload-error]")).to_be_visible()
    expect(loader.page.locator("[data-upload-words]")).to_contain_text("gzip")
    sent = []
    loader.page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    loader.step("Continue", within="main").click()
    expect(loader.page.locator("[data-upload-error]")).to_be_visible()
    assert not sent
    loader.well()


REPORT = "Informe de esperas;;\nEnero de 2026;;\n\nFecha;Sucursal;Espera\n" + "".join(
    f"{day:02}/01/2026;RJ1;{day}\n" for day in range(13, 29)
)


def test_the_headings_are_picked_by_their_row_and_a_total_is_asked_about(loader, tmp_path):
    page, say = loader.page, loader.say
    path = tmp_path / "informe.csv"
    path.write_text(REPORT + "TOTAL;;328\nFuente: turnos;;\n", encoding="utf-8")
    looks(loader, path)
    expect(page.locator("tr.part-title")).to_have_count(2)
    expect(page.locator("tr.part-heading th")).to_have_text("4")
    expect(page.locator("[name=leave_out]:checked")).to_have_count(2)
    page.locator("button[name=heading][value='5']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("tr.part-heading th")).to_have_text("5")
    page.locator("button[name=heading][value='4']").click()
    expect(page.locator("tr.part-heading th")).to_have_text("4")
    loader.well()
    loader.press("The rows are right", within="main")
    loader.fills(**{"0-kind": "date:dmy", "2-kind": "integer:."})
    loader.press("Check the file", within="main")
    assert counts(loader)[say("Would be loaded")] == "16"


def test_one_column_for_each_month_becomes_one_row_for_each(loader, tmp_path):
    page = loader.page
    path = tmp_path / "meses.csv"
    path.write_text("Sucursal,Enero,Febrero,Marzo,Total\nRJ1,1,2,3,6\nRR7,4,5,6,15\n", encoding="utf-8")
    looks(loader, path)
    page.locator("[name=turn]").select_option("turn")
    expect(page.locator(".c-field.invalid [name=year]")).to_be_visible()
    page.locator("[name=year]").fill("2026")
    page.locator("[name=year]").press("Enter")
    expect(page.locator(".i-preview").first).to_contain_text("2026-03")
    expect(page.locator("h2").first).to_contain_text("6")
    loader.well()


def test_rows_are_pasted_from_a_spreadsheet(loader):
    page = loader.page
    loader.goes("/imports/new/")
    loader.fills(pasted="fecha\tsucursal\tespera\n2026-01-05\tRJ1\t3\n2026-01-06\tRJ1\t4\n")
    loader.press("Continue", within="main")
    page.locator(".i-preview").wait_for()
    expect(page.locator(".i-preview")).to_contain_text("2026-01-06")
    loader.well()
