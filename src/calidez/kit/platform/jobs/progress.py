"""Long work says how far it is without knowing who listens: the worker's table or a terminal's bar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[int, int, str], None]
_listener: ContextVar[Listener | None] = ContextVar("progress_listener", default=None)


def report_progress(done: int, total: int = 0, text: str = "") -> None:
    """Say how far the work is; `total` 0 means unknown. Where nobody listens nothing happens.

    Call it between steps that may be repeated: when the worker has been asked to stop, it does not return.
    """
    if listener := _listener.get():
        listener(done, total, text)


@contextmanager
def progress_to(listener: Listener) -> Iterator[None]:
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
