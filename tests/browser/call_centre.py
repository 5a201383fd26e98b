"""The way of a contact centre from an empty installation to three charts of its own export, as a journey and as a measurement."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import expect
from tests.browser.conftest import Visitor

MADE_BY = Path(__file__).parents[2] / "scripts" / "call_centre.py"
LAST = "260228"
UNITS = "Ventas\nSoporte\nCobros"
PASSWORD = "siete faroles del puerto"


@dataclass(frozen=True)
class Chart:
    """What its sentence says, by the names of the fields, and the figure of the newest day, counted in the file."""

    sentence: dict[str, str]
    better: str
    newest: float


def export(folder: Path) -> Path:
    path = folder / "llamadas.csv"
    subprocess.run([sys.executable, str(MADE_BY), str(path)], check=True)
    return path


def charts(path: Path) -> tuple[int, list[Chart]]:
    """How many rows the file has, and the three charts wanted of it."""
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    last = [row for row in rows if row["date"] == LAST]
    waited = sum(int(row["queue_seconds"]) for row in last) / len(last)
    answered = 100 * sum(row["outcome"] == "AGENT" for row in last) / len(last)
    attended = {"measure": "proportion", "numerator-0-column": "outcome", "numerator-0-value": "AGENT"}
    return len(rows), [
        Chart({"measure": "mean", "value": "queue_seconds"}, "down", waited),
        Chart(attended, "up", answered),
        Chart({"measure": "count"}, "up", len(last)),
    ]


def walk(visitor: Visitor, code: str, path: Path) -> Iterator[str]:
    """Says each step of the way once it is done."""
    rows, wanted = charts(path)
    yield from _founded(visitor, code)
    result = yield from _loaded(visitor, path, rows)
    for number, chart in enumerate(wanted, start=1):
        _drawn(visitor, result, chart)
        yield f"chart {number}"


def _founded(visitor: Visitor, code: str) -> Iterator[str]:
    visitor.goes("/")
    visitor.fills(code=code)
    visitor.press("Next", within="main")
    visitor.fills(organisation="Centro de llamadas Sol", time_zone="America/Bogota")
    visitor.press("Next", within="main")
    visitor.fills(name="Ana Ruiz", email="ana@example.org", password=PASSWORD)
    visitor.press("Next", within="main")
    visitor.fills(units=UNITS)
    visitor.press("Found the organisation", within="main")
    yield "the organisation is founded"


def _loaded(visitor: Visitor, path: Path, rows: int) -> Iterator[str]:
    page = visitor.page
    visitor.goes("/imports/new/")
    page.locator("input[type=file]").set_input_files(path)
    visitor.press("Continue", within="main")
    page.locator(".i-preview").wait_for()
    visitor.press("The rows are right", within="main")
    kind = page.locator("select[id$='-kind']").filter(has_text="YYMMDD").first
    expect(kind).to_have_value("")  # six digits may be several days
    visitor.fills(**{kind.get_attribute("name"): "timestamp:ymd:YYMMDD"})
    visitor.press("Check the file", within="main")
    ready = page.locator("main .c-stats").inner_text()
    assert str(rows) in re.sub(r"\s", "", ready), ready
    visitor.press(page.locator("main .c-form-steps button.primary").inner_text().strip(), within="main")
    page.locator("#load .c-notice.tone-good").wait_for(timeout=60_000)
    yield "the file is loaded"
    return page.url


def _drawn(visitor: Visitor, result: str, chart: Chart) -> None:
    page = visitor.page
    visitor.goes("/imports/" + result.split("/imports/")[1])
    visitor.press("Create an indicator from this", within="main")
    expect(page.locator(".w-figures .w-last")).to_be_visible()
    for name, said in chart.sentence.items():
        visitor.fills(**{name: said})
        page.wait_for_load_state("networkidle")
    owner = page.locator("[name=owner] option").nth(1).get_attribute("value")
    visitor.fills(better=chart.better, owner=owner)
    visitor.press("Create", within="main form")
    expect(page.locator("#control-chart .c-chart-plot svg")).to_be_visible(timeout=90_000)
    newest = page.locator("#control-chart [data-chart-table] tbody tr").first
    shown = _figure(newest.locator("td").first.inner_text())
    assert abs(shown - chart.newest) <= 0.005 * chart.newest, (shown, chart)


def _figure(text: str) -> float:
    """The first number of a sentence, as Spanish writes it."""
    found = re.search(r"\d[\d\s\u00a0\u202f]*(?:,\d+)?", text)
    assert found, text
    return float(re.sub(r"\s", "", found.group()).replace(",", "."))
