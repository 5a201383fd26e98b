"""One web process: answers on the socket that its supervisor holds.

    python -m calidez.config.web FILE-DESCRIPTOR THREADS

Granian would have a process of its own that forks these. Forked processes inherit half of what runs beside Python in
their parent, and that process ends for good when one of them falls twice in a row; so each begins from nothing here,
and the supervisor keeps it.
"""

from __future__ import annotations

import functools
import sys
from typing import Any

from granian._internal import load_target
from granian.constants import Interfaces, RuntimeModes
from granian.log import LogLevels
from granian.net import SocketHolder
from granian.server.mp import MPServer

from calidez.config.supervising import BACKLOG
from calidez.config.watching import end_with_server

APPLICATION = "calidez.config.wsgi:application"
# Its own lines go where ours go, and read like them.
LOGGING = {
    "formatters": {"lines": {"()": "calidez.kit.platform.log_lines.formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "loggers": {"_granian": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}


class WebProcess(MPServer):
    """Granian's worker, run in this very process."""

    def answer_on(self, descriptor: int) -> None:
        """Returns when told to stop, with what was being answered answered."""
        self._ssp = self._sso = None
        self._shd = _held(descriptor)
        load = functools.partial(load_target, self.target)
        worker = self._spawn_worker(idx=0, target=self._spawn_wsgi_worker, callback_loader=load)
        worker.inner.run()


def _held(descriptor: int) -> Any:
    holder: Any = SocketHolder  # its stub is behind what it takes
    if sys.platform.startswith(("linux", "freebsd")):
        return holder(descriptor, False, BACKLOG)  # whether it is a Unix socket; it is listened to once more
    return holder(descriptor, False)


def main() -> None:
    descriptor, threads = (int(word) for word in sys.argv[1:3])
    end_with_server()
    WebProcess(
        APPLICATION,
        interface=Interfaces.WSGI,
        runtime_mode=RuntimeModes.mt,
        blocking_threads=threads,
        backlog=BACKLOG,
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig=LOGGING,
    ).answer_on(descriptor)


if __name__ == "__main__":
    main()
