"""What one record's events tell: its newest first for the page, and how it stood at an earlier moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from calidez.kit.core import audit
from calidez.kit.core.events import AuditEvent
from calidez.kit.core.record import Record

Values = dict[str, Any]
# Done beside the record, not to its fields: a comment, a file. Their events carry no field of the record.
BESIDE = frozenset(
    {
        *("comment", "edit_comment", "withdraw_comment"),
        *("attach_file", "edit_file", "withdraw_file"),
        *("delegate", "give_back", "take_back_work"),
    }
)


def events_of(record: Record) -> list[AuditEvent]:
    """The record's newest events, read once per page: its history and its life cycle both look at them."""
    found: list[AuditEvent] | None = getattr(record, "_trail", None)
    if found is None:
        found = audit.history(record)
        record._trail = found  # type: ignore[attr-defined]
    return found


@dataclass(frozen=True)
class Look:
    """How far into the trail somebody looks: to a moment, or to one event, after which nothing counts."""

    moment: dt.datetime
    day: dt.date
    event: int | None = None

    def counts(self, event: Any) -> bool:
        return event.at <= self.moment if self.event is None else event.pk <= self.event

    @property
    def query(self) -> dict[str, str]:
        """What an address says to look there."""
        return {"on": self.day.isoformat()} if self.event is None else {"after": str(self.event)}


@dataclass(frozen=True)
class Past:
    """A record's values after `last`, the newest event counted; None when it did not exist yet."""

    values: Values | None
    last: AuditEvent | None


def as_it_stood(record: Record, *, moment: dt.datetime | None = None, event: int | None = None) -> Past:
    """The record as its trail tells it, after everything until `moment`, or until the event of this number."""
    moment = moment or timezone.now()
    return stood(record, trails([record])[record.uid], Look(moment, moment.date(), event))


def stood(
    record: Record, events: Sequence[AuditEvent], look: Look, names: Container[str] | None = None
) -> Past:
    """What a record held at that moment, from its events at hand (oldest first); `names` are the fields asked for."""
    count = sum(1 for event in events if look.counts(event))
    told = any(event.verb == "create" for event in events)
    if not told and record.created_at > look.moment:
        return Past(None, None)  # brought in by a program, and later
    today = {} if told else audit.snapshot(record, names)
    return Past(replay(events, count, today=today), events[count - 1] if count else None)


def trails(records: Sequence[Record]) -> dict[Any, list[AuditEvent]]:
    """The events of records of one kind, the oldest first, by one query."""
    found: dict[Any, list[AuditEvent]] = {record.uid: [] for record in records}
    if records:
        subject = records[0]._meta.label_lower
        for event in AuditEvent.objects.filter(subject=subject, subject_uid__in=list(found)).order_by("id"):
            found[event.subject_uid].append(event)
    return found


def replay(events: Sequence[Any], count: int, *, today: Values) -> Values | None:
    """The values after the first `count` of `events`, which are oldest first.

    A trail that begins with the record's creation holds every value. A record that a program brought in has no such
    event: a field that no earlier event names then has the value that its next change replaced, or today's.
    """
    if any(e.verb == "create" for e in events[count:]):
        return None
    values: Values = {}
    for event in _of_the_record(events[:count]):
        values.update(event.after)
    if not any(e.verb == "create" for e in events[:count]):
        for event in _of_the_record(events[count:]):
            values = {**(event.before or {}), **values}
        values = {**today, **values}
    return values


def _of_the_record(events: Iterable[Any]) -> Iterable[Any]:
    return (e for e in events if e.after is not None and e.verb not in BESIDE)
