"""One writer at a time per dataset, held by the operating system so that a killed process lets go."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows: the commit itself still refuses a second batch
    fcntl = None  # type: ignore[assignment]

from calidez.engine.errors import EngineError

PAUSE = 0.05


@contextmanager
def exclusive(
    path: Path, *, name: str, timeout: float, while_waiting: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """Hold the lock file; `while_waiting` may raise to give up."""
    with path.open("a+b") as file:
        deadline = time.monotonic() + timeout
        while not _taken(file.fileno()):
            while_waiting()
            if time.monotonic() > deadline:
                raise EngineError("busy", dataset=name)
            time.sleep(PAUSE)
        yield


def _taken(descriptor: int) -> bool:
    if fcntl is None:  # pragma: no cover
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
