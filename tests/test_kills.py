"""`kill -9` of any process: no work lost, none done twice beyond what is promised, nothing left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

pytestmark = pytest.mark.processes
# A part of its own, whose work says when it begins and ends.
WORK = """
import time
from pathlib import Path
from calidez.kit.platform.jobs import job, report_progress

@job(title="Slow work", one_per=("number",))
def slow_work(*, number, marks):
    place = Path(marks)
    with place.open("a") as file: file.write(f"begun {number}\\n")
    for step in range(600 if place.read_text().count(f"begun {number}") == 1 and number != 2 else 1):
        report_progress(step, 600)
        time.sleep(0.05)
    with place.open("a") as file: file.write(f"ended {number}\\n")
"""


class Site:
    """A served installation with a part whose jobs can be watched from outside."""

    def __init__(self, folder: Path) -> None:
        self.marks = folder / "marks"
        self.marks.touch()
        package = folder / "packages" / "slowpart"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "jobs.py").write_text(WORK)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CALIDEZ_")}
        kept.pop("DATABASE_URL", None)
        path = os.pathsep.join(filter(None, (str(package.parent), os.environ.get("PYTHONPATH", ""))))
        self.environ = kept | {
            "CALIDEZ_DATA": str(folder / "var"),
            "CALIDEZ_LANGUAGE": "en",
            "CALIDEZ_PARTS": "slowpart",
            "PYTHONPATH": path,
        }
        self.server: subprocess.Popen[bytes] | None = None

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def script(self, code: str) -> str:
        setup = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'calidez.config.settings'; django.setup()\n"
        return self.run("-c", setup + code)

    def serve(self) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port = free.getsockname()[1]
        self.serve_again()

    def serve_again(self) -> None:
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
        self.server = subprocess.Popen(command, env=self.environ)
        until(lambda: self.answers() and self.worker() is not None)

    def answers(self, seconds: float = 5) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/", timeout=seconds) as answer:
                return answer.status == 200
        except OSError:
            return False

    def children(self) -> dict[int, str]:
        assert self.server is not None
        return _children(self.server.pid)

    def worker(self) -> int | None:
        return next((pid for pid, command in self.children().items() if "cli worker" in command), None)

    def web(self) -> set[int]:
        return {pid for pid, command in self.children().items() if "config.web" in command}

    def ask(self, number: int) -> str:
        code = f"from calidez.kit.platform.jobs import enqueue\nfrom slowpart.jobs import slow_work\nprint(enqueue(slow_work, number={number}, marks={str(self.marks)!r}))"
        return self.script(code)

    def seen(self, mark: str) -> int:
        return self.marks.read_text().splitlines().count(mark)

    def let_leases_run_out(self) -> None:
        self.script(
            "from calidez.kit.platform.jobs.models import Job; from django.utils import timezone\n"
            "Job.objects.filter(state='running').update(leased_until=timezone.now())"
        )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, installed: Callable[[Path], Path]) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"))
    installed(Path(site.environ["CALIDEZ_DATA"]))
    site.serve()
    yield site
    if site.server is not None:
        left = site.children() if site.server.poll() is None else {}
        for pid in (site.server.pid, *left):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        site.server.wait()


def test_a_killed_worker_is_replaced_and_its_work_done(site: Site) -> None:
    site.ask(1)
    until(lambda: site.seen("begun 1") == 1)
    site.ask(2)
    killed = site.worker()
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    until(lambda: site.worker() not in (None, killed))
    site.let_leases_run_out()
    until(lambda: site.seen("ended 1") == 1 and site.seen("ended 2") == 1)
    assert (site.seen("begun 1"), site.seen("begun 2")) == (2, 1), "only what was under way is begun again"
    assert site.answers(), "the site did not notice"


def test_web_processes_that_fall_again_and_again_are_there_again(site: Site) -> None:
    assert site.server is not None
    watched = memory_of(site.server.pid)
    assert watched < 40, "what only watches loads nothing"
    for _time in range(3):
        killed = site.web()
        assert killed
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        assert site.answers(seconds=60), "who came meanwhile waited and was answered"
        assert not killed & site.web()
    assert site.server.poll() is None
    assert site.worker() is not None


def test_nothing_outlives_a_killed_server_and_the_next_one_goes_on(site: Site) -> None:
    site.ask(3)
    until(lambda: site.seen("begun 3") == 1)
    children = site.children()
    assert site.server is not None
    site.server.kill()
    site.server.wait()
    until(lambda: not any(_alive(pid) for pid in children))

    site.serve_again()
    site.let_leases_run_out()
    until(lambda: site.seen("ended 3") == 1)
    assert site.seen("begun 3") in (1, 2), "where the worker noticed in time, it gave the work back"


def until(true: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.1)


def memory_of(pid: int) -> int:
    """In megabytes."""
    said = Path(f"/proc/{pid}/status").read_text()
    return int(said.partition("VmRSS:")[2].split()[0]) >> 10


def _children(parent: int) -> dict[int, str]:
    found: dict[int, str] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if int(fields[1]) == parent and fields[0] != "Z":
                found[int(folder.name)] = command
                found |= _children(int(folder.name))
    return found


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
