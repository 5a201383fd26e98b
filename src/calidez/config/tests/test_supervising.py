"""What falls is started again, more and more slowly, for ever; what was well begins anew with a short pause."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from calidez.config.supervising import FIRST_PAUSE, LONGEST_PAUSE, STEADY_SECONDS, Kept


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Process:
    """Stands for a process that ends when the test says so."""

    def __init__(self) -> None:
        self.ended: int | None = None

    def poll(self) -> int | None:
        return self.ended


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def started() -> list[Any]:
    return []


@pytest.fixture
def kept(clock: Clock, started: list[Any]) -> Kept:
    def start() -> Any:
        started.append(Process())
        return started[-1]

    return Kept("web process 1", start, clock=clock)


def falls(kept: Kept, started: list[Any]) -> float:
    started[-1].ended = -6
    pause = kept.look()
    assert pause is not None
    return pause


def test_the_pauses_grow_to_a_bound_and_never_end(kept: Kept, started: list[Any], clock: Clock) -> None:
    assert kept.look() is None
    pauses = []
    for _ in range(50):
        pauses.append(falls(kept, started))
        clock.now += pauses[-1]
        assert kept.look() is None
    assert pauses[:4] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE, 8 * FIRST_PAUSE]
    assert max(pauses) == pauses[-1] == LONGEST_PAUSE
    assert len(started) == 51


def test_it_is_not_started_before_its_pause_is_over(kept: Kept, started: list[Any], clock: Clock) -> None:
    kept.look()
    pause = falls(kept, started)
    clock.now += pause / 2
    assert kept.look() == pytest.approx(pause / 2)
    assert len(started) == 1


def test_what_was_well_for_long_begins_with_a_short_pause(
    kept: Kept, started: list[Any], clock: Clock
) -> None:
    kept.look()
    for _ in range(10):
        clock.now += falls(kept, started)
        kept.look()
    clock.now += STEADY_SECONDS
    assert falls(kept, started) == FIRST_PAUSE


def test_what_cannot_be_started_is_tried_again(clock: Clock) -> None:
    tries: list[int] = []

    def start() -> Any:
        tries.append(1)
        if len(tries) < 3:
            raise OSError("Cannot allocate memory")
        return Process()

    kept = Kept("worker for jobs", start, clock=clock)
    while (pause := kept.look()) is not None:
        clock.now += pause
    assert len(tries) == 3


def test_the_supervisor_loads_nothing_that_it_does_not_need() -> None:
    code = (
        "import sys; before = set(sys.modules)\n"
        "import calidez.config.supervising\n"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() in (["calidez"], [])
