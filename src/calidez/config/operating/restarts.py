"""When the supervisor started a process again: it notes it in the data folder, and whoever asks counts. Standard library only."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from pathlib import Path

from calidez.kit.platform.presence import written

KEPT_SECONDS = 86_400
MOST = 500


class Restarts:
    """The supervisor's own notes; what an earlier one of this machine noted stays for a day."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"restarts-{socket.gethostname()}.json"

    def note(self, name: str, how: str) -> None:
        now = time.time()
        noted = [[at, *rest] for at, *rest in _noted(self._path) if at > now - KEPT_SECONDS]
        noted.append([now, name, how])
        # A full disk is no reason to stop watching over the processes.
        with contextlib.suppress(OSError):
            written(self._path, json.dumps(noted[-MOST:]))


def since(folder: Path, moment: float) -> int:
    return sum(at >= moment for path in folder.glob("restarts-*.json") for at, *_rest in _noted(path))


def _noted(path: Path) -> list[list]:
    try:
        return [[float(at), *rest] for at, *rest in json.loads(path.read_text())]
    except (OSError, ValueError, TypeError):
        return []
