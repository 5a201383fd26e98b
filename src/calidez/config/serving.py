"""One command runs the web server and the jobs' worker, started and stopped together."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

# A worker that keeps falling is started again more and more slowly.
LONGEST_PAUSE = 30.0
GRACE_SECONDS = 20
# Who started this process: the worker for jobs, a web process.
PARENT, SERVER = "_CALIDEZ_SERVED_BY", "_CALIDEZ_WEB_OF"


def port_is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def collect_static() -> None:
    """Bring styles and scripts to where they are served from, when they changed."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    if settings.DEBUG:
        return
    state = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            held = os.stat(storage.path(name))
            state.update(f"{name}:{held.st_size}:{held.st_mtime_ns}\n".encode())
    root = Path(settings.STATIC_ROOT)
    stamp = root / "collected"
    if stamp.is_file() and stamp.read_text() == state.hexdigest():
        return
    shutil.rmtree(root, ignore_errors=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(state.hexdigest())


def serve(host: str, port: int, *, workers: int | None = None, with_jobs: bool = True) -> None:
    """Returns when the server was told to stop (Ctrl-C or SIGTERM)."""
    from django.conf import settings
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    embedded = "sqlite3" in settings.DATABASES["default"]["ENGINE"]
    connections.close_all()  # no server process may inherit a connection
    server = Granian(
        "calidez.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers or os.cpu_count() or 1,
        # More writers at once only lengthen the queue for SQLite's single write lock.
        blocking_threads=1 if embedded else 4,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE_SECONDS,
    )
    jobs = _JobsProcess() if with_jobs else None
    os.environ[SERVER] = str(os.getpid())
    try:
        server.serve()
    finally:
        if jobs is not None:
            jobs.stop()


class _JobsProcess:
    """Keeps one worker process alive beside the server."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._process = self._start()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        self._stopping.set()
        self._process.terminate()
        try:
            self._process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()  # its job is taken up again when the lease has run out
        self._watcher.join()

    def _start(self) -> subprocess.Popen[bytes]:
        environment = os.environ | {PARENT: str(os.getpid())}
        return subprocess.Popen([sys.executable, "-m", "calidez.config.cli", "worker"], env=environment)

    def _watch(self) -> None:
        pause = 1.0
        while True:
            started = time.monotonic()
            self._process.wait()
            if self._stopping.is_set():
                return
            pause = 1.0 if time.monotonic() - started > 60 else min(pause * 2, LONGEST_PAUSE)
            if self._stopping.wait(pause):
                return
            self._process = self._start()
            if self._stopping.is_set():  # stop() saw only the one before
                self._process.terminate()


def stop_with_parent(stop: threading.Event) -> None:
    """A worker whose server was killed must not stay behind."""
    _when_parent_is_gone(os.environ.get(PARENT), stop.set, stop)


def end_with_server() -> None:
    """Nor may a web process: it would hold the port and answer with the program of yesterday."""

    def end() -> None:
        os.kill(os.getpid(), signal.SIGTERM)  # what is being answered is answered
        time.sleep(GRACE_SECONDS)
        os._exit(1)

    _when_parent_is_gone(os.environ.get(SERVER), end, threading.Event())


def _when_parent_is_gone(parent: str | None, then: Callable[[], object], stop: threading.Event) -> None:
    if not parent:
        return

    def watch() -> None:
        while not stop.wait(1):
            if os.getppid() != int(parent):
                then()
                return

    threading.Thread(target=watch, daemon=True).start()
