"""Limits that follow the month: offered where the figures show it, tried in a view, kept for the indicator."""

from __future__ import annotations

from playwright.sync_api import expect


def test_limits_follow_the_month_where_somebody_lets_them(welcome, indicator_address):
    visitor = welcome("quality_manager")
    page = visitor.page
    visitor.goes(indicator_address)
    visitor.chart("control-chart")
    expect(page.locator("#indicator")).not_to_contain_text("Los límites siguen el mes")

    visitor.step("Let the limits follow it", within="#indicator").click()
    expect(page.locator("#indicator .m-caption")).to_contain_text("Los límites siguen el mes del año")

    visitor.press("Keep it for this indicator", within="#indicator")
    expect(page.locator("select[name=adjust]")).to_have_value("month")
    visitor.press("Save", within="main form")

    visitor.goes(indicator_address)
    visitor.chart("control-chart")
    expect(page.locator("#indicator .m-caption")).to_contain_text("Los límites siguen el mes del año")
    expect(page.locator("#indicator .m-notice")).to_have_count(0)
