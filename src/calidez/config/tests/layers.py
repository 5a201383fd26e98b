"""Rows and files made once for many tests: each test starts from them and leaves no trace in them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import transaction

FOLDERS = ("DATASETS_DIR", "UPLOADS_DIR", "REJECTS_DIR", "FILES_DIR", "RUNS_DIR", "RUNNING_DIR")


@contextmanager
def layer() -> Iterator[None]:
    """Until its end, everything lies upon what was made inside; then rows and files are as they were."""
    before = {name: getattr(settings, name) for name in FOLDERS}
    with tempfile.TemporaryDirectory(prefix="calidez-layer-") as folder, transaction.atomic():
        for name, place in copies_of(before, Path(folder)).items():
            setattr(settings, name, place)
        try:
            yield
        finally:
            for name, place in before.items():
                setattr(settings, name, place)
            transaction.set_rollback(True)


def copies_of(places: dict[str, Path], folder: Path) -> dict[str, Path]:
    """The same folders with the same files, elsewhere; what is empty is left to be made by who writes first, as on a new installation."""
    copies = {name: folder / f"calidez-{name.lower()}" for name in places}
    for name, place in places.items():
        if place.is_dir() and any(place.iterdir()):
            shutil.copytree(place, copies[name])
    return copies
