"""How long work holds the one write lock of SQLite, and how long somebody who saves something meanwhile waits for it."""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

RECORDS = 10_000
PATIENCE = 20.0  # seconds after which a waiting writer gives up (config/environment.py)
SHARE = 0.1  # of the patience that one piece of work may take


def run(quick: bool = False) -> list[dict[str, Any]]:
    """Two rows for each work: its longest hold, and the longest wait of another writer, against their patience."""
    os.environ["CALIDEZ_DATA"] = tempfile.mkdtemp(prefix="calidez-holds-")
    os.environ.pop("DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "calidez.config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from calidez.samples.services import load_sample

    load_sample(language="en")
    rows = []
    for name, work in _works(500 if quick else RECORDS).items():
        with holds() as held, waits() as waited:
            work()
        for what, seconds in (("longest hold", held), ("longest wait of another writer", waited)):
            share = max(seconds) / PATIENCE
            rows.append(
                {
                    "what": f"{name}: {what}",
                    "ours": round(max(seconds), 2),
                    "peer": "patience of a waiting writer",
                    "peer_value": PATIENCE,
                    "ratio": round(share, 3),
                    "limit": SHARE,
                    "unit": "s",
                    "ok": share <= SHARE,
                }
            )
    return rows


def _works(records: int) -> dict[str, Callable[[], object]]:
    from calidez.config import accounts, packs
    from calidez.kit.catalog import catalog
    from calidez.kit.desk.intake import services as intake
    from calidez.monitoring import jobs
    from calidez.people.models import Position, Unit

    by, root = accounts.administrator(), Unit.objects.get(parent=None)
    lines = "".join(f"{root.code},Position {n},Made for the benchmark\n" for n in range(records))
    file = ("unit,name,purpose\n" + lines).encode()
    run = intake.take_in(catalog.of(Position), "positions.csv", [file], by=by)

    def load() -> None:
        intake.start_loading(run)
        intake.load(run)

    return {
        "measuring everything again": lambda: jobs.measure_again.function(),
        f"checking a file of {records:,} records": lambda: intake.rehearse(run),
        f"loading a file of {records:,} records": load,
        "loading a starter pack": lambda: packs.load("hotel", unit=None, acting=None, language="en"),
    }


@contextlib.contextmanager
def holds() -> Iterator[list[float]]:
    """The seconds of every write transaction of this thread."""
    from django.db import connection

    found: list[float] = [0.0]
    begun: list[float] = []
    begin, commit, rollback = (
        getattr(connection, name) for name in ("_start_transaction_under_autocommit", "commit", "rollback")
    )

    def began() -> None:
        begin()
        begun.append(time.monotonic())

    def ended(end: Callable[[], None]) -> Callable[[], None]:
        def ending() -> None:
            end()
            if begun:
                found.append(time.monotonic() - begun.pop())

        return ending

    connection._start_transaction_under_autocommit = began
    connection.commit, connection.rollback = ended(commit), ended(rollback)
    try:
        yield found
    finally:
        for name in ("_start_transaction_under_autocommit", "commit", "rollback"):
            delattr(connection, name)


@contextlib.contextmanager
def waits() -> Iterator[list[float]]:
    """The seconds that somebody beside needed for each of many small changes."""
    from django.db import connection, transaction

    from calidez.people.models import Unit

    found, over = [0.0], threading.Event()

    def write() -> None:
        while not over.wait(0.05):
            began = time.monotonic()
            with transaction.atomic():
                Unit.objects.filter(parent=None).update(name="Organisation")
            found.append(time.monotonic() - began)
        connection.close()

    beside = threading.Thread(target=write)
    beside.start()
    try:
        yield found
    finally:
        over.set()
        beside.join()
