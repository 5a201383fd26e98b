"""What was brought to begin with and waits for a decision or for data: said apart from broken links, as none of it is.

A part that brings records registers how it tells of them, for one kind ("standards.standard") or for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from calidez.kit.platform.display import Link

Source = Callable[[Any, str], Iterable[Link]]

_sources: list[Source] = []


def add_brought(source: Source) -> None:
    """`source(user, kind)` gives sentences that lead to where one begins; an empty kind asks for all."""
    _sources.append(source)


def brought(user: Any, kind: str = "") -> tuple[Link, ...]:
    return tuple(link for source in _sources for link in source(user, kind))
