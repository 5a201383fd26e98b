"""A record of falls ended months ago: the chart asks whether nothing happened since, and takes the answer."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect
from tests.browser.test_import import loads, look_until, looks


@pytest.fixture
def own_file(tmp_path):
    """One to three falls a month from January 2024 to February 2026."""
    months = [dt.date(2024 + n // 12, n % 12 + 1, 1) for n in range(26)]
    falls = [
        month + dt.timedelta(days=7 * k + n % 5) for n, month in enumerate(months) for k in range(n % 3 + 1)
    ]
    path = tmp_path / "caidas.csv"
    rows = [f"{day},{number}" for number, day in enumerate(falls, 1)]
    path.write_text("\n".join(["fecha,numero", *rows]), encoding="utf-8")
    return path, len(months)


def test_a_record_of_events_is_said_to_be_complete_and_months_of_none_are_noughts(welcome, own_file):
    path, count = own_file
    visitor = welcome("quality_manager")
    page = visitor.page
    looks(visitor, path)
    loads(visitor)
    visitor.fills(measure="count", period="month")
    visitor.fills(name="Caídas", measured_in="", better="down")
    page.locator("[name=owner]").select_option(index=1)
    visitor.press("Create", within="main form")
    look_until(page, page.locator("#control-chart .c-chart-plot svg"))
    chart = page.url
    rows = page.locator("#control-chart [data-chart-table] tbody tr")
    expect(rows).to_have_count(count)

    visitor.press("It is complete until yesterday", within="#indicator")
    given = page.locator("[name=complete_until]").input_value()
    assert given
    late = dt.date.fromisoformat(given) + dt.timedelta(days=400)
    visitor.fills(complete_until=late.isoformat())
    visitor.press("Save", within="main form", status=422)
    visitor.sees("A record cannot be complete until a day that is still to come.")
    visitor.fills(complete_until="2026-08-31")
    visitor.press("Save", within="main form")

    visitor.goes(chart)
    expect(rows).to_have_count(count + 6)  # from March to August
    expect(page.locator("#indicator .m-caption")).to_contain_text(
        "el registro está completo hasta el 31 ago 2026"
    )
    visitor.well()
