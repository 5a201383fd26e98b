"""Nothing is final: a load is taken back and its file loaded again, the columns are changed, the rows are looked at."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

ROWS = "fecha;sucursal;visitas\n" + "".join(f"{day:02}/03/2026;RJ1;{100 + day}\n" for day in range(1, 29))


@pytest.fixture
def own_file(tmp_path):
    path = tmp_path / "visitas de marzo.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def loads(visitor, path) -> str:
    """The file goes the whole way as it is proposed; returns the address of its import."""
    visitor.goes("/imports/new/")
    visitor.page.set_input_files("input[type=file]", path)
    visitor.press("Continue", within="main")
    visitor.page.locator(".i-preview").wait_for()
    visitor.press("The rows are right", within="main")
    if visitor.page.locator('[name="0-kind"]').input_value() == "":
        visitor.fills(**{"0-kind": "date:dmy"})
    visitor.press("Check the file", within="main")
    visitor.page.locator("#check .c-stats").wait_for()
    with visitor.page.expect_navigation():
        visitor.page.locator("#check form[action$='/load/'] button").click()
    expect(visitor.page.locator("#load .c-stats")).to_be_visible(timeout=60_000)
    return visitor.page.url.split("/imports/")[1].split("/")[0]


def test_a_load_is_taken_back_and_its_file_comes_in_again(welcome, own_file):
    visitor = welcome("administrator")
    page, say = visitor.page, visitor.say
    uid = loads(visitor, own_file)
    visitor.goes(f"/imports/{uid}/do/take_back/")
    expect(page.locator("main")).to_contain_text("28")
    page.locator("textarea[name=note]").fill("Wrong month.")
    visitor.press("Take this load back", within="main form")
    badge = page.locator(".c-badge").first
    expect(badge).to_contain_text({"es": "Deshecha", "en": "Taken back"}[visitor.language], timeout=60_000)
    visitor.well()
    uid = loads(visitor, own_file)
    visitor.goes(f"/imports/{uid}/")
    expect(page.locator("main")).to_contain_text(say("Download how it was read"))
    dataset = page.locator("main a[href^='/datasets/']").first.get_attribute("href")
    visitor.goes(f"{dataset}rows/")
    expect(page.locator("main tbody tr")).to_have_count(28)
    visitor.well()
    visitor.goes(f"{dataset}columns/")
    page.locator("select[id$='-kind']").last.select_option("text")
    page.locator("select[id$='-role']").last.select_option("segment")
    visitor.press("See what would change", within="main")
    expect(page.locator("main")).to_contain_text(say("What would change"), timeout=60_000)
    visitor.well()
