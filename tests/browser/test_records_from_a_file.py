"""Many records at once: fill in the template, upload it, mend what is wrong, load it; then find one with Ctrl-K."""

from __future__ import annotations

import io
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from tests.browser.conftest import DESK, PHONE


def upload(visitor: Any, name: str, text: str) -> None:
    visitor.page.set_input_files(
        "[name=file]", {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    )
    visitor.press("Check the file", within="main")


@pytest.mark.parametrize(("size", "theme"), [(DESK, "light"), (PHONE, "dark")])
def test_a_quality_manager_loads_positions_from_a_file(welcome: Any, size: Any, theme: str) -> None:
    from playwright.sync_api import expect

    visitor = welcome("quality_manager", size=size, theme=theme)
    visitor.goes("/positions/load/")
    name, content = visitor.downloads("Empty workbook")
    assert name == "positions.xlsx"
    headings = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[0]
    unit = visitor.page.context.request.get("/units/export.csv").text().splitlines()[1].split(",")[0]
    # Each width loads names of its own: both walk through the same sample.
    who = f"Recepción {size[0]}"

    columns = [headings.index(visitor.say(word)) for word in ("Name", "Unit")]
    assert columns == [0, 1]
    upload(visitor, "puestos.csv", f"{headings[0]};{headings[1]}\n{who};{unit}\nPortería;NO-HAY\n")
    visitor.sees("What has to be mended")
    expect(visitor.page.locator("main table")).to_contain_text("NO-HAY")
    assert visitor.page.locator("main").get_by_role("button", name="Cargar", exact=False).count() == 0

    visitor.press("Upload the mended file", within="main")
    upload(visitor, "puestos.csv", f"{headings[0]};{headings[1]}\n{who};{unit}\nPortería {size[0]};{unit}\n")
    visitor.page.get_by_role("button", name="Cargar 2 registros").click()
    visitor.page.wait_for_load_state()
    visitor.sees("See the list")
    visitor.well()

    visitor.page.keyboard.press("Control+k")
    dialog = visitor.page.locator("#search-dialog")
    expect(dialog).to_be_visible()
    visitor.page.keyboard.type(f"recepcion {size[0]}")
    hit = dialog.locator(".s-hit", has_text=who)
    expect(hit).to_have_attribute("aria-selected", "true")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("h1")).to_contain_text(who)
    visitor.well()


def test_search_goes_to_pages_forgives_slips_and_closes_with_escape(welcome: Any) -> None:
    from playwright.sync_api import expect

    visitor = welcome("quality_manager")
    visitor.goes("/")
    visitor.page.locator("[data-open-search]").click()
    dialog = visitor.page.locator("#search-dialog")
    expect(dialog.locator(".s-hit").first).to_be_visible()  # where one may go, before a word is typed
    visitor.page.keyboard.type("pacintes")
    expect(dialog.locator(".s-hit", has_text="Pacientes").first).to_be_visible()
    visitor.page.keyboard.press("ArrowDown")
    visitor.page.keyboard.press("ArrowUp")
    expect(dialog.locator('.s-hit[aria-selected="true"]')).to_have_count(1)
    visitor.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    visitor.well()


def test_without_scripts_search_is_a_page(welcome: Any) -> None:
    visitor = welcome("quality_manager", scripts=False)
    visitor.goes("/search/?q=pacientes")
    visitor.sees("Records")
