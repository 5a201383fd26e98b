"""What a person does with limits: leaves out what was no part of the service, and chooses a chart that remembers."""

from __future__ import annotations

import re

from playwright.sync_api import expect

REASON = "Nevadas de la primavera de 2018"


def test_a_short_signal_is_left_out_of_the_limits_and_counts_again(welcome, indicator_address):
    visitor = welcome("quality_manager")
    page = visitor.page
    address = indicator_address + "?season=month"
    visitor.goes(address)
    visitor.chart("control-chart")
    way = page.locator(".m-way a", has_text=visitor.say("Leave out of the limits")).first
    with page.expect_navigation():
        way.click()
    visitor.well()
    expect(page.locator("[name=starts]")).not_to_have_value("")
    starts = page.locator("[name=starts]").input_value()

    visitor.fills(starts="2035-01-01", ends="2035-02-01", reason=REASON)
    visitor.press("Create", within="main form", status=422)
    expect(page.locator("#id_ends_error")).to_contain_text("No hay períodos con datos")

    visitor.fills(starts=starts, ends=starts)
    visitor.press("Create", within="main form")
    expect(page.locator("main")).to_contain_text(REASON)
    exclusion = page.url

    visitor.goes(address)
    visitor.chart("control-chart")
    expect(page.locator("#indicator .m-caption")).to_contain_text(REASON)
    page.keyboard.press("t")
    expect(page.locator(".m-twin")).to_contain_text("no cuenta para los límites")

    visitor.goes(exclusion)
    visitor.opens("More actions", within="main")
    visitor.press("Withdraw", within="main")
    visitor.fills(note="Fue un mes como otros")
    visitor.press("Withdraw", within="main form")
    visitor.goes(address)
    visitor.chart("control-chart")
    expect(page.locator("#indicator .m-caption")).not_to_contain_text(REASON)


def test_a_chart_that_remembers_is_tried_and_kept(welcome, indicator_address):
    visitor = welcome("quality_manager")
    page = visitor.page
    visitor.goes(indicator_address)
    visitor.chart("control-chart")
    visitor.opens("Adjust", within="#indicator")
    page.locator("#view-chart").select_option("ewma")
    page.get_by_role("button", name=visitor.say("Show"), exact=True).click()
    expect(page.locator("#indicator .m-caption")).to_contain_text("media ponderada")
    expect(page).to_have_url(re.compile("chart=ewma"))

    visitor.press("Keep it for this indicator", within="#indicator")
    expect(page.locator("select[name=chart]")).to_have_value("ewma")
    visitor.press("Save", within="main form")
    visitor.goes(indicator_address)
    visitor.chart("control-chart")
    expect(page.locator("#indicator .m-caption")).to_contain_text("media ponderada")

    visitor.goes(indicator_address + "?chart=data")
    visitor.chart("control-chart")
    expect(page.locator("#indicator .m-caption")).not_to_contain_text("media ponderada")

    visitor.press("Keep it for this indicator", within="#indicator")
    expect(page.locator("select[name=chart]")).to_have_value("")
    visitor.press("Save", within="main form")
