"""What the figures say a service can do: asked here, answered by the part that measures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from calidez.standards.models import Standard


@dataclass(frozen=True)
class Demonstrated:
    """How the measured periods stand to a standard's target.

    `met` of `periods` would have met it; the share that can be expected lies between `low` and `high`. `reachable` is
    the value that nine in ten periods reached. `beyond`: the target is above what was demonstrated; None where there
    is not enough data to say.
    """

    periods: int
    met: int
    low: float
    high: float
    reachable: float | None
    beyond: bool | None


Finder = Callable[[Standard], Demonstrated | None]
_find: Finder | None = None


def install(find: Finder) -> None:
    """By the part that measures; it stands above this one."""
    global _find
    _find = find


def demonstrated(standard: Standard) -> Demonstrated | None:
    """None where nothing measures the standard."""
    return _find(standard) if _find is not None else None
