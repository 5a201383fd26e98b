"""Decisions about standards: what is missing before one may be put in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

MISSING_TARGET, MISSING_START, ENDED = "target", "starts", "ends"


def missing_to_put_in_force(
    *, target: float | None, starts: dt.date | None, ends: dt.date | None, on: dt.date
) -> Sequence[str]:
    """Field names that keep a standard from being put in force; empty when it may."""
    missing = []
    if target is None:
        missing.append(MISSING_TARGET)
    if starts is None:
        missing.append(MISSING_START)
    if ends is not None and ends < on:
        missing.append(ENDED)
    return missing


def holds_in(path: str, *, place: str, only: Sequence[str] = ()) -> bool:
    """Whether a standard that belongs to `place` holds in the unit `path`: there and below, or only where named.

    A unit above the named ones also counts branches in which nothing was promised, so it has no promise of its own.
    """
    return any(path.startswith(prefix) for prefix in (only or (place,)))
