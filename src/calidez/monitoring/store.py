"""Where the datasets lie: the engine's store in the data folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from calidez import engine
from calidez.engine.locks import exclusive

WAIT_SECONDS = 3600.0


def store() -> engine.Store:
    return engine.Store(Path(settings.DATASETS_DIR))


@contextmanager
def measured_alone(code: str) -> Iterator[None]:
    """One measuring at a time per dataset: a slower one that read fewer facts must not write over a newer one."""
    folder = Path(settings.DATA_DIR) / "locks"
    folder.mkdir(exist_ok=True)
    with exclusive(folder / f"measure-{code}.lock", name=code, timeout=WAIT_SECONDS):
        yield
