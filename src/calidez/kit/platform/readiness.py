"""Whether an installation can do its work just now: small looks that any part may add, each cheap and cached for seconds."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

SECONDS = 5.0
log = logging.getLogger("calidez.health")
Look = Callable[[], "Seen"]


@dataclass(frozen=True)
class Seen:
    """`figures` say to an operator why: numbers and names of the program, nothing secret."""

    ok: bool
    figures: Mapping[str, object] = field(default_factory=dict)


_looks: dict[str, Look] = {}
_known: dict[str, tuple[float, Seen]] = {}
_lock = threading.Lock()


def add_look(name: str, look: Look) -> None:
    """The last one of a name counts."""
    _looks[name] = look


def look(without: Collection[str] = ()) -> dict[str, Seen]:
    """What each look sees; many who ask at once cost one look."""
    with _lock:
        return {name: _seen(name) for name in _looks if name not in without}


def forget() -> None:
    """The next look is a new one."""
    _known.clear()


def _seen(name: str) -> Seen:
    moment, seen = _known.get(name, (0.0, Seen(ok=False)))
    now = time.monotonic()
    if name not in _known or now - moment > SECONDS:
        seen = _looked(name)
        _known[name] = (now, seen)
    return seen


def _looked(name: str) -> Seen:
    try:
        seen = _looks[name]()
    except Exception as error:
        log.warning("The look at %s failed: %s", name, type(error).__name__, exc_info=True)
        return Seen(ok=False, figures={"error": type(error).__name__})
    return seen
