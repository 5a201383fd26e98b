"""Where pending work comes from: a part registers a function, and what of it can be counted or handed on."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from calidez.kit.platform.display import Link


@dataclass(frozen=True)
class Pending:
    """One thing to do: a sentence, where to do it, since when it waits and until when.

    `subject` and `uid` name the record it is about ("monitoring.signal" and its identifier): by them the item is known
    again tomorrow, so that it can be snoozed and handed on. What is about no single record (“12 branches have …”)
    has a `subject` of one word and no `uid`.
    """

    text: str
    url: str
    kind: str  # what it is about, in the reader's words
    since: dt.datetime | dt.date | None = None
    due: dt.date | None = None
    subject: str = ""
    uid: uuid.UUID | None = None
    act: Link | None = None  # the step that settles it, for a button beside it
    source: str = ""  # filled in by the inbox

    @property
    def key(self) -> str:
        return f"{self.source}/{self.subject}/{self.uid or ''}"


Items = Callable[[Any], Iterable[Pending]]
Rows = Callable[[Any], "QuerySet[Any] | None"]


@dataclass(frozen=True)
class Source:
    """`verb` is the operation that does the work: whoever may do it can be handed the item; without it, nobody can.

    `rows` are the records the items are about, one for each: the number in the frame counts those of all sources in
    one query and reads no item. Where one record is not one item, they are `rough`: without any of them nothing waits,
    and with some the items are asked. None, or `.none()`, costs nothing. `find` looks up named records among all that
    waits for the person, where `items` shows only the first of them.
    """

    key: str
    label: Any
    items: Items
    verb: str = ""
    rows: Rows | None = None
    rough: bool = False
    find: Callable[[Any, Collection[uuid.UUID]], Iterable[Pending]] | None = None

    def all(self, person: Any) -> list[Pending]:
        return [replace(item, source=self.key) for item in self.items(person)]

    def named(self, person: Any, uids: Collection[uuid.UUID]) -> list[Pending]:
        """Those of these records that still wait for the person."""
        if self.find is not None:
            return [replace(item, source=self.key) for item in self.find(person, uids)]
        return [item for item in self.all(person) if item.uid in uids]


_sources: dict[str, Source] = {}


def add_source(
    items: Items,
    *,
    key: str = "",
    label: Any = "",
    verb: str = "",
    rows: Rows | None = None,
    rough: bool = False,
    find: Callable[[Any, Collection[uuid.UUID]], Iterable[Pending]] | None = None,
) -> None:
    """`key` is stored with what people snooze and hand on, so it never changes; `label` is the filter's word."""
    key = key or f"{items.__module__.split('.')[1]}.{items.__name__}"
    if key in _sources:
        raise ValueError(f"two sources of pending work are called {key!r}")
    _sources[key] = Source(key, label or _("Other work"), items, verb, rows, rough, find)


def sources() -> tuple[Source, ...]:
    return tuple(_sources.values())


def source(key: str) -> Source | None:
    return _sources.get(key)
