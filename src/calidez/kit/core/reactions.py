"""How an upper part follows what happens to records of a lower one, which does not know it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Happening:
    """One verb on one record, or on many records of one kind at once.

    `beside` says that the records themselves stayed as they were: somebody commented, or gave a file.
    """

    records: Sequence[Any]
    verb: str
    by: Any
    at: dt.datetime
    beside: bool = False


# Called with the record as saved and the verb ("create", "edit" or a step), in the same transaction: a reaction that
# takes long enqueues a job.
Reaction = Callable[[Any, str], object]
Listener = Callable[[Happening], object]
_reactions: dict[str, list[Reaction]] = defaultdict(list)
_everywhere: list[Listener] = []


def react_to(subject: str, reaction: Reaction) -> None:
    """Follow the changes of one kind of record, named as "standards.standard"."""
    _reactions[subject].append(reaction)


def react_to_all(listener: Listener) -> None:
    """For what follows every event of the trail alike, such as messages to other systems; must cost next to nothing."""
    _everywhere.append(listener)


def happened(happening: Happening) -> None:
    if not happening.records:
        return
    if not happening.beside:
        for reaction in _reactions[happening.records[0]._meta.label_lower]:
            for record in happening.records:
                reaction(record, happening.verb)
    for listener in _everywhere:
        listener(happening)
