"""Limits set anew: refused where too little is known, told on the chart, withdrawn when they were a mistake."""

from __future__ import annotations

from playwright.sync_api import expect

REASON = "Nueva sala de observación en otoño de 2017"


def test_limits_are_set_anew_with_a_reason_and_withdrawn(welcome, indicator_address):
    visitor = welcome("quality_manager")
    page = visitor.page
    visitor.goes(indicator_address + "?unit=RR7")
    visitor.chart("control-chart")
    visitor.opens("More actions", within="main")
    visitor.press("Set limits anew", within="main")

    visitor.fills(starts="2018-01-01", learned_until="2018-03-01", reason=REASON)
    visitor.press("Create", within="main form", status=422)
    expect(page.locator("#error-summary")).to_be_focused()
    summary = page.locator("#error-summary a")
    expect(page.locator("#id_learned_until_error")).to_contain_text("6")
    summary.click()
    expect(page.locator("#id_learned_until")).to_be_focused()

    visitor.fills(learned_until="2018-12-01")
    visitor.press("Create", within="main form")
    expect(page.locator("main")).to_contain_text(REASON)
    baseline = page.url

    visitor.goes(indicator_address + "?unit=RR7")
    chart = visitor.chart("control-chart")
    expect(chart.locator(".c-chart-plot svg")).to_contain_text(REASON[:20])
    expect(visitor.page.locator("#indicator .m-caption")).to_contain_text("12")

    visitor.goes(baseline)
    visitor.opens("More actions", within="main")
    visitor.press("Withdraw", within="main")
    visitor.fills(note="Era un error de fechas")
    visitor.press("Withdraw", within="main form")
    visitor.sees("Withdrawn", within="main")

    visitor.goes(indicator_address + "?unit=RR7")
    chart = visitor.chart("control-chart")
    expect(chart.locator(".c-chart-plot svg")).not_to_contain_text(REASON[:20])
