"""The command line as an operator uses it: real processes, a data folder of their own, sentences and exit codes."""

from __future__ import annotations

import ast
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from calidez.config.tests.installation import COMMAND, OWNER, PASSWORD, Installation
from calidez.config.tests.processes import alive, descendants, kill, until

pytestmark = pytest.mark.processes
PACKAGE = Path(__file__).resolve().parent.parent / "src" / "calidez"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, installed: Callable[[Path], Path]) -> Installation:
    site = Installation(tmp_path_factory.mktemp("site") / "var")
    installed(site.folder)
    site.found()
    return site


def test_keys_are_made_once_and_only_for_their_owner(site: Installation) -> None:
    """Another key breaks every seal, so `verify` must find the same one at each start."""
    keys = {name: site.folder / name for name in ("secret.key", "audit.key")}
    before = {name: path.read_text() for name, path in keys.items()}
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in keys.values())
    assert before["secret.key"] != before["audit.key"]
    assert (site.folder / "calidez.sqlite3").stat().st_mode & 0o077 == 0
    assert "intact" in site.run("verify").stdout
    assert {name: path.read_text() for name, path in keys.items()} == before


@pytest.fixture
def copied(site: Installation, tmp_path: Path) -> Installation:
    """To be damaged."""
    shutil.copytree(site.folder, tmp_path / "copy")
    return Installation(tmp_path / "copy")


def test_a_lost_key_of_the_trail_is_an_error_and_never_made_anew(copied: Installation) -> None:
    """A new one would make all that was sealed look forged."""
    key = copied.folder / "audit.key"
    held = key.read_text()
    key.unlink()
    for command in (("verify",), ("check",), ("migrate",), ("serve", "--port", "1")):
        done = copied.run(*command)
        assert done.returncode == 1
        assert "audit.key, is missing" in done.stdout + done.stderr
    assert not key.exists()
    key.write_text("another key that is long enough for the check")
    done = copied.run("user", "list")
    assert done.stderr.strip().startswith("The key of the audit trail is not the one that sealed it.")
    key.write_text(held)
    assert copied.run("user", "list").returncode == 0


def test_a_cut_trail_goes_on_only_with_the_reason_in_it(copied: Installation) -> None:
    """As where an older copy of the database was put back by hand."""
    older = (copied.folder / "calidez.sqlite3").read_bytes()
    events = int(copied.script("from calidez.kit.core.events import *; print(AuditSeal.objects.count())"))
    for name in ("Eva", "Iris"):
        created = ("user", "create", f"{name}@example.org", "--name", name, "--password", PASSWORD)
        assert copied.run(*created).returncode == 0
    for ending in ("-wal", "-shm"):
        (copied.folder / f"calidez.sqlite3{ending}").unlink(missing_ok=True)
    (copied.folder / "calidez.sqlite3").write_bytes(older)
    for step in ("before", "after"):
        done = copied.run("verify")
        assert f"broken at event {events + 1}:" in done.stderr, (step, done.stderr)
        copied.run("user", "password", OWNER, "--password", f"{PASSWORD}-{step}")
    done = copied.run("verify", "--accept", "The disk died on Monday.")
    assert done.returncode == 0, done.stderr
    done = copied.run("verify")
    assert done.returncode == 0, done.stderr
    assert "intact" in done.stdout
    assert "missing for a reason that the trail itself gives" in done.stdout
    assert "nothing to accept" in copied.run("verify", "--accept", "Again.").stderr
    (copied.folder / "trail.head").unlink()
    assert "is missing" in copied.run("verify").stderr
    assert copied.run("verify", "--accept", "Lost with the disk.").returncode == 0
    assert copied.run("verify").returncode == 0


def test_an_empty_database_asks_for_migration(tmp_path: Path) -> None:
    done = Installation(tmp_path / "var").run("user", "list")
    assert (done.returncode, done.stderr.strip()) == (
        1,
        "The database is not up to date. Run: calidez migrate",
    )


def test_serving_an_empty_folder_makes_its_database(tmp_path: Path) -> None:
    new = Installation(tmp_path / "var")
    with new.served():
        pass
    assert new.run("user", "list").returncode == 0


def test_a_database_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    done = Installation(tmp_path / "var").run("user", "list", DATABASE_URL="postgresql://x@127.0.0.1:1/x")
    assert done.returncode == 1
    assert done.stderr.startswith("The database does not answer or refuses:")
    assert done.stderr.count("\n") == 1


def test_a_busy_port_is_one_sentence(site: Installation) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        done = site.run("serve", "--port", str(port))
        assert done.returncode == 1
        assert f"Port {port} is already in use" in done.stderr


def test_help_does_not_wait_for_django(site: Installation) -> None:
    code = f"import sys, {COMMAND}; print('django' in sys.modules, 'rich' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_every_job_is_known_from_the_start(site: Installation) -> None:
    """A job module read later, as by the first worker of a process, would be read into whatever register a test put
    in place meanwhile, and the process would never know its work: once, that left all imports of a run unloaded."""
    written = {
        node.name
        for path in PACKAGE.rglob("*.py")
        if "tests" not in path.relative_to(PACKAGE).parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and any(_is_job(mark) for mark in node.decorator_list)
    }
    known = site.script(
        "from calidez.kit.platform.jobs.declare import kinds; print(*(k.name for k in kinds()))"
    )
    assert {name.rpartition(".")[2] for name in known.split()} == written
    assert written


def _is_job(mark: ast.expr) -> bool:
    return isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "job"


def test_serving_starts_and_stops_site_and_worker_together(site: Installation) -> None:
    with site.served():
        assert site.ask("GET", "/").status == 302
        everything = site.everything()
        assert site.processes("worker")
        assert site.stop() in {0, -signal.SIGTERM}
    assert [pid for pid in everything if alive(pid)] == []


def test_a_worker_does_not_outlive_its_killed_server(site: Installation) -> None:
    with site.served():
        left = descendants(site.supervisor)
        (worker,) = site.processes("worker")
        kill(site.supervisor)
        until(lambda: not alive(worker))
        kill(*left)


def test_a_job_of_a_killed_worker_is_taken_up_again(site: Installation, tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    declared = (
        "import datetime as dt, time\n"
        "from pathlib import Path\n"
        "from calidez.kit.platform.jobs import describe, enqueue, job\n"
        "from calidez.kit.platform.jobs.worker import run_worker\n"
        f"marks = Path({str(marks)!r})\n"
        "@job(title='Slow work')\n"
        "def slow_work(*, seconds):\n"
        "    with marks.open('a') as file: file.write('started\\n')\n"
        "    if marks.read_text().count('started') == 1: time.sleep(seconds)\n"
    )
    uid = site.script(declared + "print(enqueue(slow_work, seconds=60))")
    run = declared + "print(run_worker(once=True, leased_for=dt.timedelta(seconds=1)))"
    killed = site.start("-c", run)
    until(marks.exists)
    killed.kill()
    killed.wait()
    time.sleep(1.1)

    assert int(site.script(run)) >= 1  # what is due by the clock may run as well
    state = site.script(declared + f"found = describe({uid!r}); print(found.state, found.attempts)")
    assert state == "done 2"
