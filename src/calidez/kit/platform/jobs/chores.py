"""Small things that a worker does every few seconds beside the jobs, too small and too frequent to be jobs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

_chores: list[Chore] = []


@dataclass
class Chore:
    """Must be safe to do in several workers at once, and cheap when there is nothing to do."""

    work: Callable[[], object]
    seconds: float
    done: float = field(default=0.0)


def add_chore(work: Callable[[], object], *, seconds: float) -> None:
    _chores.append(Chore(work, seconds))


def do_due(now: float | None = None) -> None:
    """`now` is a monotonic clock's reading."""
    moment = time.monotonic() if now is None else now
    for chore in _chores:
        if moment - chore.done >= chore.seconds:
            chore.done = moment
            chore.work()
