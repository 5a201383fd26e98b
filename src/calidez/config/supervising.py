"""Watches over a served installation: its web processes and its worker for jobs, each started again whenever it ends.

    python -m calidez.config.supervising --host 127.0.0.1 --port 8000 --web 2 --threads 1 --jobs 1 --folder … --only 1

Loads nothing but the standard library: it holds the port and a few megabytes, and has nothing that a process could
inherit half made. Never gives up; what falls again and again is started more and more slowly.
"""

from __future__ import annotations

import argparse
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from calidez.config.neighbours import refusal
from calidez.config.operating.restarts import Restarts
from calidez.config.speech import choose, speak
from calidez.config.speech import gettext as _
from calidez.kit.platform import log_lines, presence

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
# Who ran as long as this was well: its end is no sign that the next one will fall too.
STEADY_SECONDS = 60.0
GRACE_SECONDS = 20.0
BACKLOG = 1024
# Tells a process whose child it is, so that it ends when it finds itself somebody else's.
PARENT = "_CALIDEZ_SERVED_BY"
log = logging.getLogger("calidez.serving")


def command(
    host: str, port: int, *, web: int, threads: int, jobs: bool, folder: Path, only: bool
) -> list[str]:
    """How this program is called; `only`: no other server may work on the data folder."""
    given = {"host": host, "port": port, "web": web, "threads": threads, "jobs": int(jobs)}
    given |= {"folder": str(folder), "only": int(only)}
    return [
        sys.executable,
        "-m",
        "calidez.config.supervising",
        *(f"--{name}={value}" for name, value in given.items()),
    ]


class Kept:
    """One process that is there again soon after it ended, however it ended."""

    def __init__(
        self,
        name: str,
        start: Callable[[], subprocess.Popen[bytes]],
        *,
        clock: Callable[[], float] = time.monotonic,
        note: Callable[[str, str], None] = lambda name, how: None,
    ) -> None:
        self.name = name
        self._start, self._clock, self._note = start, clock, note
        self._pause = FIRST_PAUSE
        self._process: subprocess.Popen[bytes] | None = None
        self._since = self._due = clock()

    def look(self) -> float | None:
        """Start it where that is due; seconds until looking again is worth it, None where only its end can matter."""
        now = self._clock()
        if self._process is not None:
            ended = self._process.poll()
            if ended is None:
                return None
            self._fallen(ended, now)
        if now >= self._due:
            self._begin(now)
            return None if self._process else self._pause
        return self._due - now

    def signal(self, number: int) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _begin(self, now: float) -> None:
        self._since = now
        try:
            self._process = self._start()
        except OSError as error:  # no memory or no process to be had just now
            log.error("The %s could not be started: %s", self.name, error)
            self._wait(now)

    def _fallen(self, ended: int, now: float) -> None:
        self._process = None
        if now - self._since >= STEADY_SECONDS:
            self._pause = FIRST_PAUSE
        log.error("The %s ended (%s); it is started again in %.1f s.", self.name, _how(ended), self._pause)
        self._note(self.name, _how(ended))
        self._wait(now)

    def _wait(self, now: float) -> None:
        self._due = now + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)


class Supervisor:
    """Keeps all of them until told to stop, then stops them together."""

    def __init__(self, kept: Sequence[Kept]) -> None:
        self._kept = kept
        self._told: float | None = None
        self._insisted = False
        self._awake, waker = socket.socketpair()
        for end in (self._awake, waker):
            end.setblocking(False)
        # Any signal that has a handler writes one byte here, so that waiting ends at once.
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        self._waker = waker
        signal.signal(signal.SIGCHLD, lambda *_signal: None)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if signal.getsignal(number) != signal.SIG_IGN:  # as under nohup
                signal.signal(number, self._stop)

    def run(self) -> None:
        while self._told is None:
            pauses = [pause for pause in (one.look() for one in self._kept) if pause is not None]
            self._wait(min(pauses, default=None))
        self._end()

    def _stop(self, *_signal: object) -> None:
        now = time.monotonic()
        if self._told is None:
            self._told = now
        # Some senders tell a process and then its whole group; that is one signal, and no second Ctrl-C.
        self._insisted = now - self._told > 1

    def _end(self) -> None:
        """What is under way is finished within the grace, unless somebody insists."""
        for one in self._kept:
            one.signal(signal.SIGTERM)
        until = time.monotonic() + GRACE_SECONDS
        while any(one.alive for one in self._kept) and not self._insisted:
            left = until - time.monotonic()
            if left <= 0:
                break
            self._wait(left)
        for one in self._kept:
            one.signal(signal.SIGKILL)  # a job is taken up again when its lease has run out

    def _wait(self, seconds: float | None) -> None:
        select.select([self._awake], [], [], seconds)
        try:
            while self._awake.recv(64):
                pass
        except BlockingIOError:
            pass


def _how(ended: int) -> str:
    if ended >= 0:
        return f"exit code {ended}"
    try:
        return signal.Signals(-ended).name
    except ValueError:
        return f"signal {-ended}"


def listen(host: str, port: int) -> socket.socket:
    """Held here, so that who comes while a web process is started again waits instead of being turned away."""
    family, kind, protocol, _name, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    held = socket.socket(family, kind, protocol)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    held.bind(address)
    held.listen(BACKLOG)
    held.setblocking(False)
    return held


def main() -> None:
    asked = _arguments()
    _write_lines()
    speak(choose(()))
    place = f"{asked.host}:{asked.port}"
    try:
        held = listen(asked.host, asked.port)
    except OSError as error:
        sys.exit(
            _("The address %(address)s cannot be served: %(reason)s")
            % {"address": place, "reason": error.strerror or error}
        )
    own = _stand_in(asked.folder, place, only=bool(asked.only))
    environment = os.environ | {PARENT: str(os.getpid())}

    def web() -> subprocess.Popen[bytes]:
        line = [sys.executable, "-m", "calidez.config.web", str(held.fileno()), str(asked.threads)]
        return subprocess.Popen(line, env=environment, pass_fds=(held.fileno(),))

    def jobs() -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "calidez.config.cli", "worker"], env=environment)

    note = Restarts(asked.folder).note
    kept = [Kept(f"web process {number}", web, note=note) for number in range(1, asked.web + 1)]
    kept += [Kept("worker for jobs", jobs, note=note)] * asked.jobs
    log.info("Serving on %s.", place)
    Supervisor(kept).run()
    own.leave()
    log.info("Stopped.")


def _write_lines() -> None:
    lines = logging.StreamHandler()
    lines.setFormatter(log_lines.formatter())
    logging.basicConfig(handlers=[lines], level=logging.INFO)


def _stand_in(folder: Path, place: str, *, only: bool) -> presence.Own:
    try:
        return presence.enter(folder, presence.SERVER, place=place, only=only)
    except presence.Taken as taken:
        sys.exit(refusal(taken.other))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    for name in ("--port", "--web", "--threads", "--jobs", "--only"):
        parser.add_argument(name, type=int, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
