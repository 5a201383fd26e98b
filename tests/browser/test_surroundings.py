"""Language, light, unit, phone, and no scripts at all: the house stays the same house."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

PHONE = (390, 844)
THUMB = 40  # CSS pixels that a thumb hits without aiming


def switches(visitor, name: str, code: str) -> None:
    visitor.opens("Language", within=".shell-top")
    with visitor.page.expect_navigation():
        visitor.page.locator(".shell-top").get_by_role("button", name=name).click()
    visitor.language = code


def test_the_language_is_the_persons_own_and_stays(welcome):
    visitor = welcome("inspector", anew=True)
    visitor.goes("/standards/")
    expect(visitor.page.locator("html")).to_have_attribute("lang", "es")
    switches(visitor, "English", "en")
    expect(visitor.page.locator("html")).to_have_attribute("lang", "en")
    expect(visitor.page).to_have_url(re.compile("/standards/"))
    expect(visitor.page.locator("h1")).to_contain_text("Standards")
    elsewhere = welcome("", language="es")
    elsewhere.goes("/login/")
    elsewhere.signs_in("inspector")
    expect(elsewhere.page.locator("html")).to_have_attribute("lang", "en")
    elsewhere.language = "en"
    switches(elsewhere, "Español", "es")
    visitor.goes("/")
    expect(visitor.page.locator("html")).to_have_attribute("lang", "es")


def test_a_stranger_chooses_a_language_before_signing_in(welcome):
    visitor = welcome(language="en")
    visitor.goes("/login/")
    with visitor.page.expect_navigation():
        visitor.page.locator(".language-switch").get_by_role("button", name="Español").click()
    expect(visitor.page.locator("html")).to_have_attribute("lang", "es")
    visitor.well()


def test_light_and_dark_are_kept_and_automatic_follows_the_device(welcome):
    visitor = welcome("inspector", theme="dark")
    page, root = visitor.page, visitor.page.locator("html")
    visitor.goes("/standards/")
    expect(root).to_have_attribute("data-bs-theme", "dark")
    for choice, shown in (("Light", "light"), ("Dark", "dark"), ("As the device says", "dark")):
        visitor.opens("Light or dark", within=".shell-top")
        visitor.step(choice, within=".shell-top").click()
        expect(root).to_have_attribute("data-bs-theme", shown)
        visitor.goes("/")
        expect(root).to_have_attribute("data-bs-theme", shown)
    page.emulate_media(color_scheme="light")
    expect(root).to_have_attribute("data-bs-theme", "light")


def test_the_unit_chosen_is_the_unit_of_home(welcome):
    visitor = welcome("inspector", anew=True)
    page = visitor.page
    visitor.goes("/")
    before = page.locator("main .m-tally strong").first.inner_text()
    menu = page.locator("details.scope")
    expect(menu.locator("button.c-menu-item")).to_have_count(0)
    menu.locator("summary").click()
    menu.locator("button.c-menu-item").first.wait_for()
    search = menu.locator("input[type=search]")
    expect(search).to_be_focused()
    search.fill("hospitales")
    offered = menu.locator("button.c-menu-item").filter(visible=True)
    expect(offered).to_have_count(1)
    with page.expect_navigation():
        offered.click()
    expect(page.locator(".scope-unit")).to_contain_text("Hospitales")
    expect(page.locator("main .m-tally strong").first).not_to_have_text(before)
    visitor.goes("/indicators/")
    expect(page.locator(".scope-unit")).to_contain_text("Hospitales")
    visitor.well()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_the_phone_everything_is_within_reach_of_a_thumb(welcome, theme):
    visitor = welcome("quality_manager", size=PHONE, theme=theme)
    page = visitor.page
    visitor.goes("/")
    bar = page.locator(".shell-bottom")
    expect(bar).to_be_visible()
    expect(page.locator(".shell-side")).to_be_hidden()
    for entry in bar.locator(".bottom-entry").all():
        box = entry.bounding_box()
        assert box["height"] >= THUMB, box
        assert box["width"] >= THUMB, box
        assert box["y"] + box["height"] <= PHONE[1] + 1
        assert box["x"] + box["width"] <= PHONE[0] + 1
    bar.get_by_role("button", name=visitor.say("More")).tap()
    sheet = page.locator("#more-sheet")
    expect(sheet).to_be_visible()
    reached = {link.get_attribute("href") for link in sheet.locator("a").all()}
    assert {"/", "/standards/", "/indicators/", "/imports/", "/people/", "/units/"} <= reached
    visitor.well()
    with page.expect_navigation():
        sheet.locator('a[href="/signals/"]').tap()
    visitor.well()
    with page.expect_navigation():
        page.locator("main tbody a").first.tap()
    visitor.well()
    last = page.locator("main").locator("a, button, summary").filter(visible=True).last
    last.scroll_into_view_if_needed()
    last.click(trial=True)  # nothing lies over it, the bar neither


def test_it_works_without_scripts(welcome):
    visitor = welcome(scripts=False)
    page = visitor.page
    visitor.goes("/login/")
    visitor.signs_in("inspector")
    visitor.goes("/indicators/?q=cuatro")
    expect(page.locator("main tbody tr")).to_have_count(2)
    with page.expect_navigation():
        page.locator("main tbody a").first.click()
    expect(page.locator("#control-chart [data-chart-table] table")).to_be_visible()
    visitor.well()
    visitor.goes("/standards/?sort=-title")
    with page.expect_navigation():
        page.locator("main tbody a").first.click()
    visitor.press("Show this part", within="#panel-history")
    expect(page.locator("#panel-history .c-history").first).to_be_visible()
    visitor.well()
    page.locator("details.scope summary").click()
    visitor.press("Choose from the list of units", within="details.scope")
    with page.expect_navigation():
        page.locator("main button.c-menu-item", has_text="RJ1").first.click()
    expect(page.locator(".scope-unit")).to_contain_text("RJ1")
    visitor.well()


def test_a_form_is_sent_and_refused_without_scripts(welcome):
    visitor = welcome("quality_manager", scripts=False)
    visitor.goes("/annotations/new/")
    visitor.press("Create", within="main form", status=422)
    expect(visitor.page.locator("#error-summary")).to_be_visible()
    visitor.fills(text="Huelga de transporte", on="2018-05-01")
    visitor.page.locator("main [name=unit]").select_option(index=1)
    visitor.press("Create", within="main form")
    expect(visitor.page.locator("main")).to_contain_text("Huelga de transporte")
