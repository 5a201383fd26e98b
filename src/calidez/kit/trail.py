"""What one record's events tell: its newest first for the page, and how it stood at an earlier moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from calidez.kit import audit
from calidez.kit.models import AuditEvent, Record

Values = dict[str, Any]
# Done beside the record, not to its fields: a comment, a file. Their events carry no field of the record.
BESIDE = frozenset(
    {
        *("comment", "edit_comment", "withdraw_comment"),
        *("attach_file", "edit_file", "withdraw_file"),
        *("delegate", "give_back", "take_back"),
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
class Past:
    """A record's values after `last`, the newest event counted; None when it did not exist yet."""

    values: Values | None
    last: AuditEvent | None


def as_it_stood(record: Record, *, moment: dt.datetime | None = None, event: int | None = None) -> Past:
    """The record as its trail tells it, after everything until `moment`, or until the event of this number."""
    events = list(
        AuditEvent.objects.filter(subject=record._meta.label_lower, subject_uid=record.uid).order_by("id")
    )
    if event is not None:
        count = sum(1 for e in events if e.pk <= event)
    else:
        count = sum(1 for e in events if moment is None or e.at <= moment)
    values = replay(events, count, today=audit.snapshot(record))
    return Past(values, events[count - 1] if count else None)


def replay(events: Sequence[Any], count: int, *, today: Values) -> Values | None:
    """The values after the first `count` of `events`, which are oldest first.

    Where the trail begins with the creation, it alone tells. A record that came into being without one (brought in by
    a program) is told from behind: what the next change found, or else what it holds today.
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
