"""Whatever a file does to the process that reads it, whoever asked goes on, and says why there is no answer."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from calidez.engine import limited
from calidez.engine.limited import Ended, run
from calidez.engine.tests.trouble import LIMITS, SECRET

MODULE = "calidez.engine.tests.trouble"
pytestmark = pytest.mark.processes


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    heard: list[tuple[str, str]] = []
    monkeypatch.setattr(limited, "listeners", [lambda work, limit: heard.append((work, limit))])
    return heard


def test_a_process_that_never_began_says_nothing_of_the_file(told: list[tuple[str, str]]) -> None:
    """As while the program is being updated: the next try may read it."""
    with pytest.raises(Ended) as ended:
        run("calidez.engine.tests.no_such_module", limits=LIMITS, work="look")
    assert ended.value.code == "reader_busy"
    assert told == [("look", "busy")]


@pytest.mark.parametrize(
    ("what", "limit"),
    [
        ("memory", "memory"),
        ("processor", "processor"),
        ("fault", "fault"),
        ("abort", "fault"),
        ("flood", "memory"),
    ],
)
def test_each_end_has_its_reason_and_is_told_without_a_word_of_the_file(
    told: list[tuple[str, str]], caplog: pytest.LogCaptureFixture, what: str, limit: str
) -> None:
    with caplog.at_level(logging.WARNING, "calidez.files"), pytest.raises(Ended) as ended:
        run(MODULE, what, limits=LIMITS, work="a test")
    assert ended.value.limit == limit
    assert told == [("a test", limit)]
    (record,) = caplog.records
    assert "a test" in record.getMessage()
    assert SECRET not in caplog.text
    if what == "fault":
        assert "trouble.py" in record.getMessage(), "where in our program"


def test_the_clock_ends_what_only_waits() -> None:
    began = time.monotonic()
    with pytest.raises(Ended, match="time"):
        run(MODULE, "sleep", limits=replace(LIMITS, wait=0.5))
    with pytest.raises(Ended, match="time"):
        run(MODULE, "sleep", limits=replace(LIMITS, wait=None, silence=0.5))
    assert time.monotonic() - began < 10


def test_words_of_progress_are_heard_and_the_last_is_the_answer() -> None:
    heard: list[Any] = []
    said = run(MODULE, "words", limits=LIMITS, heard=heard.append)
    assert heard == [["one", SECRET], ["two", SECRET]]
    assert json.loads(said) == {"found": "words"}


def test_who_asked_may_stop_it() -> None:
    class Enough(Exception):
        pass

    def enough() -> None:
        raise Enough

    began = time.monotonic()
    with pytest.raises(Enough):
        run(MODULE, "sleep", limits=LIMITS, while_waiting=enough)
    assert time.monotonic() - began < 5


def test_nobody_waits_long_for_the_reader_of_another() -> None:
    begun = threading.Event()

    def hold() -> None:
        with pytest.raises(Ended):
            run(MODULE, "sleep", limits=replace(LIMITS, wait=3), while_waiting=begun.set)

    holder = threading.Thread(target=hold)
    holder.start()
    assert begun.wait(10)
    with pytest.raises(Ended, match="busy"):
        run(MODULE, "words", limits=replace(LIMITS, patience=0.2))
    holder.join()
    assert run(MODULE, "words", limits=LIMITS)


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux tells a process that its parent is gone"
)
def test_a_reader_goes_with_the_process_that_asked() -> None:
    code = f"from calidez.engine.limited import *; run({MODULE!r}, 'sleep', limits=Limits(wait=50))"
    asker = subprocess.Popen([sys.executable, "-c", code])
    reader = _child_of(asker.pid)
    asker.kill()
    asker.wait()
    assert _within(5, lambda: not _runs(reader))


def _child_of(process: int) -> int:
    place = Path(f"/proc/{process}/task/{process}/children")
    # Its limits stand once it has raised the chance to fall first.
    assert _within(10, lambda: place.read_text().strip() and _falls_first(int(place.read_text().split()[0])))
    return int(place.read_text().split()[0])


def _falls_first(process: int) -> bool:
    return Path(f"/proc/{process}/oom_score_adj").read_text().strip() == "1000"


def _runs(process: int) -> bool:
    try:
        os.kill(process, signal.SIG_DFL)
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def _within(seconds: float, found: Any) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found():
            return True
        time.sleep(0.05)
    return False
