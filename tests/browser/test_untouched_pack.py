"""Who begins with a starter pack sees drafts that wait and the way to begin, and nothing that looks broken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from calidez.samples.serving import run, served

MAIL, PASSWORD = "ana@example.org", "seven quiet harbour lamps"


@pytest.fixture(params=[("hotel", "es"), ("clinic", "en")], ids=lambda pack: pack[0])
def begun(
    request: pytest.FixtureRequest, installed: Callable[[Path], Path], tmp_path: Path
) -> Iterator[tuple[str, str]]:
    """A new installation into which somebody has loaded a pack and nothing else; its address and language."""
    key, language = request.param
    data = tmp_path / "var"
    installed(data)
    account = ("--name", "Ana", "--organisation", "Casa Azul", "--password", PASSWORD)
    run(data, "user", "create", MAIL, *account, "--language", language)
    run(data, "import-pack", key, "--language", language)
    with served(data, language) as address:
        yield address, language


def test_an_untouched_pack_breaks_nothing_and_says_how_to_begin(
    begun: tuple[str, str], arrive: Callable[..., Any]
) -> None:
    address, language = begun
    visitor = arrive(address, language=language)
    page = visitor.page
    visitor.goes("/login/")
    visitor.fills(username=MAIL, password=PASSWORD)
    visitor.press("Sign in", within="main")
    for place in ("/broken-links/", "/my-work/", "/standards/", "/"):
        visitor.goes(place)
        assert page.locator(".c-brought a").first.inner_text().startswith("1"), "how many drafts wait"
    visitor.goes("/broken-links/")
    visitor.sees("No broken links.", within="main")
    for kind in ("policies", "commitments", "objectives"):
        visitor.goes(f"/{kind}/")
        page.locator("main tbody a").first.click()
        page.locator("#panel-history").wait_for()
        visitor.panel("thread")
        assert not page.locator("#panel-gaps, .c-node-broken").count(), kind
        assert not re.search(r"to mend|por corregir|[Bb]roken link|[Ee]slabón roto", page.inner_text("main"))
    visitor.goes("/")
    page.locator(".c-brought a").first.click()
    visitor.sees("What to do next", within="main")
    visitor.well()
