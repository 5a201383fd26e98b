"""A served process notices when the supervisor that started it is gone, and ends."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable

from calidez.config.supervising import GRACE_SECONDS, PARENT


def stop_with_parent(stop: threading.Event) -> None:
    """A worker whose server was killed must not stay behind."""
    _when_parent_is_gone(stop.set, stop)


def end_with_server() -> None:
    """Nor may a web process: it would hold the port and answer with the program of yesterday."""

    def end() -> None:
        os.kill(os.getpid(), signal.SIGTERM)  # what is being answered is answered
        time.sleep(GRACE_SECONDS)
        os._exit(1)

    _when_parent_is_gone(end, threading.Event())


def _when_parent_is_gone(then: Callable[[], object], stop: threading.Event) -> None:
    parent = os.environ.get(PARENT)
    if not parent:
        return

    def watch() -> None:
        while not stop.wait(1):
            if os.getppid() != int(parent):
                then()
                return

    threading.Thread(target=watch, daemon=True).start()
