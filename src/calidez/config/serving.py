"""What is done before serving, and the step into the process that serves."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import sys
from pathlib import Path
from typing import NoReturn

from calidez.config.environment import SERVED_AT, SERVED_AT_FILE


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


def embedded() -> bool:
    """Whether the database is the file in the data folder."""
    from django.conf import settings

    return "sqlite3" in settings.DATABASES["default"]["ENGINE"]


def reached_at(host: str, port: int) -> str:
    """How the site is reached from this very machine, for links until somebody says by what name others reach it."""
    near = "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104 - compared, not listened on
    return f"http://[{near}]:{port}" if ":" in near else f"http://{near}:{port}"


def serve(
    host: str, port: int, *, workers: int | None = None, with_jobs: bool = True, beside: bool = False
) -> NoReturn:
    """Become the supervisor: it takes the place of this process, and all that was loaded here is gone.

    What only watches needs nothing of it, and threads of native libraries (deltalake's, after the sample was loaded)
    neither live on in a forked process nor let it start its own.
    """
    from django.conf import settings
    from django.db import connections

    from calidez.config.supervising import command
    from calidez.kit.platform import presence

    connections.close_all()
    os.environ[SERVED_AT] = reached_at(host, port)
    # Also for a worker that is started apart, and for commands.
    presence.written(Path(settings.DATA_DIR) / SERVED_AT_FILE, os.environ[SERVED_AT])
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    # More writers at once only lengthen the queue for SQLite's single write lock.
    line = command(
        host,
        port,
        web=workers or os.cpu_count() or 1,
        threads=1 if embedded() else 4,
        jobs=with_jobs,
        folder=Path(settings.RUNNING_DIR),
        only=embedded() and not beside,
    )
    os.execv(line[0], line)  # noqa: S606 - this very Python with a module of ours
