"""Whatever is typed is kept as it is or refused with a sentence; nothing of it is ever run."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

SCRIPT = "<script>document.title = 'taken'</script><img src=x onerror=\"document.title = 'taken'\">"
HARMLESS = {
    "script": SCRIPT,
    "right to left": "مستشفى الشمال وقت الانتظار",
    "emoji": "Trato 👩🏽‍⚕️ en urgencias 🚑",
    "braces": "{{ 7|add:7 }} {% load i18n %} %(count)s ${7*7} [[7*7]]",
    "quotes": "O'Higgins \"el viejo\" & cía. \\ `'; DROP TABLE standards; --",
}


@pytest.fixture
def visitor(welcome):
    return welcome("quality_manager")


def writes(visitor, *, status: int = 200, **values: str) -> None:
    visitor.goes("/standards/new/")
    if "starts" in values:
        visitor.opens("From when until when", within="main")
    usual = {"title": "Prueba", "requirement": "Algo que se cumple.", "target": "90", "tolerance": "2"}
    visitor.fills(**(usual | values))
    visitor.page.locator("main [name=owner]").select_option(index=1)
    visitor.page.locator("main [name=unit]").select_option(index=1)
    visitor.press("Create", within="main form", status=status)


def test_strange_texts_stay_as_they_were_typed(visitor):
    page = visitor.page
    for text in HARMLESS.values():
        writes(visitor, title=text, requirement=text)
        expect(page.locator("h1")).to_contain_text(text)
        expect(page.locator(".c-facts").first).to_contain_text(text)
        assert "taken" not in page.title().split()
        expect(page.locator("main img")).to_have_count(0)
    visitor.goes("/standards/?q=script")
    expect(page.locator("main tbody tr")).to_have_count(1)
    visitor.goes(f"/standards/?q={'%3Cscript%3E'}alert(1)")
    expect(page.locator("#list-search")).to_have_value("<script>alert(1)")


def test_letters_that_turn_a_name_round_are_refused_with_a_sentence(visitor):
    writes(visitor, title="Informe \u202efdp.exe", status=422)
    expect(visitor.page.locator("#id_title_error")).to_contain_text("U+202E")


def test_a_note_with_a_script_is_drawn_on_the_chart_as_text(visitor, indicator_address):
    page = visitor.page
    visitor.goes(indicator_address + "?unit=RXQ")
    visitor.chart("control-chart")
    visitor.press("Note what happened", within="main")
    visitor.fills(text="</script>" + SCRIPT, on="2018-06-01")
    visitor.press("Create", within="main form")
    visitor.goes(indicator_address + "?unit=RXQ")
    chart = visitor.chart("control-chart")
    expect(chart.locator(".c-chart-plot svg")).to_contain_text("</script>")
    assert "taken" not in page.title().split()
    visitor.well()


def test_five_thousand_letters_are_kept_or_refused_and_never_break_the_page(visitor):
    page = visitor.page
    visitor.goes("/standards/new/")
    page.locator("[name=title]").evaluate("one => one.removeAttribute('maxlength')")
    visitor.fills(title="x" * 5000)
    visitor.press("Create", within="main form", status=422)
    expect(page.locator("#id_title_error")).to_contain_text("200")
    writes(visitor, title="y" * 200, requirement="z" * 5000)
    expect(page.locator(".c-facts").first).to_contain_text("z" * 5000)
    page.set_viewport_size({"width": 390, "height": 844})
    visitor.well()
    for path in ("/standards/", "/"):
        visitor.goes(path)


def test_comma_decimals_are_numbers_in_spanish(visitor):
    page = visitor.page
    writes(visitor, target="95,5", tolerance="1,25")
    expect(page.locator(".c-facts").first).to_contain_text("95,5 %")
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name=visitor.say("Edit"), exact=True).or_(
            page.locator('main a[href$="/edit/"]')
        ).first.evaluate("one => one.click()")
    expect(page.locator("[name=target]")).to_have_value("95,5")
    expect(page.locator("[name=tolerance]")).to_have_value("1,25")
    visitor.press("Save", within="main form")
    expect(page.locator(".c-facts").first).to_contain_text("95,5 %")
    writes(visitor, target="noventa", status=422)
    expect(page.locator("#id_target")).to_have_value("noventa")
    expect(page.locator("#id_target_error")).to_be_visible()


def test_numbers_and_dates_that_cannot_be_are_refused_with_a_sentence(visitor):
    page = visitor.page
    writes(visitor, tolerance="-1", status=422)
    expect(page.locator("#error-summary")).to_contain_text(visitor.say("A tolerance cannot be negative."))
    writes(visitor, starts="2026-02-01", ends="2026-01-01", status=422)
    expect(page.locator("#error-summary")).to_contain_text(visitor.say("It cannot end before it begins."))
    writes(visitor, target="1" + "0" * 400, status=422)
    expect(page.locator("#id_target_error")).to_be_visible()


def test_the_first_day_that_can_be_written_is_a_day(visitor, indicator_address):
    page = visitor.page
    visitor.goes("/annotations/new/")
    visitor.fills(text="Antes de todo", on="0001-01-01")
    page.locator("main [name=unit]").select_option(index=1)
    page.locator("main [name=indicator]").select_option(index=1)
    visitor.press("Create", within="main form", status=422)
    visitor.fills(on="1000-01-01")
    visitor.press("Create", within="main form")
    expect(page.locator("main")).to_contain_text("1000")
    visitor.goes("/annotations/")
    visitor.goes(indicator_address)
    visitor.chart("control-chart")
    visitor.goes("/annotations/?on_from=0001-01-01&on_to=1000-12-31")
    expect(page.locator("main tbody tr")).to_have_count(1)


def test_nonsense_in_addresses_is_left_out(visitor, indicator_address):
    for query in (
        "?since=ayer&until=2018-13-45&chart=torta&rules=x&version=²&segment=type&span=siglo&show=todo",
        "?since=0001-01-01&until=9999-12-31",
        "?since=2030-01-01",
        "?segment=type=<script>",
        "?version=99999",
    ):
        visitor.goes(indicator_address + query)
    for path in (
        "/standards/?page=99999999999&sort=-nada&state=x&unit=abc",
        "/standards/?page=²",
        "/signals/?period_start_from=nunca&kind=nada",
        "/standards/?q=%ff",
        "/standards/new/?unit=abc&owner=-1&target=x&starts=ayer",
        "/annotations/new/?unit=99999999999999999999&on=x",
    ):
        visitor.goes(path)
    expect(visitor.page).to_have_url(re.compile("annotations"))
