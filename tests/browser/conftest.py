"""One served sample for all journeys, and visitors whose every page is watched for faults."""

from __future__ import annotations

import gettext
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import calidez
from calidez.samples.emergency.texts import TEXTS
from calidez.samples.services import ADDRESS, PASSWORD
from calidez.samples.serving import run, served

PACKAGE = Path(calidez.__file__).parent
DESK, PHONE = (1440, 900), (390, 844)
# A busy machine may be slow; nothing waits longer than it must.
PATIENCE = 30_000
TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return "";
  const wide = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > room + 1);
  return `wider than ${room} px: ` + wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(" | ");
}"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


class Visitor:
    """A person at a browser of their own. Sentences are given as in the sources and looked for in their language."""

    def __init__(self, context: Any, language: str) -> None:
        self.context, self.language = context, language
        self.page = context.new_page()
        self.faults: list[str] = []
        self.expected: set[int] = set()
        self._watch(self.page)

    # what they do

    def goes(self, path: str, *, status: int = 200) -> Any:
        with self.expecting(status):
            answer = self.page.goto(path)
        assert answer.status == status, f"{path} answered {answer.status}"
        self.well()
        return answer

    def press(self, sentence: str, *, status: int = 200, within: str = "body", **values: object) -> None:
        """A button or link that leads to another page, by its whole name."""
        answers: list[int] = []

        def note(answer: Any) -> None:
            if answer.request.is_navigation_request() and answer.frame == self.page.main_frame:
                answers.append(answer.status)

        self.page.on("response", note)
        # A new page, and no change of the address within this one.
        with self.expecting(status), self.page.expect_event("domcontentloaded"):
            self.step(sentence, within=within, **values).click()
        self.page.wait_for_load_state()
        self.page.remove_listener("response", note)
        said = " ".join(self.page.locator("#error-summary").all_inner_texts())
        assert answers[-1] == status, f"{sentence}: answered {answers[-1]} {said}"
        self.well()

    def step(self, sentence: str, *, within: str = "body", **values: object) -> Any:
        """The visible button or link of this name."""
        name, place = self.say(sentence, **values), self.page.locator(within)
        found = place.get_by_role("button", name=name, exact=True)
        return found.or_(place.get_by_role("link", name=name, exact=True)).filter(visible=True).first

    def opens(self, sentence: str, *, within: str = "body") -> None:
        """A menu, by what its button says."""
        words = self.say(sentence)
        self.page.locator(within).locator(
            f'summary:text-is("{words}"), summary[aria-label="{words}"], summary[title="{words}"]'
        ).filter(visible=True).first.click()

    def fills(self, **values: str) -> None:
        """Fields by their names; choices by value."""
        for name, value in values.items():
            field = self.page.locator(f'main [name="{name}"]').first
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def signs_in(self, role: str, password: str = PASSWORD, *, status: int = 200) -> None:
        self.fills(username=ADDRESS.format(role=role), password=password)
        self.press("Sign in", within="main", status=status)

    def downloads(self, sentence: str) -> tuple[str, bytes]:
        """The name and content of a file, and the link was pressed where it stands."""
        with self.page.expect_download() as coming:
            self.step(sentence).click()
        return coming.value.suggested_filename, Path(coming.value.path()).read_bytes()

    # what they see

    def say(self, sentence: str, **values: object) -> str:
        said = _words(self.language).gettext(sentence)
        return said % values if values else said

    def sees(self, sentence: str, *, within: str = "body", **values: object) -> None:
        from playwright.sync_api import expect

        words = self.say(sentence, **values)
        expect(self.page.locator(within).get_by_text(words).filter(visible=True).first).to_be_visible()

    def chart(self, name: str) -> Any:
        """A chart, once it is drawn."""
        chart = self.page.locator(f"#{name}")
        chart.locator(".c-chart-plot svg").first.wait_for()
        return chart

    def panel(self, key: str) -> Any:
        """A panel of a record's page, which may come only when it is looked at."""
        self.page.locator(f"#panel-{key}").wait_for()
        # Its place may be taken by the panel just now, so whatever stands there is scrolled to.
        self.page.evaluate("name => document.getElementById(name).scrollIntoView()", f"panel-{key}")
        panel = self.page.locator(f"#panel-{key}:not([data-later])")
        panel.wait_for()
        return panel

    # what must never be

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        self.expected = set(statuses)
        try:
            yield
        finally:
            self.expected = set()

    def well(self) -> None:
        """No script failed, nothing was refused by the content policy, no file is missing, nothing sticks out."""
        # Between two pages there is an empty one, in which nothing is too wide and nothing there at all.
        self.page.wait_for_load_state()
        wide = self.page.evaluate(TOO_WIDE)
        faults = [*self.faults, *([wide] if wide else [])]
        assert not faults, f"{self.page.url}: " + "; ".join(faults)

    def _watch(self, page: Any) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"script failed: {error}"))
        page.on("response", self._response)
        page.on("requestfailed", self._request_failed)

    def _console(self, message: Any) -> None:
        # A refused request is told by its response, which knows whether it was expected.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def _response(self, response: Any) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.faults.append(f"{response.status} from {response.url}")

    def _request_failed(self, request: Any) -> None:
        # Leaving a page, and downloading, end what was under way.
        if "ERR_ABORTED" not in (request.failure or ""):
            self.faults.append(f"{request.failure} from {request.url}")


