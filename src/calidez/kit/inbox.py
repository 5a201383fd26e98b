"""What waits for a person: each part registers where its pending work comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Pending:
    """One thing to do: a sentence, where to do it, since when it waits and until when."""

    text: str
    url: str
    kind: str
    since: dt.datetime | dt.date | None = None
    due: dt.date | None = None


Source = Callable[[Any], Iterable[Pending]]
_sources: list[Source] = []


def add_source(source: Source) -> None:
    _sources.append(source)


def pending(user: Any, limit: int = 50) -> tuple[Pending, ...]:
    """The oldest first."""
    found = [item for source in _sources for item in source(user)]
    return tuple(sorted(found, key=lambda p: str(p.since or ""))[:limit])
