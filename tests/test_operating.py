"""An installation as its operator meets it: who works on a folder is known, and the log, the probes and `check` tell the truth."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from calidez.config.tests.installation import Installation, Lost
from calidez.config.tests.processes import kill, until

pytestmark = pytest.mark.processes
TOKEN = "0123456789abcdefghij"


class Served(Installation):
    """One that is asked how it is."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, CALIDEZ_LOG_FORMAT="json", CALIDEZ_METRICS_TOKEN=TOKEN)

    def is_live(self) -> bool:
        try:
            return self.ask("GET", "/health/live").status == 200
        except Lost:
            return False

    def look(self, name: str) -> dict[str, Any]:
        checks = self.ask("GET", "/health/ready").json["checks"]
        return next((check for check in checks if check["name"] == name), {})


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, installed: Callable[[Path], Path]) -> Iterator[Served]:
    site = Served(tmp_path_factory.mktemp("served") / "var")
    installed(site.folder)
    with site.served():
        yield site


def test_a_second_server_of_a_folder_is_refused_and_told_of_the_first(served: Served) -> None:
    done = served.run("serve", "--port", str(served.port + 1))
    assert done.returncode == 1
    assert f"127.0.0.1:{served.port} (process {served.supervisor} on " in done.stderr
    assert done.stderr.count("\n") == 1
    looked = json.loads(served.run("check", "--json", "--port", str(served.port)).stdout)
    assert looked["ok"], looked
    assert str(served.supervisor) in looked["here"][0]
    assert served.run("worker", "--once").returncode == 0, "a worker beside the server is welcome"


def test_what_falls_is_known_to_the_probes_and_the_figures(served: Served) -> None:
    until(lambda: served.look("worker").get("ok"))
    before = served.look("restarts")["last_hour"]
    kill(*served.processes("web"))
    until(lambda: served.look("restarts").get("last_hour") == before + 1)
    figures = served.ask("GET", "/metrics", Authorization=f"Bearer {TOKEN}")
    assert figures.status == 200
    assert f"calidez_process_restarts_last_hour {before + 1}.0" in figures.text


def test_a_server_that_is_killed_makes_room_for_the_next(served: Served) -> None:
    kill(served.supervisor)
    served.ended()
    assert not served.is_live()
    served.serve()
    until(served.is_live)
    until(lambda: served.ask("GET", "/health/ready?exclude=restarts").status == 200)


def test_every_line_of_the_log_is_json_whoever_wrote_it(served: Served) -> None:
    served.ask("GET", "/login/", Host="evil.example")
    served.ask("GET", "/a%0d%0a%7bforged%7d")
    lines = [json.loads(line) for line in served.log.read_text().splitlines()]
    writers = {line["logger"] for line in lines}
    assert {"calidez.serving", "calidez.requests", "django.security.DisallowedHost"} <= writers
    asked = [line for line in lines if line["logger"] == "calidez.requests"]
    assert all(line["request"] and line["status"] and line["path"].startswith("/") for line in asked)
    assert not [
        line for line in lines if line["logger"] == "django.security.DisallowedHost" and "trace" in line
    ]
