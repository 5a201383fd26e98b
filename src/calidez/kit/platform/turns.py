"""Long work in pieces: SQLite has one writer, and whoever waits for the lock looks for it only every tenth of a second."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, transaction

ENOUGH = 0.4  # seconds of one turn
NOTICED = 0.1  # seconds; nobody feels a shorter wait
PAUSE = 0.12  # longer than the longest nap of a waiting writer
TOO_LONG = 5.0  # a quarter of what a waiting writer endures
T = TypeVar("T")
log = logging.getLogger("calidez.database")


@contextmanager
def turn(what: str = "") -> Iterator[None]:
    """One piece of long work as a transaction of its own; after it, others get the lock before the next begins.

    Without the pause the next piece would take the lock again within a millisecond, again and again, until those who
    wait give up. Inside another transaction it is only a part of that one.
    """
    with transaction.atomic():
        began = time.monotonic()
        yield
    held = time.monotonic() - began
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    if held > TOO_LONG:
        log.warning("Nobody else could write for %.1f s: %s", held, what)
    if held > NOTICED:
        time.sleep(PAUSE)


def for_a_turn(work: Iterator[T], *, most: int) -> Iterable[T]:
    """What of the work fits into one turn; the rest stays in `work`."""
    began = time.monotonic()
    for count, piece in enumerate(work, start=1):
        yield piece
        if count == most or time.monotonic() - began > ENOUGH:
            return
