"""From a dataset to a sentence, from the sentence to its figures: an indicator that nobody had to write as an expression."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import expect
from tests.browser.test_accessibility import passes
from tests.browser.test_import import loads, looks

PHONE = (390, 844)


@pytest.fixture
def own_file(tmp_path):
    """Two months of calls with their number, how they ended and how long people waited."""
    rows = [
        f"{dt.date(2026, 1, 1) + dt.timedelta(days=n // 30)},{5000 + n},{('AGENTE', 'PERDIDA')[n % 5 == 0]},{n * 7 % 43}"
        for n in range(60 * 30)
    ]
    path = tmp_path / "central.csv"
    path.write_text("\n".join(["dia,llamada,resultado,espera", *rows]), encoding="utf-8")
    return path


def test_an_indicator_is_put_together_seen_kept_and_measured(welcome, own_file):
    visitor = welcome("quality_manager")
    page = visitor.page
    looks(visitor, own_file)
    loads(visitor)
    figures = page.locator(".w-figures")
    # Never the mean of the numbers of the calls.
    expect(page.locator("[name=value]")).to_have_value("espera")
    expect(figures.locator(".w-last")).to_be_visible()
    passes(visitor)

    page.locator("[name=measure]").select_option("proportion")
    page.locator("[name=numerator-0-column]").select_option("espera")
    page.locator("[name=numerator-0-value]").fill("20,5")
    expect(figures.locator(".w-last")).to_contain_text("%")
    visitor.step("Another condition", within="main .w-part >> nth=0").click()
    page.locator("[name=numerator-1-column]").select_option("resultado")
    page.locator("[name=numerator-1-value]").fill("AGENTE")
    expect(figures.locator(".w-said")).to_contain_text("espera ≤ 20,5 y resultado es “AGENTE”")
    expect(page.locator("[name=name]")).to_have_value(re.compile("espera ≤ 20,5"))
    expect(page.locator("[name=better]")).to_have_value("up")

    visitor.step("Write it as an expression", within="main .w-part >> nth=0").click()
    expression = page.locator("input[name=numerator]")
    expect(expression).to_have_value("espera <= 20.5 and resultado = 'AGENTE'")
    expression.fill("espra <= 20,5 y resultado = 'AGENTE'")
    expect(page.locator("#error-numerator")).to_contain_text("¿Quiso decir espera?")
    expect(page.locator(".w-place mark")).to_have_text("espra")
    expression.fill("esp")
    expression.press("e")
    page.locator(".w-names li:visible").first.click()
    expect(expression).to_have_value("espera")
    expression.press_sequentially(" entre 0 y 20,5")
    expect(figures.locator(".w-last")).to_contain_text("%")
    last = figures.locator(".w-last").inner_text()
    passes(visitor)

    # Whether a wait between two ends is good, only a person knows.
    expect(page.locator("[name=better]")).to_have_value("")
    visitor.fills(better="up")
    visitor.press("Create", within="main form")
    # The page renews itself until the worker is done.
    expect(page.locator("#control-chart .c-chart-plot svg")).to_be_visible(timeout=60_000)
    expect(page.locator("#awaited")).to_have_count(0)
    share = re.search(r"[\d,]+\s?%", last).group()
    visitor.page.keyboard.press("t")
    expect(page.locator("#control-chart [data-chart-table] tbody tr").first).to_contain_text(share)
    expect(page.locator(".m-caption")).to_contain_text("está entre 0 y 20,5, por día")
    visitor.goes(page.url.split("?")[0] + "edit/")
    expect(page.locator("[name=numerator-0-says]")).to_have_value("between")


def test_it_is_written_on_a_phone_and_without_scripts(welcome):
    phone = welcome("quality_manager", size=PHONE)
    phone.goes("/indicators/new/")
    phone.page.locator("[name=dataset]").select_option(index=1)
    expect(phone.page.locator(".w-last")).to_be_visible()
    passes(phone)
    plain = welcome("quality_manager", scripts=False)
    plain.goes("/indicators/new/")
    plain.page.locator("[name=dataset]").select_option(index=1)
    plain.press("Show the figures", within="main form")
    expect(plain.page.locator(".w-last")).to_be_visible()
    expect(plain.page.locator("[name=name]")).not_to_have_value("")
