"""Who works on a data folder: each server and each worker keeps a small locked file in it while it lives.

The operating system lets go of the lock when a process ends, however it ends; so a file that can be locked was left
behind. When the file was last touched says when its process last did its rounds. Standard library only: the supervisor
stands in such a file as well.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows: by when it was last touched
    fcntl = None  # type: ignore[assignment]

SERVER, WORKER = "server", "worker"
BEAT_SECONDS = 10.0
# Only where files cannot be locked: who has not touched its file for so long is gone.
SILENT_SECONDS = 120.0


@dataclass(frozen=True)
class Present:
    """`since` and `seen` are seconds since 1970; `place` is where a server listens."""

    kind: str
    pid: int
    host: str
    since: float
    place: str = ""
    seen: float = 0.0


class Taken(Exception):
    """Somebody else is there, and only one may be."""

    def __init__(self, other: Present) -> None:
        super().__init__(f"{other.kind} {other.pid}")
        self.other = other


class Own:
    """One's own file, held until the process ends."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path, self._descriptor = path, descriptor

    def beat(self) -> None:
        """Say that the rounds go on; a disk that takes no more writes says nothing about this process."""
        with contextlib.suppress(OSError):
            os.utime(self._descriptor)

    def leave(self) -> None:
        self.path.unlink(missing_ok=True)
        os.close(self._descriptor)


def enter(folder: Path, kind: str, *, place: str = "", only: bool = False) -> Own:
    """Be seen from here on. With `only` nobody else of this kind may be there: then `Taken`."""
    folder.mkdir(parents=True, exist_ok=True)
    me = Present(kind, os.getpid(), socket.gethostname(), time.time(), place)
    with alone(folder):
        others = present(folder, kind)
        if only and others:
            raise Taken(others[0])
        _clear(folder, kind)
        # Two containers may have one name and give their processes the same numbers.
        path = folder / f"{kind}-{me.host}-{me.pid}-{uuid.uuid4().hex[:8]}"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if fcntl is not None:
            fcntl.flock(descriptor, fcntl.LOCK_EX)  # whoever looks holds it for a moment
        os.write(descriptor, json.dumps(asdict(me)).encode())
    return Own(path, descriptor)


def present(folder: Path, kind: str) -> list[Present]:
    """Who of a kind is there, oldest first."""
    found = []
    for path in sorted(folder.glob(f"{kind}-*")):
        try:
            one = _held(path)
        except (OSError, ValueError, TypeError):  # it has just gone, or has only begun to write
            continue
        if one is not None:
            found.append(one)
    return sorted(found, key=lambda one: one.since)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else is between looking and writing here meanwhile."""
    with (folder / ".lock").open("a") as file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def written(path: Path, text: str) -> None:
    """Whole or not at all; no promise that it survives the loss of power."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _held(path: Path) -> Present | None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        touched = os.fstat(descriptor).st_mtime
        if not _is_locked(descriptor, touched):
            return None
        return Present(**{**json.loads(os.read(descriptor, 4096)), "seen": touched})
    finally:
        os.close(descriptor)


def _clear(folder: Path, kind: str) -> None:
    for path in folder.glob(f"{kind}-*"):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            if not _is_locked(descriptor, path.stat().st_mtime):
                path.unlink(missing_ok=True)
        finally:
            os.close(descriptor)


def _is_locked(descriptor: int, touched: float) -> bool:
    if fcntl is None:  # pragma: no cover
        return time.time() - touched < SILENT_SECONDS
    try:
        # Shared, so that two who look at the same time do not take each other for its owner.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
