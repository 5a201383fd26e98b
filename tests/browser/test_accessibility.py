"""No page breaks a rule that a machine can check, light on a desk and dark on a phone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PLACES = [((1440, 900), "light"), ((390, 844), "dark")]
VIEWS = ("chart", "promise", "branches", "signals", "definition")
LISTS = ("standards", "signals", "baselines")  # with badges, with sentences, empty
DETAILS = ("standards", "imports", "datasets", "people")


@pytest.fixture(params=PLACES, ids=["desk", "phone"])
def visitor(welcome, request):
    size, theme = request.param
    return welcome("quality_manager", size=size, theme=theme)


def passes(visitor) -> None:
    """Every rule of axe, on the page as it is now."""
    page = visitor.page
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    told = [
        f"{one['id']}: "
        + " | ".join(node["html"][:160] + " " + node["failureSummary"][-160:] for node in one["nodes"][:3])
        for one in found["violations"]
    ]
    assert not told, page.url + "\n" + "\n".join(told)


def test_home(visitor):
    visitor.goes("/")
    passes(visitor)
    visitor.page.locator("details.scope summary").click()
    visitor.page.locator("details.scope button.c-menu-item").first.wait_for()
    passes(visitor)


def test_every_view_of_an_indicator(visitor, indicator_address):
    for view in VIEWS:
        visitor.goes(f"{indicator_address}?show={view}")
        for chart in visitor.page.locator("calidez-chart").all():
            chart.locator(".c-chart-plot svg").first.wait_for()
        passes(visitor)
    visitor.goes(indicator_address)
    visitor.chart("control-chart")
    visitor.page.keyboard.press("t")
    visitor.opens("Adjust")
    passes(visitor)


def test_lists_and_details(visitor):
    for kind in LISTS:
        visitor.goes(f"/{kind}/")
        passes(visitor)
    for kind in DETAILS:
        visitor.goes(f"/{kind}/")
        visitor.page.locator("main tbody a").first.click()
        visitor.page.wait_for_url(re.compile("[0-9a-f]{8}-"))
        visitor.well()
        passes(visitor)


def test_a_filtered_list_with_its_menu_open(visitor):
    visitor.goes("/signals/?state=new")
    visitor.opens("Filter", within="main")
    passes(visitor)


def test_forms_with_and_without_errors(visitor):
    visitor.goes("/standards/new/")
    passes(visitor)
    visitor.goes("/indicators/new/")
    visitor.press("Create", within="main form", status=422)
    passes(visitor)


def test_pages_of_strangers_and_of_no_way(welcome):
    for size, theme in PLACES:
        stranger = welcome(size=size, theme=theme)
        stranger.goes("/login/")
        passes(stranger)
        stranger.signs_in("inspector", "no es esta")
        passes(stranger)
        lost = welcome("auditor", size=size, theme=theme)
        lost.goes("/no-such-page/", status=404)
        passes(lost)
        lost.goes("/standards/new/", status=403)
        passes(lost)


def test_the_steps_of_an_import(visitor, tmp_path):
    path = tmp_path / f"accesible_{visitor.page.viewport_size['width']}.csv"
    path.write_text(
        "mes,centro,visitas,quejas\n2025-01-15,RJ1,10,1\n2025-02-15,Lejos,12,dos\n", encoding="utf-8"
    )
    page = visitor.page
    visitor.goes("/imports/new/")
    passes(visitor)
    page.set_input_files("input[type=file]", path)
    visitor.press("Continue", within="main")
    page.locator(".i-preview").wait_for()
    passes(visitor)
    visitor.press("The rows are right", within="main")
    passes(visitor)
    visitor.press("Check the file", within="main")
    page.locator(".c-stats").wait_for()
    visitor.well()
    passes(visitor)


def test_a_conflict(visitor, welcome):
    visitor.goes("/standards/new/")
    visitor.fills(title="Con dos manos", requirement="Algo que se cumple.", target="90")
    visitor.page.locator("main [name=owner]").select_option(index=1)
    visitor.page.locator("main [name=unit]").select_option(index=1)
    visitor.press("Create", within="main form")
    address = visitor.page.url + "edit/"
    visitor.goes(address)
    other = welcome("administrator")
    other.goes(address)
    other.fills(title="Con cuatro manos", tolerance="3")
    other.press("Save", within="main form")
    visitor.fills(title="Con seis manos")
    visitor.press("Save", within="main form", status=409)
    passes(visitor)


def test_my_work_and_what_i_was_told(visitor):
    visitor.goes("/my-work/")
    passes(visitor)
    visitor.page.locator(".w-menu summary").first.click()
    passes(visitor)
    visitor.page.keyboard.press("Escape")
    visitor.page.locator("details.bell summary").click()
    visitor.page.locator(".bell-items .n-item, .bell-items .n-none").first.wait_for()
    passes(visitor)
    for address in ("/notifications/", "/notifications/settings/", "/my-work/calendar/", "/my/api-tokens/"):
        visitor.goes(address)
        passes(visitor)
    visitor.goes("/my-work/")
    with visitor.page.expect_navigation():
        visitor.page.locator("a[href*='hand-on']").first.click()
    passes(visitor)
