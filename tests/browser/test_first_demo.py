"""The first thing that anybody does: `calidez demo` on an empty folder, then a file of their own into a new dataset.

What was loaded before serving must not live on in the processes that serve.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

SECONDS = 180  # the sample is loaded before anything is served
FACTS = "dia;hospital;visitas\n" + "".join(f"{day:02}/04/2026;RJ1;{day}\n" for day in range(1, 25))


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[tuple[str, int]]:
    """The address of the demonstration, and the process that was started for it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CALIDEZ_")}
    server = subprocess.Popen(
        [Path(sys.executable).parent / "calidez", "demo", "--port", str(port), "--language", "es"],
        env=kept | {"CALIDEZ_DATA": str(tmp_path / "var"), "DATABASE_URL": ""},
        stdout=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}", server.pid
    finally:
        server.terminate()
        server.wait(timeout=30)


def test_a_file_of_ones_own_after_the_first_demo(
    demo: tuple[str, int], arrive: Callable[..., Any], tmp_path: Path
) -> None:
    address, pid = demo
    wait_for(address)
    assert memory_of(pid) < 40, "who only watches holds nothing"

    visitor = arrive(address)
    page = visitor.page
    visitor.goes("/login/")
    visitor.signs_in("administrator")
    own = tmp_path / "visitas.csv"
    own.write_text(FACTS, encoding="utf-8")
    visitor.goes("/imports/new/")
    page.set_input_files("input[type=file]", own)
    visitor.press("Continue", within="main")
    page.locator(".i-preview").wait_for()
    visitor.press("The rows are right", within="main")
    visitor.fills(**{"0-kind": "date:dmy", "1-role": "branch"})
    visitor.press("Check the file", within="main")
    page.locator("main .c-stats").wait_for()
    with page.expect_navigation():
        page.locator("main .c-form-steps button.primary").click()
    page.locator("#load .c-notice.tone-good").wait_for()
    assert re.search(r"\b24\b", page.locator("main .c-stats").inner_text())
    visitor.well()


def wait_for(address: str) -> None:
    until = time.monotonic() + SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"{address}/health/", timeout=5):
                return
        except OSError:
            assert time.monotonic() < until, "the demonstration was not served"
            time.sleep(0.3)


def memory_of(pid: int) -> int:
    """In megabytes."""
    said = Path(f"/proc/{pid}/status").read_text()
    return int(said.partition("VmRSS:")[2].split()[0]) >> 10
