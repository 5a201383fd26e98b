"""A worker is seen while it does its rounds, and counts what it does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from calidez.config.operating import counted
from calidez.kit.platform import presence
from calidez.kit.platform.jobs.chores import add_chore


@contextmanager
def seen() -> Iterator[None]:
    counted.switch_on()
    own = presence.enter(Path(settings.RUNNING_DIR), presence.WORKER)
    add_chore(own.beat, seconds=presence.BEAT_SECONDS)
    try:
        yield
    finally:
        own.leave()
