"""Who works on a data folder is known while it lives, and no longer, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from calidez.kit.platform import presence

STANDS = """
import sys, time
from pathlib import Path
from calidez.kit.platform import presence
presence.enter(Path(sys.argv[1]), "server", place="127.0.0.1:9", only=True)
print("here", flush=True)
time.sleep(60)
"""


@pytest.mark.processes
def test_whoever_is_killed_is_gone_at_once(tmp_path: Path) -> None:
    other = subprocess.Popen([sys.executable, "-c", STANDS, str(tmp_path)], stdout=subprocess.PIPE)
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == b"here\n"
        (seen,) = presence.present(tmp_path, presence.SERVER)
        assert (seen.pid, seen.place) == (other.pid, "127.0.0.1:9")
        with pytest.raises(presence.Taken) as taken:
            presence.enter(tmp_path, presence.SERVER, only=True)
        assert taken.value.other.pid == other.pid
        presence.enter(tmp_path, presence.WORKER, only=True).leave()
    finally:
        other.send_signal(signal.SIGKILL)
        other.wait()
    assert presence.present(tmp_path, presence.SERVER) == []
    own = presence.enter(tmp_path, presence.SERVER, only=True)
    assert [path.name for path in tmp_path.glob("server-*")] == [own.path.name], (
        "what it left is cleared away"
    )
    own.leave()


def test_of_many_who_come_at_once_one_stays(tmp_path: Path) -> None:
    came: list[presence.Own] = []
    refused: list[int] = []
    at_once = threading.Barrier(20)

    def come() -> None:
        at_once.wait()
        try:
            came.append(presence.enter(tmp_path, presence.SERVER, only=True))
        except presence.Taken as taken:
            refused.append(taken.other.pid)

    threads = [threading.Thread(target=come) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(came), len(refused)) == (1, 19)
    came[0].leave()


def test_looking_disturbs_nobody_who_comes(tmp_path: Path) -> None:
    ended = threading.Event()

    def look() -> None:
        while not ended.is_set():
            presence.present(tmp_path, presence.WORKER)

    looker = threading.Thread(target=look)
    looker.start()
    try:
        for _ in range(200):
            presence.enter(tmp_path, presence.WORKER).leave()
    finally:
        ended.set()
        looker.join()


def test_twins_of_two_containers_do_not_wait_for_each_other(tmp_path: Path) -> None:
    twins = [presence.enter(tmp_path, presence.WORKER) for _ in range(2)]
    assert len(presence.present(tmp_path, presence.WORKER)) == 2
    for twin in twins:
        twin.leave()


def test_rounds_are_seen(tmp_path: Path) -> None:
    own = presence.enter(tmp_path, presence.WORKER)
    os.utime(own.path, (time.time() - 500,) * 2)
    assert presence.present(tmp_path, presence.WORKER)[0].seen < time.time() - 400
    own.beat()
    assert presence.present(tmp_path, presence.WORKER)[0].seen > time.time() - 60
    own.leave()
    assert presence.present(tmp_path, presence.WORKER) == []


def test_what_is_written_is_whole_or_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "state.json"
    presence.written(path, "before")

    def full(self: Path, target: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        presence.written(path, "after")
    assert path.read_text() == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["state.json"]
