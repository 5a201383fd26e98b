"""`kill -9` of any process: no work lost, none done twice beyond what is promised, nothing left behind."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from calidez.config.tests.installation import Installation
from calidez.config.tests.processes import alive, kill, memory_of, until

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


class Site(Installation):
    """With a part whose jobs can be watched from outside."""

    def __init__(self, folder: Path) -> None:
        self.marks = folder / "marks"
        self.marks.touch()
        package = folder / "packages" / "slowpart"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "jobs.py").write_text(WORK)
        path = os.pathsep.join(filter(None, (str(package.parent), os.environ.get("PYTHONPATH", ""))))
        super().__init__(folder / "var", CALIDEZ_PARTS="slowpart", PYTHONPATH=path)

    def serve(self) -> None:
        super().serve()
        until(lambda: self.answers() and self.processes("worker"))

    def do_slowly(self, number: int) -> None:
        self.script(
            "from calidez.kit.platform.jobs import enqueue\nfrom slowpart.jobs import slow_work\n"
            f"enqueue(slow_work, number={number}, marks={str(self.marks)!r})"
        )

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
    installed(site.folder)
    with site.served():
        yield site


def test_a_killed_worker_is_replaced_and_its_work_done(site: Site) -> None:
    site.do_slowly(1)
    until(lambda: site.seen("begun 1") == 1)
    site.do_slowly(2)
    (killed,) = site.processes("worker")
    kill(killed)
    until(lambda: site.processes("worker") not in ([], [killed]))
    site.let_leases_run_out()
    until(lambda: site.seen("ended 1") == 1 and site.seen("ended 2") == 1)
    assert (site.seen("begun 1"), site.seen("begun 2")) == (2, 1), "only what was under way is begun again"
    assert site.answers(), "the site did not notice"


def test_web_processes_that_fall_again_and_again_are_there_again(site: Site) -> None:
    assert memory_of(site.supervisor) < 40, "what only watches loads nothing"
    for _time in range(3):
        killed = site.processes("web")
        assert killed
        kill(*killed)
        assert site.answers(seconds=60), "who came meanwhile waited and was answered"
        assert not {*killed} & {*site.processes("web")}
    assert site.serves
    assert site.processes("worker")


def test_nothing_outlives_a_killed_server_and_the_next_one_goes_on(site: Site) -> None:
    site.do_slowly(3)
    until(lambda: site.seen("begun 3") == 1)
    everything = site.everything()
    kill(site.supervisor)
    site.ended()
    until(lambda: not any(map(alive, everything)))

    site.serve()
    site.let_leases_run_out()
    until(lambda: site.seen("ended 3") == 1)
    assert site.seen("begun 3") in (1, 2), "where the worker noticed in time, it gave the work back"
