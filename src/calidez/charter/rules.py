"""Decisions about charters: when a result may be shown, when it is too old, and what an address looks like."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# Below so many cases a result says little about the service and may say much about somebody.
FEWEST_CASES = 10
STALE_PERIODS = 2
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another on paper
RANDOM_LETTERS = 10
ADDRESS = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")


class Said(StrEnum):
    """What a charter says of one figure."""

    RESULT = "result"
    TOO_FEW = "too_few"
    NOTHING = "nothing"  # never measured
    NOT_CHOSEN = "not_chosen"


@dataclass(frozen=True)
class Measured:
    """One whole period of one figure."""

    start: dt.date
    end: dt.date
    value: float
    n: int
    low: float | None = None
    high: float | None = None


def newest_whole(periods: Sequence[Measured], *, on: dt.date) -> Measured | None:
    """The newest period that is over: one that still runs may look better or worse than it ends."""
    over = [p for p in periods if p.end < on]
    return over[-1] if over else None


def what_to_say(newest: Measured | None, *, chosen: bool) -> Said:
    if not chosen:
        return Said.NOT_CHOSEN
    if newest is None:
        return Said.NOTHING
    return Said.RESULT if newest.n >= FEWEST_CASES else Said.TOO_FEW


def random_address(choose: Any) -> str:
    """`choose` picks one of the letters; nobody guesses the address of a charter that is not listed."""
    return "".join(choose(LETTERS) for _ in range(RANDOM_LETTERS))


def digest_of(content: Mapping[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
