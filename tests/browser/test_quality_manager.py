"""The quality manager's morning: what is broken, since when, where, and what was done about it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

BRANCH = "RJ1"


@pytest.fixture
def manager(welcome):
    return welcome("quality_manager")


@pytest.fixture
def indicator(manager, indicator_address):
    """The page of the indicator that proves the promise, drawn."""
    manager.goes(indicator_address)
    manager.chart("control-chart")
    return manager


def test_home_says_how_the_promise_stood_when_it_was_last_measured_and_how_many_branches_kept_it(
    welcome, words
):
    visitor = welcome()
    visitor.goes("/")
    expect(visitor.page).to_have_url(re.compile("/login/"))
    visitor.signs_in("quality_manager")
    promise = visitor.page.locator(".m-promise", has_text=words["standard"])
    # The sample's figures end years ago: nothing says how it stands today.
    expect(visitor.page.locator("main h1")).to_contain_text("no se cumplía en marzo de 2019")
    expect(promise.locator(".m-promise-head")).to_contain_text(visitor.say("No data now"))
    expect(promise.locator(".m-tally strong").first).to_contain_text(re.compile(r"\d+"))
    with visitor.page.expect_navigation():
        promise.get_by_role("link", name=words["within"], exact=True).click()
    visitor.chart("control-chart")
    visitor.well()


def test_a_branch_is_found_by_typing(indicator):
    page = indicator.page
    page.locator("[data-unit-menu] summary").click()
    search = page.locator("[data-unit-menu] input[type=search]")
    expect(search).to_be_focused()
    search.press_sequentially(BRANCH.lower())
    offered = page.locator("[data-unit-menu] .c-menu-item").filter(visible=True)
    expect(offered).to_have_count(1)
    search.press("ArrowDown")
    expect(offered).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"unit={BRANCH}"))
    expect(page.locator("[data-unit-menu] summary")).to_contain_text(BRANCH)
    expect(page.locator("#control-chart .c-chart-words")).to_contain_text(BRANCH)
    indicator.chart("control-chart")
    indicator.well()


def test_the_chart_is_read_by_keyboard_and_as_a_table(indicator):
    page, chart = indicator.page, indicator.chart("control-chart")
    chart.locator(".c-chart-plot").focus()
    page.keyboard.press("ArrowRight")
    said = chart.locator("[data-chart-reading]")
    expect(said).to_contain_text("2016")
    expected = indicator.say("expected %(range)s").split(" %")[0]
    expect(said).to_contain_text(re.compile(rf"\d.*%.*{expected} \d+", re.DOTALL))
    first = said.inner_text()
    page.keyboard.press("End")
    expect(said).to_contain_text("2019")
    assert said.inner_text() != first
    page.keyboard.press("t")
    table = chart.locator("[data-chart-table] table")
    expect(table).to_be_visible()
    expect(table.locator("tbody tr")).to_have_count(36)
    indicator.well()
    page.keyboard.press("t")
    expect(table).to_be_hidden()


def test_the_address_reproduces_the_view(indicator):
    page = indicator.page
    indicator.opens("Adjust")
    page.locator("#view-since").fill("2017-01-01")
    page.locator("#view-until").fill("2018-12-01")
    page.locator("#view-chart").select_option("run")
    page.locator("[data-view-form]").get_by_role("button", name=indicator.say("Show"), exact=True).click()
    expect(page).to_have_url(re.compile(r"since=2017-01-01.*until=2018-12-01.*chart=run"))
    chart = indicator.chart("control-chart")
    expect(chart.locator("tbody tr")).to_have_count(24)
    seen = page.locator("#indicator").inner_text()
    page.reload()
    chart = indicator.chart("control-chart")
    assert page.locator("#indicator").inner_text() == seen
    indicator.opens("Adjust")
    expect(page.locator("#view-chart")).to_have_value("run")
    page.locator("[data-view-form] [data-view-link]", has_text=indicator.say("As it was")).click()
    expect(page).not_to_have_url(re.compile("chart=run"))
    page.go_back()
    expect(page).to_have_url(re.compile("chart=run"))
    expect(page.locator("#control-chart tbody tr")).to_have_count(24)
    indicator.chart("control-chart")
    indicator.well()


def test_branches_are_compared_and_the_promise_is_judged(indicator):
    page = indicator.page
    page.locator(".m-ways").get_by_role("link", name=indicator.say("Where?"), exact=True).click()
    funnel = indicator.chart("funnel-chart")
    funnel.locator(".c-chart-plot").focus()
    page.keyboard.press("End")
    expect(funnel.locator("[data-chart-reading]")).to_contain_text("%")
    expect(page.locator("#indicator .m-tally strong")).to_contain_text(re.compile(r"\d"))
    indicator.well()
    page.locator(".m-ways").get_by_role(
        "link", name=indicator.say("Is the promise kept?"), exact=True
    ).click()
    indicator.chart("burn-chart")
    expect(page.locator("#indicator [role=progressbar], #indicator progress").first).to_be_visible()
    expect(page.locator("#indicator .m-stats")).to_have_count(2)
    indicator.well()


def test_a_signal_is_acknowledged_with_a_reason(indicator):
    page = indicator.page
    page.locator(".m-ways").get_by_role("link", name=indicator.say("Signals"), exact=True).click()
    expect(page.locator("#indicator .m-signals")).to_be_visible()
    waiting = page.locator(".m-signal-step a", has_text=indicator.say("Acknowledge"))
    before = waiting.count()
    assert before, "the sample has signals that nobody has looked at"
    with page.expect_navigation():
        waiting.first.click()
    indicator.well()
    indicator.press("Acknowledge", within="main form", status=422)
    expect(page.locator("#error-summary")).to_be_focused()
    indicator.fills(note="Nuevo triaje desde marzo <b>y más camas</b>")
    indicator.press("Acknowledge", within="main form")
    expect(page.locator(".c-history").first).to_contain_text("Nuevo triaje desde marzo <b>y más camas</b>")


def test_the_chart_is_taken_away_as_csv_svg_and_png(indicator):
    indicator.opens("More actions", within="main")
    name, content = indicator.downloads("Download CSV")
    assert name.endswith(".csv")
    lines = content.decode("utf-8-sig").splitlines()
    assert len(lines) == 37
    name, content = indicator.downloads("Download SVG")
    assert name.endswith(".svg")
    assert content.startswith(b"<svg")
    assert b"<script" not in content
    name, content = indicator.downloads("Download PNG")
    assert name.endswith(".png")
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    indicator.well()
