"""Decisions about messages: which events an endpoint hears of, when to try again and when to stop."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable

EVERYTHING = "*"
FIRST_PAUSE = dt.timedelta(seconds=15)
LONGEST_PAUSE = dt.timedelta(hours=12)
# A message is given up after three days, an endpoint turned off after five without one success.
TRIED_FOR = dt.timedelta(days=3)
OFF_AFTER = dt.timedelta(days=5)
# Of more records that go through the same thing at once one message tells the number: years of data that are measured
# for the first time show thousands of signals, and nobody wants a ticket for each.
MOST_AT_ONCE = 20
OLD_SECRET_FOR = dt.timedelta(hours=24)


def wants(patterns: Iterable[str], kind: str, verb: str) -> bool:
    """`standard.*`, `*.create`, `indicator.edit` or `*`; the kind with or without its part."""
    names = {kind, kind.rpartition(".")[2], EVERYTHING}
    for pattern in patterns:
        if pattern == EVERYTHING:
            return True
        wanted_kind, _dot, wanted_verb = pattern.rpartition(".")
        if wanted_kind in names and wanted_verb in {verb, EVERYTHING}:
            return True
    return False


def patterns(text: str) -> list[str]:
    """One event a line; commas and spaces do too."""
    return text.replace(",", " ").split()


def pause(attempt: int, chance: random.Random) -> dt.timedelta:
    """Three times longer after each try, and a fifth more or less, so that not all come back at once."""
    plain = min(LONGEST_PAUSE, FIRST_PAUSE * 3 ** min(attempt - 1, 12))
    return plain * chance.uniform(0.8, 1.2)
