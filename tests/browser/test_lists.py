"""Lists by keys and without scripts: rows that are chosen, a view that is kept, a step for many."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def test_a_list_is_read_and_worked_through_by_keys(welcome):
    visitor = welcome("quality_manager")
    page = visitor.page
    visitor.goes("/signals/")
    rows = page.locator("#list-body tbody tr")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(1).locator("a").first).to_be_focused()
    page.keyboard.press("x")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")
    expect(page.locator("[name=pick]:checked")).to_have_count(2)
    expect(page.locator("[data-bulk-count]")).to_have_text(visitor.say("# rows chosen").replace("#", "2"))
    page.keyboard.press("?")
    expect(page.locator("#list-keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#list-search")).to_be_focused()
    # In a field they are letters.
    page.keyboard.type("xjk?")
    expect(page.locator("#list-search")).to_have_value("xjk?")
    expect(page.locator("#list-keys")).to_be_hidden()
    expect(page.locator("#list-search")).to_be_focused()
    page.locator("#list-search").fill("")
    expect(rows.nth(5)).to_be_visible()
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("n")
    page.wait_for_url("**page=2**")
    expect(page.locator("#announcer")).to_contain_text("26")
    page.locator("#list-body tbody tr").first.locator("a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/signals/[0-9a-f-]{36}/"))
    visitor.well()


def test_a_search_taken_back_does_not_undo_the_page_opened_meanwhile(welcome):
    visitor = welcome("quality_manager")
    page = visitor.page
    visitor.goes("/signals/")
    search = page.locator("#list-search")
    search.fill("x")
    search.fill("")
    page.locator("#page-next").click()
    page.wait_for_url("**page=2**")
    expect(page.locator("#announcer")).to_contain_text("26")
    # Longer than the search waits for the next letter: what it asked would have come by now.
    page.wait_for_timeout(1000)
    expect(page.locator(".c-pager")).to_contain_text("26")
    assert "page=2" in page.url
    visitor.well()


def test_a_search_that_was_not_answered_is_asked_again(welcome):
    visitor = welcome("quality_manager")
    page = visitor.page
    visitor.goes("/signals/")
    search = page.locator("#list-search")
    page.route("**/signals/?*", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        search.fill("zzz")
    page.unroute("**/signals/?*")
    search.fill("zzzz")
    search.fill("zzz")
    expect(page.locator(".c-pager")).to_contain_text(visitor.say("Nothing to show"))


def test_columns_and_groups_are_kept_as_a_view(welcome):
    visitor = welcome("quality_manager")
    page = visitor.page
    visitor.goes("/signals/")
    page.locator("#list-columns > summary").click()
    page.locator("#list-columns [value=holds]").check()
    page.locator('#list-columns [name=move][value="up:unit"]').click()
    visitor.press("Show these columns")
    expect(page.locator("#list-body thead th").nth(1)).to_have_text(visitor.say("unit").capitalize())
    page.locator("#list-groups > summary").click()
    page.locator("#list-groups a[href*='group=kind']").click()
    heads = page.locator("#list-body .c-group")
    expect(heads.first).to_be_visible()
    page.locator("#list-views > summary").click()
    page.locator("#view-name").fill("Por tipo")
    visitor.press("Save as a new view")
    expect(page.locator(".c-views [aria-current]")).to_have_text("Por tipo")
    heads.first.locator("a").click()
    page.wait_for_url("**closed=**")
    expect(heads.first.locator("a")).to_have_attribute("aria-expanded", "false")
    visitor.well()
    page.locator("#list-views > summary").click()
    with page.expect_event("domcontentloaded"):
        page.locator("#list-views [value=remove]").click()
    visitor.well()
    expect(page.locator(".c-views")).to_have_count(0)


def test_many_are_done_at_once_also_without_scripts(welcome):
    for scripts in (True, False):
        visitor = welcome("quality_manager", scripts=scripts)
        page = visitor.page
        visitor.goes("/signals/?state=new&page=3")
        boxes = page.locator("[name=pick]")
        boxes.nth(0).check()
        boxes.nth(1).check()
        visitor.press("Acknowledge", within="#bulk-form")
        visitor.fills(note="Festivo local.")
        visitor.press("Acknowledge", within="main form")
        expect(page.locator("main .c-notice.tone-good")).to_contain_text("2")
        expect(page.locator("main table")).to_have_count(0)
        assert re.search(r"/signals/runs/[0-9a-f-]{36}/", page.url)
