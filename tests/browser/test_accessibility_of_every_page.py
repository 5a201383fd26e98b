"""Every page that the declarations and the menus lead to keeps the rules that a machine can check.

The pages are not named here: lists, forms and details follow from the catalog, the rest from what an administrator finds in
the menus. Each is looked at once, on a desk in light or on a phone in the dark, turn and turn about.
"""

from __future__ import annotations

from itertools import cycle

import pytest

from calidez.kit.catalog import catalog

from .test_accessibility import PLACES, passes

SLUGS = sorted(entity.slug for entity in catalog)
MENUS = ".shell-side a[href], .shell-top .c-menu-panel a[href], .admin-cards a[href], main a.c-tile"
OTHERS = (
    "/scope/",
    "/search/?q=urgencias",
    "/search/?q=nothing-is-called-this",
    "/notifications/?show=unread",
    "/security/password/",
    "/security/second-factor/",
)


@pytest.fixture
def visitors(welcome):
    """The administrator on the desk and on the phone, in turn."""
    return cycle([welcome("administrator", size=size, theme=theme) for size, theme in PLACES])


@pytest.mark.parametrize("slug", SLUGS)
def test_a_kind_of_record(visitors, slug):
    """Its list, its form, its file, and a record with its form and what can be done to it."""
    visitor = next(visitors)
    visitor.goes(f"/{slug}/")
    passes(visitor)
    found = set(_addresses(visitor, "main a[href]"))
    records = [a for a in _addresses(visitor, "main tbody a[href]") if a.startswith(f"/{slug}/")]
    record = records[0] if records else ""
    pages = [f"/{slug}/{page}/" for page in ("new", "load") if f"/{slug}/{page}/" in found]
    if record:
        visitor.goes(record)
        passes(visitor)
        forms = (f"{record}edit/", f"{record}do/")
        steps = [a for a in _addresses(visitor, "main a[href]") if a.startswith(forms)]
        pages += list(dict.fromkeys(steps))[:3]
    for page in [*pages, f"/{slug}/views/"]:
        visitor = next(visitors)
        visitor.goes(page)
        passes(visitor)


def test_what_the_menus_lead_to(visitors):
    visitor = next(visitors)
    found: dict[str, None] = {}
    for start in ("/", "/administration/"):
        visitor.goes(start)
        found |= dict.fromkeys(a for a in _addresses(visitor, f"{MENUS}, main a[href]") if a.count("/") < 4)
    lists = {f"/{slug}/" for slug in SLUGS}
    for address in [a for a in found if a not in lists] + list(OTHERS):
        visitor = next(visitors)
        visitor.goes(address)
        passes(visitor)


def test_what_opens_over_a_page(visitors):
    """Search with hits and without, the person's menu, the tools of a list, the keys of a list."""
    for visitor in (next(visitors), next(visitors)):
        page = visitor.page
        visitor.goes("/units/")
        page.keyboard.press("Control+k")
        page.locator("#search-dialog .s-hit").first.wait_for()
        passes(visitor)
        page.keyboard.type("zzzzqqqq")
        page.locator("#search-dialog .s-none").wait_for()
        passes(visitor)
        page.keyboard.press("Escape")
        page.locator(".shell-top .avatar-letter").click()
        passes(visitor)
        page.keyboard.press("Escape")
        for menu in ("list-views", "list-groups", "list-columns", "list-downloads", "list-filters"):
            page.locator(f"#{menu} > summary").click()
            page.locator(f"#{menu}").locator("a, input, button").filter(visible=True).first.wait_for()
            passes(visitor)
            visitor.well()
            page.locator(f"#{menu} > summary").click()
        page.locator("main tbody .c-pick").first.check()
        page.locator(".c-bulk").wait_for()
        passes(visitor)


def _addresses(visitor, places: str) -> list[str]:
    """Where links of the page lead, within the site and without their questions."""
    raw = visitor.page.locator(places).evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    plain = [address.split("?")[0].split("#")[0] for address in raw if address.startswith("/")]
    return [
        address for address in plain if address.endswith("/")
    ]  # the rest are files, and Swagger's own page
