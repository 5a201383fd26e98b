"""A pytest plugin: tests get a data folder and a database of their own, never those of the person who runs them."""

from __future__ import annotations

import os
import shutil
import tempfile


def _isolate() -> str:
    for name in [name for name in os.environ if name == "DATABASE_URL" or name.startswith("CALIDEZ_")]:
        if name not in KEPT:
            del os.environ[name]
    folder = tempfile.mkdtemp(prefix="calidez-test-")
    os.environ["CALIDEZ_DATA"] = folder
    os.environ["CALIDEZ_LANGUAGE"] = "en"  # what tests quote; those about Spanish ask for it
    os.mkdir(os.path.join(folder, "static"))  # or every first page of a test warns that it is missing
    if os.environ.get("CALIDEZ_TEST_ON") == "postgresql":
        os.environ["DATABASE_URL"] = os.environ["CALIDEZ_TEST_DATABASE_URL"]
    return folder


KEPT = {
    "CALIDEZ_TEST_DATABASE_URL",
    "CALIDEZ_TEST_ON",
    "CALIDEZ_TEST_CLOSING",
    "CALIDEZ_TEST_TEMPLATE",
    "CALIDEZ_REQUIRE_POSTGRESQL",
    "CALIDEZ_REQUIRE_BROWSER",
    "CALIDEZ_CHROMIUM",
    "CALIDEZ_PARTS",
}
# Django reads its settings before any conftest, so this runs when the plugin is imported.
FOLDER = _isolate()


def pytest_unconfigure() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
