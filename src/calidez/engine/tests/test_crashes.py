"""A process killed at any moment of a load leaves the whole batch or none of it, and the next load mends the rest."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from calidez.engine import load_file
from calidez.engine.tests.conftest import HEADER
from calidez.engine.tests.test_loading import GOOD

pytestmark = pytest.mark.processes
# Where the process dies: in the module named, before or after the function named does its work.
KILL_POINTS = (
    ("loading", "prepare", "before"),
    ("loading", "prepare", "after"),
    ("staging", "run", "before"),
    ("staging", "run", "after"),
    ("store", "Path.replace", "before"),
    ("store", "Path.replace", "after"),
    ("store", "Dataset._commit", "before"),
    ("store", "Dataset._commit", "after"),
    ("store", "shutil.rmtree", "before"),
)
SCRIPT = """
    import os, signal, sys
    from importlib import import_module
    from calidez.engine import Store, load_file

    def wrapped(function, when):
        def deadly(*args, **more):
            if when == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            result = function(*args, **more)
            os.kill(os.getpid(), signal.SIGKILL)
        return deadly

    dataset = Store({root!r}).open("visits")
    owner = import_module("calidez.engine.{module}")
    *path, name = "{function}".split(".")
    for part in path:
        owner = getattr(owner, part)
    if "{function}" == "shutil.rmtree":
        # The first sweeping is harmless; die in the one after the commit.
        import shutil
        real, calls = shutil.rmtree, []
        def second(*args, **more):
            calls.append(1)
            if len(calls) > 1:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **more)
        shutil.rmtree = second
    else:
        setattr(owner, name, wrapped(getattr(owner, name), "{when}"))
    load_file(dataset, {path!r}, reject_dir={rejects!r})
"""


@pytest.mark.parametrize("point", KILL_POINTS, ids=" ".join)
def test_a_killed_load_is_whole_or_nothing(point, visits, load, tmp_path):
    load(visits, HEADER + GOOD, name="before.csv")
    path = tmp_path / "next.csv"
    path.write_text(HEADER + GOOD * 50)
    module, function, when = point
    script = textwrap.dedent(SCRIPT).format(
        root=str(visits.path.parent),
        module=module,
        function=function,
        when=when,
        path=str(path),
        rejects=str(tmp_path / "rejects"),
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    committed = (function, when) == ("Dataset._commit", "after") or function == "shutil.rmtree"
    assert visits.rows() == (102 if committed else 2)
    again = load_file(visits, path, reject_dir=tmp_path / "rejects")
    assert again.already_loaded == committed
    assert visits.rows() == 102
    with visits.locked():
        visits.sweep(older_than=0)
    assert len(list(visits.path.glob("*.parquet"))) == 2
    assert not list(Path(visits.path / ".staging").glob("*"))


def test_of_two_loads_of_one_file_at_once_one_loads_and_the_other_says_so(visits, tmp_path):
    path = tmp_path / "file.csv"
    path.write_text(HEADER + GOOD * 2000)
    script = textwrap.dedent(
        f"""
        import sys
        from calidez.engine import Store, load_file
        dataset = Store({str(visits.path.parent)!r}).open("visits")
        print("ready", flush=True)
        sys.stdin.readline()
        report = load_file(dataset, {str(path)!r}, reject_dir={str(tmp_path / "rejects")!r})
        print(report.rows_loaded, report.already_loaded)
        """
    )
    loads = [
        subprocess.Popen(
            [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for process in loads:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in loads:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    answers = sorted(process.communicate(timeout=60)[0].strip() for process in loads)
    assert answers == ["0 True", "4000 False"]
    assert visits.rows() == 4000


def test_loads_of_two_files_into_one_dataset_wait_for_each_other(visits, tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    paths = []
    for n in range(4):
        path = tmp_path / f"file{n}.csv"
        path.write_text(HEADER + GOOD * (n + 1))
        paths.append(path)
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda path: load_file(visits, path, reject_dir=tmp_path / "rejects"), paths))
    assert sorted(report.rows_loaded for report in reports) == [2, 4, 6, 8]
    assert visits.rows() == 20
    assert len(visits.batches()) == 4
