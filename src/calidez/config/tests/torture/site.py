"""An installation of its own, served by real processes that can be killed one by one."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PASSWORD = "una-clave-larga-y-buena"
OWNER = "ada@example.org"
DJANGO = (
    "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'calidez.config.settings'; django.setup()\n"
)


class Lost(Exception):
    """No answer: whether the request was done is not known."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


class Site:
    """One data folder, one port, perhaps a PostgreSQL; `web` processes and a worker below one supervisor."""

    def __init__(self, folder: Path, *, database: str = "", web: int = 2) -> None:
        self.folder, self.web_processes = folder, web
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CALIDEZ_")}
        kept.pop("DATABASE_URL", None)
        self.environ = kept | {
            "CALIDEZ_DATA": str(folder),
            "CALIDEZ_LANGUAGE": "en",
            "CALIDEZ_API_LIMIT": "0",
        }
        if database:
            self.environ["DATABASE_URL"] = database
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port = free.getsockname()[1]
        self.log = folder.parent / f"{folder.name}.log"
        self.token = ""
        self._server: subprocess.Popen[bytes] | None = None

    # -- commands -------------------------------------------------------------------------------------------

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._python("-m", "calidez.config.cli", *arguments)

    def script(self, code: str, *arguments: str) -> str:
        """Python inside the installation, for what no command shows."""
        done = self._python("-c", DJANGO + code, *arguments)
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        return done.stdout.strip()

    def found(self) -> None:
        names = ("--name", "Ada", "--organisation", "Clínica Norte", "--password", PASSWORD)
        for arguments in (("migrate",), ("user", "create", OWNER, *names)):
            done = self.command(*arguments)
            if done.returncode:
                raise RuntimeError(done.stdout + done.stderr)
        self.token = self.script(
            "import datetime as dt\nfrom django.utils import timezone\n"
            "from calidez.kit.faces.api.tokens import Line, issue\nfrom calidez.people.models import User\n"
            "ends = timezone.now() + dt.timedelta(days=30)\n"
            "print(issue(name='torture', lines=[Line()], expires_at=ends, by=User.objects.get()).secret)"
        )

    def _python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    # -- processes ------------------------------------------------------------------------------------------

    def serve(self) -> None:
        line = [sys.executable, "-m", "calidez.config.cli", "serve", f"--port={self.port}"]
        with self.log.open("ab") as log:
            self._server = subprocess.Popen(
                [*line, f"--workers={self.web_processes}"],
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def serves(self) -> bool:
        """Whether the supervisor still lives."""
        return self._server is not None and self._server.poll() is None

    @property
    def supervisor(self) -> int:
        assert self._server is not None
        return self._server.pid

    def processes(self, of: str) -> list[int]:
        """The process numbers of the kind: "web" or "worker"."""
        mark = {"web": "calidez.config.web", "worker": "calidez.config.cli worker"}[of]
        return [pid for pid, command in _children(self.supervisor).items() if mark in command]

    def everything(self) -> list[int]:
        return [self.supervisor, *_children(self.supervisor)]

    def stop(self) -> None:
        if not self.serves:
            return
        left = self.everything()
        os.kill(self.supervisor, signal.SIGTERM)
        with suppress(TimeoutError):
            until(lambda: not any(map(alive, left)), 40)
        kill(*left)
        assert self._server is not None
        self._server.wait()

    def killed_as_a_whole(self) -> None:
        """Until nothing of it lives: also web processes that only notice that their supervisor is gone."""
        assert self._server is not None
        self._server.wait()
        until(lambda: port_is_free(self.port), 60)

    def answers(self, seconds: float = 2) -> bool:
        try:
            return self.ask("GET", "/health/", timeout=seconds).status == 200
        except Lost:
            return False

    # -- requests -------------------------------------------------------------------------------------------

    def ask(
        self, method: str, path: str, body: bytes | None = None, *, timeout: float = 60, **headers: str
    ) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body=body, headers=named)
            got = connection.getresponse()
            return Answer(got.status, got.read(), {k.lower(): v for k, v in got.getheaders()})
        except (OSError, http.client.HTTPException) as error:
            raise Lost(str(error)) from error
        finally:
            connection.close()

    def api(self, method: str, path: str, content: Any = None, **headers: str) -> Answer:
        given = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"} | headers
        if isinstance(content, bytes):
            return self.ask(method, f"/api/v1{path}", content, **given)
        body = None if content is None else json.dumps(content).encode()
        return self.ask(method, f"/api/v1{path}", body, **given, Content_Type="application/json")


def kill(*pids: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def until(true: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def _children(of: int) -> dict[int, str]:
    """The living descendants of a process, with their command lines."""
    parents: dict[int, tuple[int, str]] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        with suppress(OSError):
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            if fields[0] != "Z":
                parents[int(folder.name)] = (int(fields[1]), command)
    found: dict[int, str] = {}
    edge = {of}
    while edge:
        edge = {pid for pid, (parent, _command) in parents.items() if parent in edge}
        found |= {pid: parents[pid][1] for pid in edge}
    return found