Welcomes = Callable[..., Visitor]


@pytest.fixture(scope="session")
def sample(installed: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample: loaded once in a run, and each process of tests gets a copy of its own."""
    from calidez.config.tests.template import alone

    own = tmp_path_factory.getbasetemp()
    common = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    loaded = common / "sample"
    with alone(common / "sample.lock"):
        if not loaded.exists():
            unfinished = common / "sample.unfinished"
            installed(unfinished)
            run(unfinished, "demo", "--no-serve", "--language", "es")
            unfinished.rename(loaded)
    return Path(shutil.copytree(loaded, own / "site"))


@pytest.fixture(scope="session")
def site(browser: Any, request: pytest.FixtureRequest) -> Iterator[str]:
    """The sample, served once. While writing journeys, JOURNEYS_AT may name one that is served already."""
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)
    given = os.environ.get("JOURNEYS_AT")
    if given:
        yield given
        return
    with served(request.getfixturevalue("sample"), "es") as address:
        yield address


@pytest.fixture(scope="session")
def sessions() -> dict[str, Any]:
    """Who has signed in already: journeys that are about something else need not do it again."""
    return {}


@pytest.fixture
def arrive(browser: Any) -> Iterator[Callable[..., Visitor]]:
    """A visitor of the house at an address, in a fresh browser that is closed in the end."""
    arrived: list[Visitor] = []

    def at(
        address: str,
        *,
        size: tuple[int, int] = DESK,
        theme: str = "light",
        scripts: bool = True,
        language: str = "es",
        known_as: Any = None,
    ) -> Visitor:
        context = browser.new_context(
            base_url=address,
            locale=language,
            viewport={"width": size[0], "height": size[1]},
            color_scheme=theme,
            java_script_enabled=scripts,
            reduced_motion="reduce",
            has_touch=size == PHONE,
            storage_state=known_as,
        )
        context.set_default_timeout(PATIENCE)
        arrived.append(Visitor(context, language))
        return arrived[-1]

    yield at
    for visitor in arrived:
        visitor.context.close()


@pytest.fixture
def welcome(arrive: Callable[..., Visitor], site: str, sessions: dict[str, Any]) -> Welcomes:
    """`welcome("auditor")` is that person, signed in, in a fresh browser; `welcome()` a stranger."""

    def welcomed(role: str = "", *, anew: bool = False, **options: Any) -> Visitor:
        visitor = arrive(site, known_as=None if anew else sessions.get(role), **options)
        if role and (anew or role not in sessions):
            visitor.goes("/login/")
            visitor.signs_in(role)
            if not anew:
                sessions[role] = visitor.context.storage_state()
        return visitor

    return welcomed


@pytest.fixture
def words() -> dict[str, str]:
    """What the sample calls its things."""
    return TEXTS["es"]


@pytest.fixture
def indicator_address(site: str, welcome: Welcomes, found: dict[str, str]) -> str:
    """The page of the indicator that proves the sample's promise."""
    if "indicator" not in found:
        visitor = welcome("quality_manager")
        visitor.goes("/indicators/")
        link = visitor.page.locator("main tbody a").first
        found["indicator"] = link.get_attribute("href")
    return found["indicator"]


@pytest.fixture(scope="session")
def found() -> dict[str, str]:
    """Addresses that had to be looked for once."""
    return {}


def _words(language: str) -> gettext.NullTranslations:
    return gettext.translation("django", PACKAGE / "locale", [language], fallback=True)
