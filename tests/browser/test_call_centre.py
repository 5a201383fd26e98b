"""A month of calls as a contact centre exports them becomes three charts, and each shows what was counted in the file by hand."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser.test_import import counts, looks

MADE_BY = Path(__file__).parents[2] / "scripts" / "call_centre.py"
LAST = "260228"


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    path = tmp_path_factory.mktemp("calls") / "llamadas.csv"
    subprocess.run([sys.executable, str(MADE_BY), str(path)], check=True)
    return path


def figure(text: str) -> float:
    """The first number of a sentence, as Spanish writes it."""
    found = re.search(r"\d[\d\s\u00a0\u202f]*(?:,\d+)?", text)
    assert found, text
    return float(re.sub(r"\s", "", found.group()).replace(",", "."))


def test_an_export_of_calls_becomes_three_charts(welcome, export):
    with export.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    last = [row for row in rows if row["date"] == LAST]
    visitor = welcome("administrator")
    page = visitor.page
    looks(visitor, export)
    visitor.press("The rows are right", within="main")
    kind = page.locator("select[id$='-kind']").filter(has_text="YYMMDD").first
    expect(kind).to_have_value("")  # six digits may be several days
    kind.select_option("timestamp:ymd:YYMMDD")
    visitor.press("Check the file", within="main")
    assert counts(visitor)[visitor.say("Would be loaded")].replace("\u202f", "").replace("\xa0", "") == str(
        len(rows)
    )
    with page.expect_navigation():
        page.locator("main .c-form-steps button.primary").click()
    page.locator("#load .c-notice.tone-good").wait_for(timeout=60_000)
    result = page.url

    waited = sum(int(row["queue_seconds"]) for row in last) / len(last)
    chart(visitor, result, {"measure": "mean", "value": "queue_seconds"}, waited, better="down")
    answered = 100 * sum(row["outcome"] == "AGENT" for row in last) / len(last)
    condition = {"measure": "proportion", "numerator-0-column": "outcome", "numerator-0-value": "AGENT"}
    chart(visitor, result, condition, answered, better="up")
    chart(visitor, result, {"measure": "count"}, len(last), better="up")


def chart(visitor, result: str, sentence: dict[str, str], value: float, *, better: str) -> None:
    page = visitor.page
    visitor.goes("/imports/" + result.split("/imports/")[1])
    visitor.press("Create an indicator from this", within="main")
    shown = page.locator(".w-figures .w-last")
    expect(shown).to_be_visible()
    for name, said in sentence.items():
        field = page.locator(f"[name='{name}']")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(said)
        else:
            field.fill(said)
        page.wait_for_load_state("networkidle")
    visitor.fills(better=better)
    page.locator("[name=owner]").select_option(index=1)
    visitor.press("Create", within="main form")
    expect(page.locator("#control-chart .c-chart-plot svg")).to_be_visible(timeout=90_000)
    newest = page.locator("#control-chart [data-chart-table] tbody tr").first
    assert figure(newest.locator("td").first.inner_text()) == pytest.approx(value, rel=0.005)
