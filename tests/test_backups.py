"""A backup of a site in use, by the commands that an operator types: what was acknowledged before is in it, and it is whole."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from calidez.client import Client, Problem
from calidez.config.tests.backups.places import on_server
from calidez.config.tests.installation import Installation

pytestmark = pytest.mark.processes
SECONDS_BEFORE, WRITERS = 4.0, 3
PREPARE = """
from calidez.people.tests.factories import world
from calidez.kit.tests.factories import issued
from calidez.monitoring.loading.services.datasets import create_dataset
from calidez.monitoring.tests.factories import SCHEMA
people = world()
create_dataset(code='visits', name='Visits', unit=people.root, schema=SCHEMA, by=people.admin)
print(issued(people.admin).secret)
"""
# What is in the restored place, and what it is once a worker has taken up what was under way.
TELL = """
import json
from calidez.kit.platform.jobs.models import Job
from calidez.kit.platform.jobs.worker import run_worker
from calidez.monitoring.models import Dataset, Import
from calidez.monitoring.store import store
from calidez.people.models import Position
loaded = lambda: sum(i.report['rows_loaded'] for i in Import.objects.filter(state='loaded'))
def counts():
    visits = Dataset.objects.get(code='visits')
    return {'said': visits.rows, 'held': store().open('visits').rows(), 'loaded': loaded()}
