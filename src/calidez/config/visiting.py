"""A start that leaves no trace: commands that only look, or that were refused, give a new data folder back as it was found."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from calidez.config.findings import data_folder
from calidez.config.starting import start


@contextmanager
def visiting(language: str, *, half_restored: bool = False) -> Iterator[None]:
    """Start, and take away again what the start made in a new data folder, where nothing has filled it."""
    folder = data_folder(os.environ)
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    before = set(folder.iterdir()) if folder.is_dir() else set()
    start(language, half_restored=half_restored)
    keys = {path: path.read_bytes() for path in folder.glob("*.key") if path not in before}
    try:
        yield
    finally:
        _take_away_new(folder, before, keys)
        for path in missing:
            with suppress(OSError):
                path.rmdir()


def _take_away_new(folder: Path, before: set[Path], keys: Mapping[Path, bytes]) -> None:
    from django.db import connections

    database = folder / "calidez.sqlite3"
    if any(not path.is_file() or path.read_bytes() != made for path, made in keys.items()):
        return
    if database.exists() and database not in before:
        connections.close_all()
        with closing(sqlite3.connect(database)) as held:
            if held.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
                return
    for path in set(folder.iterdir()) - before:
        if path in keys or path.name.startswith(database.name):
            path.unlink(missing_ok=True)
        elif path.is_dir():
            with suppress(OSError):  # somebody put something there
                path.rmdir()
