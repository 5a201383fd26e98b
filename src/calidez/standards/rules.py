"""Decisions about standards: what is missing before one is promised, and where it holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

MISSING_TARGET, MISSING_BASIS = "target", "basis"
STRETCH = ("stretch_reason", "stretch_plan", "stretch_until")


def missing_to_promise(*, target: float | None, bases: int) -> Sequence[str]:
    """What keeps a standard from being proposed and put in force; empty when nothing does."""
    missing = []
    if target is None:
        missing.append(MISSING_TARGET)
    if not bases:
        missing.append(MISSING_BASIS)
    return missing


def missing_of_stretch(
    *, reason: str, plan: str, until: dt.date | None, beyond: bool, on: dt.date
) -> str | None:
    """The first field that a promise above what was demonstrated still lacks; a plan for the past is none.

    Whoever gives a part of it without need finishes it, so that a version never holds half a plan.
    """
    given = (bool(reason.strip()), bool(plan.strip()), until is not None)
    if not beyond and not any(given):
        return None
    for name, there in zip(STRETCH, given, strict=True):
        if not there:
            return name
    return STRETCH[2] if until is not None and until <= on else None


def holds_in(path: str, *, place: str, only: Sequence[str] = ()) -> bool:
    """Whether a standard that belongs to `place` holds in the unit `path`: there and below, or only where named.

    A unit above the named ones also counts branches in which nothing was promised, so it has no promise of its own.
    """
    return any(path.startswith(prefix) for prefix in (only or (place,)))


def beyond_unacceptable(value: float, *, at_least: bool, unacceptable: float | None) -> bool:
    """Whether a figure is worse than the threshold."""
    if unacceptable is None:
        return False
    slack = abs(unacceptable) * 1e-9  # 0.8 * 100 is a hair more than 80
    return value < unacceptable - slack if at_least else value > unacceptable + slack
