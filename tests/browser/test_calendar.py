"""Days without data are offered as closed; once they are written down, the chart has no gaps."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect
from tests.browser.test_accessibility import passes
from tests.browser.test_import import loads, look_until, looks

CLOSED = {dt.date(2025, 12, 25), dt.date(2025, 12, 26), dt.date(2026, 2, 16)}


@pytest.fixture
def own_file(tmp_path):
    """Half a year of a service that is open from Monday to Friday, without three holidays."""
    every = (dt.date(2025, 10, 1) + dt.timedelta(days=n) for n in range(180))
    days = [day for day in every if day.weekday() < 5 and day not in CLOSED]
    rows = [f"{day},{100 + day.day % 7},{90 + day.day % 5}" for day in days]
    path = tmp_path / "llamadas.csv"
    path.write_text("\n".join(["dia,llamadas,atendidas", *rows]), encoding="utf-8")
    return path, len(days)


def test_what_the_data_let_one_guess_is_taken_over_and_the_gaps_are_gone(welcome, own_file):
    path, count = own_file
    visitor = welcome("quality_manager")
    page = visitor.page
    looks(visitor, path)
    loads(visitor, **{"1-role": "value", "2-role": "value"})
    visitor.fills(measure="counted", numerator="atendidas", denominator="llamadas")
    visitor.fills(name="Llamadas atendidas", period="day", better="up")
    page.locator("[name=owner]").select_option(index=1)
    visitor.press("Create", within="main form")
    look_until(page, page.locator("#control-chart .c-chart-plot svg"))
    chart = page.url
    twin = page.locator("#control-chart [data-chart-table] tbody tr")
    expect(twin).to_have_count(count + len(CLOSED))
    expect(page.locator("#indicator .m-notice").first).to_contain_text(
        "25 dic 2025 – 26 dic 2025, 16 feb 2026"
    )

    visitor.press("Write down the opening days", within="#indicator")
    expect(page.locator("[name=monday-open]")).to_be_checked()
    expect(page.locator("[name=sunday-open]")).not_to_be_checked()
    passes(visitor)
    visitor.press("Create", within="main form")
    expect(page.locator("main")).to_contain_text("Lunes a viernes, abierto todo el día")

    visitor.goes(chart)
    visitor.press("Write down the closed days", within="#indicator")
    lines = page.locator(".close-days li")
    expect(lines).to_have_count(2)
    passes(visitor)
    single = lines.nth(1).locator("[name^='closed:']")
    expect(single).not_to_be_checked()  # a single day may be a file that was lost
    single.check()
    lines.first.get_by_placeholder(visitor.say("Occasion")).fill("Navidad")
    visitor.press("Write them down", within="main form")
    expect(page.locator("main")).to_contain_text("Navidad")

    # The worker reads the chart anew in its own time; the page does so at once.
    visitor.goes(chart)
    expect(twin).to_have_count(count)
    expect(page.locator("#indicator .m-caption")).to_contain_text(
        visitor.say("Days on which the service is closed by its calendar are left out.")
    )
    expect(page.locator("#indicator .m-notice", has_text="¿Estaba cerrado")).to_have_count(0)
    visitor.well()
