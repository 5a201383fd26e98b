"""What waits for one person now: what the parts say, less what was put off or handed on, plus what was handed over."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from calidez.kit.desk.inbox.models import Delegation, Snooze, WaitingCount
from calidez.kit.desk.inbox.sources import Pending, Source, source, sources
from calidez.kit.desk.inbox.tally import tally


@dataclass(frozen=True)
class Waiting:
    """`items` wait now; `snoozed` come back on their day; `given` are with somebody else."""

    items: tuple[Pending, ...]
    snoozed: tuple[tuple[Pending, dt.date], ...]
    given: tuple[tuple[Pending, Delegation], ...]
    received: dict[str, Delegation]  # by the item's key
    own: frozenset[str]  # keys of what the parts themselves say waits for this person


@dataclass(frozen=True)
class Marks:
    """What a person set aside: read in two queries, whatever the number of sources."""

    snoozed: dict[str, dt.date]
    given: dict[str, Delegation]
    received: tuple[Delegation, ...]

    def touches(self, key: str) -> bool:
        return any(
            name.startswith(f"{key}/")
            for name in (*self.snoozed, *self.given, *(d.key for d in self.received))
        )


def pending(person: Any, limit: int | None = None) -> tuple[Pending, ...]:
    """The overdue and the due first, then the oldest."""
    return waiting(person).items[:limit]


def waiting(person: Any) -> Waiting:
    """Read once for a request, whoever asks."""
    kept: Waiting | None = getattr(person, "_waiting", None)
    if kept is None:
        kept = person._waiting = _read(person)
    return kept


def forget(*people: Any) -> None:
    """After a change of what waits: neither what this request has read nor the number on their pages holds any more."""
    for person in people:
        person.__dict__.pop("_waiting", None)
    forget_count(*people)


def forget_count(*people: Any) -> None:
    WaitingCount.objects.filter(person__in=people).update(counted_at=None)


def count(person: Any) -> int:
    """How many items wait, by the rows of the sources where nothing was set aside."""
    if getattr(person, "_waiting", None) is not None:
        return len(waiting(person).items)
    marks = _marks(person)
    told = tally(person, (one for one in sources() if not marks.touches(one.key)))
    exact = {one.key for one in sources() if one.key in told and not one.rough}
    ask = [one for one in sources() if one.key not in exact and told.get(one.key, 1)]
    return sum(told[key] for key in exact) + (len(_assemble(person, ask, ask, marks).items) if ask else 0)


def find(person: Any, key: str) -> Pending | None:
    """One item among all that waits for the person, put off or handed on."""
    found = waiting(person)
    everything: Iterable[Pending] = (
        *found.items,
        *(item for item, _day in found.snoozed),
        *(item for item, _given in found.given),
    )
    return next((item for item in everything if item.key == key), None)


def _read(person: Any) -> Waiting:
    told = tally(person, sources())
    ask = [one for one in sources() if told.get(one.key, 1)]
    return _assemble(person, ask, sources(), _marks(person))


def _marks(person: Any) -> Marks:
    today = timezone.localdate()
    open_ones = Delegation.objects.filter(ended_at=None).select_related("giver", "receiver")
    # What somebody has who left comes back at once, and its row ends at night.
    mine = list(_handed_on(open_ones, person))
    return Marks(
        snoozed=dict(Snooze.objects.filter(person=person, until__gt=today).values_list("key", "until")),
        given={d.key: d for d in mine if d.giver_id == person.pk},
        received=tuple(d for d in mine if d.receiver_id == person.pk),
    )


def _handed_on(delegations: QuerySet[Delegation], person: Any) -> QuerySet[Delegation]:
    """What the person gave to others or received."""
    return delegations.filter(Q(giver=person) | Q(receiver=person), receiver__is_active=True)


def _assemble(person: Any, ask: Iterable[Source], among: Iterable[Source], marks: Marks) -> Waiting:
    """`ask` are those of `among` of which it is not known that they have nothing."""
    own = [item for one in ask for item in one.all(person)]
    names = {one.key for one in among}
    # An item handed on may be beyond the first ones that its source shows.
    shown = {item.key for item in own}
    lost = [d for key, d in marks.given.items() if key not in shown and d.source in names]
    beyond = _named(person, lost)
    received = [d for d in marks.received if d.source in names]
    brought = [item for d in received for item in _received(person, d)]
    by_key = {item.key: item for item in (*own, *brought)}
    given_keys = set(marks.given)
    visible = [item for key, item in by_key.items() if key not in given_keys]
    everything = {item.key: item for item in (*own, *beyond)}
    return Waiting(
        items=tuple(sorted((i for i in visible if i.key not in marks.snoozed), key=_urgency)),
        snoozed=tuple(
            sorted(
                ((i, marks.snoozed[i.key]) for i in visible if i.key in marks.snoozed),
                key=lambda pair: pair[1],
            )
        ),
        given=tuple((everything[k], d) for k, d in marks.given.items() if k in everything),
        received={d.key: d for d in received if d.key in by_key},
        own=frozenset(shown),
    )


def _named(person: Any, delegations: Iterable[Delegation]) -> list[Pending]:
    wanted: dict[str, set[uuid.UUID]] = defaultdict(set)
    for delegation in delegations:
        wanted[delegation.source].add(delegation.subject_uid)
    return [
        item
        for key, uids in wanted.items()
        if (one := source(key)) is not None
        for item in one.named(person, uids)
    ]


def _received(person: Any, delegation: Delegation) -> list[Pending]:
    """What was handed over waits as long as it would wait for the giver, and while the receiver may do it."""
    from calidez.kit.desk.inbox import permission  # it asks the catalog, which imports models

    one = source(delegation.source)
    if one is None or not delegation.giver.is_active or not permission.may_do(person, one, delegation):
        return []
    return [i for i in one.named(delegation.giver, {delegation.subject_uid}) if i.key == delegation.key]


def _urgency(item: Pending) -> tuple[str, str, str]:
    """Due days first, the earliest before; then the oldest."""
    return (str(item.due or "9999"), str(item.since or ""), item.text)
