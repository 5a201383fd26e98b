"""How an upper part follows what happens to records of a lower one, which does not know it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from calidez.kit.core.record import Record

# Called with the record as saved and the verb ("create", "edit" or a step), in the same transaction: a reaction that
# takes long enqueues a job.
Reaction = Callable[[Any, str], object]
_reactions: dict[str, list[Reaction]] = defaultdict(list)
_everywhere: list[Reaction] = []


def react_to(subject: str, reaction: Reaction) -> None:
    """`subject` is a kind of record, as "standards.standard"."""
    _reactions[subject].append(reaction)


def react_to_all(reaction: Reaction) -> None:
    """For what follows every kind of record alike, such as messages to other systems; must cost next to nothing."""
    _everywhere.append(reaction)


def happened(record: Record, verb: str) -> None:
    for reaction in (*_reactions[record._meta.label_lower], *_everywhere):
        reaction(record, verb)