first = counts()
Job.objects.filter(state='running').update(leased_until='2000-01-01T00:00:00Z')
run_worker(once=True)
print(json.dumps({
    'names': list(Position.objects.values_list('name', flat=True)),
    'files': dict(Import.objects.values_list('sha256', 'state')),
    'first': first, 'last': counts(), 'failed': Job.objects.filter(state='failed').count(),
}))
"""


def site_at(folder: Path, url: str = "") -> Installation:
    # The kind of record that only the tests have is in the database that they begin with.
    return Installation(folder, database=url, web=2, CALIDEZ_PARTS="calidez.kit.tests.ledger")


class Work:
    """Several people and a program at once; remembers only what the site acknowledged."""

    def __init__(self, address: str, token: str, folder: Path) -> None:
        self.names: list[str] = []
        self.files: list[str] = []
        self.refused: list[str] = []
        self._address, self._token, self._folder = address, token, folder
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(n,)) for n in range(WRITERS)]
        self._threads.append(threading.Thread(target=self._push))

    def __enter__(self) -> Work:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def _write(self, writer: int) -> None:
        api = Client(self._address, self._token)
        unit = next(one["uid"] for one in api.list("units") if one["code"] == "NORTH")
        for number in range(10_000):
            if self._stop.is_set():
                return
            name = f"Receptionist {writer}-{number}"
            try:
                api.create("positions", name=name, unit=unit, purpose="Greets people.")
            except Problem as problem:
                self.refused.append(str(problem))
            else:
                self.names.append(name)

    def _push(self) -> None:
        api = Client(self._address, self._token)
        for number in range(10_000):
            if self._stop.is_set():
                return
            lines = [f"2024-{n % 12 + 1:02}-01,NORTH,{number}-{n},{n},1" for n in range(500)]
            path = self._folder / f"visits-{number}.csv"
            path.write_text("month,clinic,kind,visits,late\n" + "\n".join(lines) + "\n")
            try:
                api.push("visits", path)
            except Problem as problem:
                self.refused.append(str(problem))
            else:
                self.files.append(hashlib.sha256(path.read_bytes()).hexdigest())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("sqlite", "sqlite"),
        pytest.param("postgresql", "sqlite", marks=pytest.mark.postgresql),
        pytest.param("sqlite", "postgresql", marks=pytest.mark.postgresql),
        pytest.param("postgresql", "postgresql", marks=[pytest.mark.postgresql, pytest.mark.overnight]),
    ],
)
def test_while_people_work(
    before: str,
    after: str,
    tmp_path: Path,
    installed: Callable[[Path], Path],
    django_db_blocker: Any,
    request: pytest.FixtureRequest,
) -> None:
    with django_db_blocker.unblock(), ExitStack() as stack:
        site = _site(stack, tmp_path / "site", before, installed, request)
        token = site.script(PREPARE)
        with site.served(), Work(site.address, token, tmp_path) as work:
            time.sleep(SECONDS_BEFORE)
            names, pushed = set(work.names), set(work.files)
            began = time.monotonic()
            said = site.command("backup", str(tmp_path / "a.tar"))
            took = time.monotonic() - began
            meanwhile = len(work.names) - len(names)
            assert "Written:" in said
        assert (names, pushed) > (set(), set())
        assert meanwhile > 0, "nobody waited for the backup"
        assert work.refused == []

        other = _site(stack, tmp_path / "other", after, installed, request)
        said = other.command("restore", str(tmp_path / "a.tar"))
        assert "Equal: every table, dataset and file" in said
        assert "The audit trail is intact" in said
        told = json.loads(other.script(TELL))
    print(f"{len(names)} records and {len(pushed)} files before, {meanwhile} records during {took:.1f} s")
    holds(told, names, pushed, set(work.names), set(work.files))


def holds(
    told: dict[str, Any], names: set[str], pushed: set[str], all_names: set[str], all_files: set[str]
) -> None:
    there = told["names"]
    assert len(there) == len(set(there))
    assert names <= set(there), "what was acknowledged before the backup began is in it"
    assert pushed <= set(told["files"])
    # One that was being answered as the work ended may be there without its answer having come.
    assert len(set(there) - all_names) <= WRITERS
    assert len(set(told["files"]) - all_files) <= 1
    assert told["first"]["said"] == told["first"]["loaded"]
    assert told["first"]["said"] <= told["first"]["held"] <= told["first"]["said"] + 500
    assert set(told["files"].values()) == {"loaded"}, "what was under way is taken up and ends"
    assert told["last"] == {"said": 500 * len(told["files"])} | dict.fromkeys(
        ("held", "loaded"), 500 * len(told["files"])
    )
    assert told["failed"] == 0


def test_a_killed_backup_leaves_nothing_and_a_killed_restore_is_told(
    tmp_path: Path, installed: Callable[[Path], Path]
) -> None:
    site = site_at(tmp_path / "site")
    installed(site.folder)
    site.script(PREPARE)
    _killed(site, "backup", str(tmp_path / "a.tar"), when=lambda: any(tmp_path.glob(".a.tar.*.part")))
    assert not (tmp_path / "a.tar").exists()
    site.command("backup", str(tmp_path / "a.tar"))
    assert not list(tmp_path.glob(".a.tar.*"))
    assert "is there already" in site.command("backup", str(tmp_path / "a.tar"), code=1)
    assert "The archive is whole" in site.command("backup", "--check", str(tmp_path / "a.tar"))

    other = site_at(tmp_path / "other")
    marker = other.folder / "restoring.json"
    _killed(other, "restore", str(tmp_path / "a.tar"), when=marker.exists)
    for words in (("serve", "--port", "8129"), ("worker", "--once"), ("migrate",), ("verify",)):
        assert "A restore broke off" in other.command(*words, code=1)
    assert "--begin-again" in other.command("restore", str(tmp_path / "a.tar"), code=1)
    assert "intact" in other.command("restore", str(tmp_path / "a.tar"), "--begin-again")
    assert "is not empty" in other.command("restore", str(tmp_path / "a.tar"), code=1)


def _killed(site: Installation, *words: str, when: Callable[[], bool]) -> None:
    process = site.start(*words)
    while process.poll() is None and not when():
        time.sleep(0.001)
    assert process.poll() is None, "it was quicker than the kill"
    process.kill()
    process.wait()


def _site(
    stack: ExitStack,
    folder: Path,
    database: str,
    installed: Callable[[Path], Path],
    request: pytest.FixtureRequest,
) -> Installation:
    if database == "sqlite":
        installed(folder)
        return site_at(folder)
    url = stack.enter_context(on_server(request.getfixturevalue("postgresql_url")))
    site = site_at(folder, url)
    site.command("migrate")
    return site
