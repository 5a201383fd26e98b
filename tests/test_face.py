"""The specimen page in a real browser: nothing the policy refuses, nothing axe finds, and a chart read without a mouse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from tests.specimen.pages import specimen

from calidez.config import urls
from calidez.config.welcome import middleware
from calidez.people.models import Unit

AXE = Path(__file__).parent.parent / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCREENS = (("light", 1440, 900), ("dark", 390, 844))

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address(live_server: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """The specimen is no page of the product: the test gives it its address and its template."""
    settings.ROOT_URLCONF = (path("specimen/", login_not_required(specimen)), *urls.urlpatterns)
    # Without an organisation every other address leads to the welcome.
    monkeypatch.setattr(middleware, "OPEN", (*middleware.OPEN, "/specimen/"))
    folders = [Path(__file__).parent / "specimen" / "templates"]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], *folders]} for engine in settings.TEMPLATES]
    return str(live_server.url)


@pytest.fixture
def page(browser: Any) -> Any:
    context = browser.new_context(locale="es-ES")
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    context.close()


@pytest.mark.parametrize(("theme", "width", "height"), SCREENS)
@pytest.mark.parametrize(
    "shown", ["", "?show=list", "?show=empty", "?show=detail", "?show=form", "?show=conflict"]
)
def test_page_is_accessible_and_obeys_the_content_policy(
    address: str, page: Any, theme: str, width: int, height: int, shown: str
) -> None:
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{address}/specimen/{shown}")
    for chart in page.locator(".c-chart-plot").all():
        chart.locator("svg").wait_for()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"wider than {width} px"
    assert page.complaints == []


def test_sign_in_page_is_accessible_with_and_without_scripts(address: str, browser: Any, page: Any) -> None:
    # Without an organisation every address leads to the welcome; no trail, which a flush could not empty.
    Unit.objects.create(code="NW", name="Northwind", kind=Unit.Kind.ORGANISATION, path="/nw/")
    page.goto(f"{address}/login/")
    assert violations(page) == []
    assert page.complaints == []
    plain = browser.new_context(java_script_enabled=False)
    without = plain.new_page()
    without.goto(f"{address}/login/")
    without.fill("#id_username", "nobody@example.org")
    without.fill("#id_password", "wrong")
    without.keyboard.press("Enter")
    without.wait_for_selector(".c-notice")
    plain.close()


def test_chart_is_read_by_keyboard_and_as_a_table(address: str, page: Any) -> None:
    page.goto(f"{address}/specimen/")
    plot = page.locator(".c-chart-plot")
    plot.locator("svg").wait_for()
    plot.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert page.locator("[data-chart-reading]").inner_text() == (
        "March 2018: 84.2%, below the lower limit (86.0–95.5%)"
    )
    assert page.locator(".c-chart-tip").is_visible()
    table = page.locator("#specimen-chart-table")
    assert not table.is_visible()
    page.keyboard.press("t")
    assert table.locator("tbody tr").count() == 40
    assert table.is_visible()


def test_chart_follows_theme_and_width(address: str, page: Any) -> None:
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{address}/specimen/")
    drawn = page.locator(".c-chart-plot svg")
    drawn.wait_for()
    assert "#2b2521" in drawn.inner_html()
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.querySelector('.c-chart-plot svg').innerHTML.includes('#efe9e2')")
    page.set_viewport_size({"width": 700, "height": 900})
    page.wait_for_function(
        "document.querySelector('.c-chart-plot svg').clientWidth <= document.querySelector('.c-chart-plot').clientWidth"
    )


def test_list_renews_only_its_rows_and_says_when_it_cannot(address: str, page: Any) -> None:
    page.goto(f"{address}/specimen/?show=list")
    page.evaluate("window.stayed = true")
    page.click("#sort-2")
    page.wait_for_url("**/specimen/?show=list&sort=title")
    page.wait_for_function("document.getElementById('announcer').textContent.includes('274')")
    assert page.evaluate("[window.stayed, document.activeElement.id]") == [True, "sort-2"]
    page.route("**/specimen/**", lambda route: route.abort())
    page.click("#page-next")
    page.locator("#part-failed").wait_for(state="visible")


def violations(page: Any) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]
