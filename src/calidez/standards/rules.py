"""Decisions about standards: what is missing before one is promised, when a promise may begin, where it holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import TypeVar

MISSING_TARGET, MISSING_BASIS, ENDED = "target", "basis", "ends"
STRETCH = ("stretch_reason", "stretch_plan", "stretch_until")
_Person = TypeVar("_Person")


def missing_to_promise(
    *, target: float | None, bases: int, ends: dt.date | None, on: dt.date
) -> Sequence[str]:
    """What keeps a standard from being proposed and put in force; empty when nothing does."""
    missing = []
    if target is None:
        missing.append(MISSING_TARGET)
    if not bases:
        missing.append(MISSING_BASIS)
    if ends is not None and ends < on:
        missing.append(ENDED)
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


def earliest_start(*, before: dt.date | None, on: dt.date) -> dt.date | None:
    """From which day a version may hold: only the first may begin in the past, or what was judged would be judged anew.

    `before` is the start of the version before; None for the first, which may begin on any day.
    """
    return None if before is None else max(on, before + dt.timedelta(days=1))


def end_of_the_one_before(*, starts: dt.date, ended: dt.date | None) -> dt.date:
    """A version ends the day before the next begins, unless it had ended earlier."""
    last = starts - dt.timedelta(days=1)
    return last if ended is None else min(last, ended)


def may_approve(person: _Person, *, proposed_by: _Person | None, wrote: Collection[_Person]) -> bool:
    """Nobody approves what they proposed or wrote themselves."""
    return person != proposed_by and person not in wrote


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
