"""What measures a commitment is known by parts above this one; each registers here how to find it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Measure:
    """An objective or a standard that measures a commitment.

    `kind` is what people call it (“Standard”). `reachable` is the value that 90 % of the periods reached, None where
    there are not enough data; `unit_path` the path of the unit in which the target holds.
    """

    kind: str
    title: str
    url: str
    at_least: bool
    target: float | None
    measured_in: str
    has_indicator: bool
    has_data: bool
    reachable: float | None
    unit_path: str


# From commitments and a reader (who sees what they may see) to the measures of each, by the commitment's key.
Finder = Callable[[Sequence[Any], Any], Mapping[int, Sequence[Measure]]]
_finders: list[Finder] = []


def add_measures(finder: Finder) -> None:
    """An upper part says which of its records measure commitments; it asks once for all of them."""
    _finders.append(finder)


def measures_of(commitments: Sequence[Any], user: Any) -> dict[int, tuple[Measure, ...]]:
    """All measures of each commitment, those of every part."""
    found: dict[int, list[Measure]] = {one.pk: [] for one in commitments}
    if commitments:
        for finder in _finders:
            for key, measures in finder(commitments, user).items():
                found.setdefault(key, []).extend(measures)
    return {key: tuple(measures) for key, measures in found.items()}
