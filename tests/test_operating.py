"""An installation as its operator meets it: who works on a folder is known, and the log, the probes and `check` tell the truth."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.processes
TOKEN = "0123456789abcdefghij"


class Served:
    """A served installation whose log is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder / "var", folder / "log"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CALIDEZ_")}
        kept.pop("DATABASE_URL", None)
        self.environ = kept | {
            "CALIDEZ_DATA": str(self.folder),
            "CALIDEZ_LANGUAGE": "en",
            "CALIDEZ_LOG_FORMAT": "json",
            "CALIDEZ_METRICS_TOKEN": TOKEN,
        }
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port = free.getsockname()[1]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "calidez.config.cli", *arguments]
        return subprocess.run(
            command, env=self.environ, capture_output=True, text=True, timeout=60, check=False
        )

    def start(self) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            "calidez.config.cli",
            "serve",
            "--port",
            str(self.port),
            "--workers",
            "1",
        ]
        with self.log.open("ab") as log:
            self.server = subprocess.Popen(command, env=self.environ, stdout=subprocess.DEVNULL, stderr=log)
        until(lambda: self.get("/health/live")[0] == 200)
        return self.server

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(asked, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()
        except OSError:
            return 0, ""

    def look(self, name: str) -> dict[str, Any]:
        checks = json.loads(self.get("/health/ready")[1] or '{"checks": []}')["checks"]
        return next((check for check in checks if check["name"] == name), {})

    def children(self, what: str) -> list[int]:
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdecimal():
                try:
                    parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
                    command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                except OSError:
                    continue
                if parent == self.server.pid and what in command:
                    found.append(int(folder.name))
        return found


def until(true: Callable[[], Any], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "did not come about"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, installed: Callable[[Path], Path]) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("served"))
    installed(served.folder)
    served.start()
    yield served
    served.server.terminate()
    served.server.wait(30)


def test_a_second_server_of_a_folder_is_refused_and_told_of_the_first(served: Served) -> None:
    done = served.run("serve", "--port", str(served.port + 1))
    assert done.returncode == 1
    assert f"127.0.0.1:{served.port} (process {served.server.pid} on " in done.stderr
    assert done.stderr.count("\n") == 1
    looked = json.loads(served.run("check", "--json", "--port", str(served.port)).stdout)
    assert looked["ok"], looked
    assert str(served.server.pid) in looked["here"][0]
    assert served.run("worker", "--once").returncode == 0, "a worker beside the server is welcome"


def test_what_falls_is_known_to_the_probes_and_the_figures(served: Served) -> None:
    until(lambda: served.look("worker").get("ok"))
    before = served.look("restarts")["last_hour"]
    (web,) = served.children("config.web")
    os.kill(web, signal.SIGKILL)
    until(lambda: served.look("restarts").get("last_hour") == before + 1)
    status, figures = served.get("/metrics", Authorization=f"Bearer {TOKEN}")
    assert status == 200
    assert f"calidez_process_restarts_last_hour {before + 1}.0" in figures


def test_a_server_that_is_killed_makes_room_for_the_next(served: Served) -> None:
    served.server.kill()
    served.server.wait()
    until(lambda: served.get("/health/live")[0] == 0)
    served.start()
    until(lambda: served.get("/health/ready?exclude=restarts")[0] == 200)


def test_every_line_of_the_log_is_json_whoever_wrote_it(served: Served) -> None:
    served.get("/login/", Host="evil.example")
    served.get("/a%0d%0a%7bforged%7d")
    lines = [json.loads(line) for line in served.log.read_text().splitlines()]
    writers = {line["logger"] for line in lines}
    assert {"calidez.serving", "calidez.requests", "django.security.DisallowedHost"} <= writers
    asked = [line for line in lines if line["logger"] == "calidez.requests"]
    assert all(line["request"] and line["status"] and line["path"].startswith("/") for line in asked)
    assert not [
        line for line in lines if line["logger"] == "django.security.DisallowedHost" and "trace" in line
    ]
