"""An installation of its own, as its operator has it: a folder, the commands run on it, and the processes that serve it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calidez.config.tests.processes import alive, descendants, free_port, kill, port_is_free, until

COMMAND = "calidez.config.cli"
PASSWORD = "una-clave-larga-y-buena"
OWNER = "ada@example.org"
DJANGO = (
    "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'calidez.config.settings'; django.setup()\n"
)
Result = subprocess.CompletedProcess[str]


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


class Installation:
    """One data folder, one port, perhaps a PostgreSQL; `web` processes and a worker below one supervisor."""

    def __init__(self, folder: Path, *, database: str = "", web: int = 1, **environ: str) -> None:
        self.folder, self.web_processes = folder, web
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CALIDEZ_")}
        kept.pop("DATABASE_URL", None)
        self.environ = kept | {
            "CALIDEZ_DATA": str(folder),
            "CALIDEZ_LANGUAGE": "en",
            "CALIDEZ_API_LIMIT": "0",
            "COLUMNS": "200",
            **environ,
        }
        if database:
            self.environ["DATABASE_URL"] = database
        self.port = free_port()
        self.log = folder.parent / f"{folder.name}.log"
        self._server: subprocess.Popen[bytes] | None = None

    # -- commands -------------------------------------------------------------------------------------------

    def run(self, *arguments: str, **environ: str) -> Result:
        return self._python("-m", COMMAND, *arguments, **environ)

    def command(self, *arguments: str, code: int = 0) -> str:
        """All that it says, where it ends as it should."""
        done = self.run(*arguments)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def script(self, code: str, *arguments: str) -> str:
        """Python inside the installation, for what no command shows: all that it prints."""
        done = self._python("-c", DJANGO + code, *arguments)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.strip()

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """A command, or a script after "-c", that goes on by itself; what it logs is kept."""
        line = ["-c", DJANGO + words[1]] if words[0] == "-c" else ["-m", COMMAND, *words]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *line],
                env=self.environ,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )

    def found(self) -> None:
        """The organisation and its first person, by whom everything else is done."""
        names = ("--name", "Ada", "--organisation", "Clínica Norte", "--password", PASSWORD)
        self.command("migrate")
        self.command("user", "create", OWNER, *names)

    def _python(self, *arguments: str, **environ: str) -> Result:
        return subprocess.run(
            [sys.executable, *arguments],
            env=self.environ | environ,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    # -- processes ------------------------------------------------------------------------------------------

    def serve(self) -> None:
        self._server = self.start("serve", f"--port={self.port}", f"--workers={self.web_processes}")

    @contextmanager
    def served(self) -> Iterator[None]:
        """From its first answer to the end of the block."""
        self.serve()
        try:
            until(self.answers, 120)
            yield
        finally:
            self.stop()

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
        return [pid for pid, command in descendants(self.supervisor).items() if mark in command]

    def everything(self) -> list[int]:
        return [self.supervisor, *descendants(self.supervisor)]

    def stop(self) -> int:
        """How the supervisor ended; whatever does not end by itself is killed."""
        if self._server is None:
            return 0
        if self.serves:
            left = self.everything()
            os.kill(self.supervisor, signal.SIGTERM)
            with suppress(TimeoutError):
                until(lambda: not any(map(alive, left)), 40)
            kill(*left)
        return self._server.wait()

    def ended(self) -> None:
        """Until nothing of it lives after a kill: also web processes that only notice that their supervisor is gone."""
        assert self._server is not None
        self._server.wait()
        until(lambda: port_is_free(self.port), 60)

    # -- requests -------------------------------------------------------------------------------------------

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answers(self, seconds: float = 2) -> bool:
        try:
            return self.ask("GET", "/health/", timeout=seconds).status == 200
        except Lost:
            return False

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
