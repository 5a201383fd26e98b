"""How many records a list has: exactly while that is quick, “more than” beyond."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from calidez.kit.lists.query import ListQuery

# A search reads every record until it has found so many; whoever has ten thousand hits narrows them anyway.
ENOUGH = 10_000


@dataclass(frozen=True)
class Count:
    """`more`: there are more than `number`."""

    number: int
    more: bool = False


def count(records: Any, query: ListQuery) -> Count:
    if not query.search:
        return Count(records.count())
    found = records.values("pk")[: ENOUGH + 1].count()
    return Count(min(found, ENOUGH), found > ENOUGH)
