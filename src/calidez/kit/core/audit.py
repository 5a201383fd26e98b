"""The audit trail: what was done, by whom, sealed in a keyed chain that tampering breaks."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import logging
import secrets
import uuid
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from enum import Enum
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.functional import Promise

from calidez.kit.core import heads, mentions
from calidez.kit.core.any_record import Named
from calidez.kit.core.children import texts_of
from calidez.kit.core.events import AuditEvent, AuditSeal
from calidez.kit.core.heads import GENESIS
from calidez.kit.core.record import Record
from calidez.kit.core.registry import catalog

_SEAL_LOCK = 0x43414C49  # advisory lock of the sealer on PostgreSQL
# How far back, in numbers of events, one may lie that was written before its successors and committed after them.
_LATE = 10_000
_BATCH = 500
_NONCE = 16  # characters
log = logging.getLogger("calidez.audit")
Snapshot = dict[str, Any]
Changed = tuple[Any, Snapshot | None, Snapshot | None]  # a record, what it was and what it became
_at_end: ContextVar[bool] = ContextVar("sealed_at_end", default=False)


def snapshot(record: models.Model, names: Container[str] | None = None) -> Snapshot:
    """The record's own values as JSON, related records, one or many, as their label and uid; of all fields or some."""
    hidden = {*getattr(record, "unrecorded", ()), "version", "created_at"}

    def kept(name: str) -> bool:
        return name not in hidden and (names is None or name in names)

    result: Snapshot = {}
    for field in record._meta.concrete_fields:
        if field.primary_key or not kept(field.name):
            continue
        if isinstance(field, models.ForeignKey):
            result[field.name] = _reference(getattr(record, field.name))
        else:
            result[field.name] = _plain(field.value_from_object(record))
    for field in record._meta.many_to_many:
        if record.pk and kept(field.name):
            many = (_reference(one) for one in getattr(record, field.name).all())
            result[field.name] = sorted(many, key=lambda said: (said["label"], said["uid"]))
    for child in _children(record):
        if not kept(child.name):
            continue
        result[child.name] = texts_of(child, record)
    return result


def write(
    verb: str,
    record: Any,
    *,
    by: Any,
    before: Snapshot | None = None,
    after: Snapshot | None = None,
    note: str = "",
) -> AuditEvent:
    """Append one event. Services do not call it: `following` writes the trail and tells those who listen to it."""
    return write_many(verb, [(record, before, after)], by=by, note=note)[0]


def write_many(verb: str, changes: Sequence[Changed], *, by: Any, note: str = "") -> list[AuditEvent]:
    """Append an event for each of these records of one kind, by a fixed number of statements.

    On SQLite they are sealed in the same transaction, on PostgreSQL by `seal()` later.
    """
    now = timezone.now()
    events = []
    for record, was, became in changes:
        before, after = _only_changes(was, became)
        event = AuditEvent(
            at=now,
            actor_uid=getattr(by, "uid", None),
            actor=str(by) if by is not None else "",
            verb=verb,
            subject=record._meta.label_lower,
            subject_uid=record.uid,
            label=str(record)[:300],
            before=before,
            after=after,
            note=note,
        )
        event.mac = mac(event)
        events.append(event)
    AuditEvent.objects.bulk_create(events, batch_size=_BATCH)
    mentions.note(events, changes[0][0].__class__)  # a page hands over the person behind a proxy
    if connection.vendor == "sqlite" and not _at_end.get():
        _chain(events)
    return events


@contextmanager
def sealed_at_end() -> Iterator[None]:
    """Many events of one transaction are sealed together when the block ends: seals one by one cost more than the work."""
    token = _at_end.set(True)
    try:
        yield
    finally:
        _at_end.reset(token)
    if connection.vendor == "sqlite":
        seal()


def seal(*, everything: bool = False) -> int:
    """Chain the events that have no seal yet; returns how many.

    On PostgreSQL chaining inside business transactions would serialise all writers (a third of the
    throughput with eight clients), so the worker calls this every second; SQLite has one writer anyway.
    Only the newest events are looked through, or each write would cost more the longer the trail grows;
    `everything` also finds one that committed long after others with higher numbers. An event that this program did
    not write is never sealed: it stays behind for `verify` to find.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEAL_LOCK])
        newest = AuditSeal.objects.order_by("-position").first()
        waiting = AuditEvent.objects.filter(seal__isnull=True)
        if newest is not None and not everything:
            late = _LATE if connection.vendor == "postgresql" else 0
            waiting = waiting.filter(id__gt=newest.event_id - late)
        sealed = 0
        for events in _batches(waiting.order_by("id").iterator(chunk_size=_BATCH)):
            genuine = [event for event in events if is_ours(event)]
            _chain(genuine)
            sealed += len(genuine)
        return sealed


def seal_waiting() -> None:
    """The worker's chore every second; on SQLite nothing waits, as each event is sealed with what it tells."""
    if connection.vendor == "postgresql":
        seal()


def seal_restored() -> None:
    """Events brought from PostgreSQL may have been waiting there; on SQLite each is sealed as it is written, and nothing else would."""
    if connection.vendor == "sqlite":
        seal(everything=True)


def spread_head() -> None:
    """The worker's chore every minute: the files elsewhere learn how far the trail has come."""
    newest = AuditSeal.objects.order_by("-position").first() if heads.elsewhere() else None
    if newest is not None:
        heads.spread(heads.now(newest.position, newest.digest))


def _chain(events: Sequence[AuditEvent]) -> None:
    if not events:
        return
    position, previous, keeps = _end_of_chain()
    seals = []
    for event in events:
        position += 1
        digest = digest_of(position, previous, event)
        seals.append(AuditSeal(event=event, position=position, previous=previous, digest=digest))
        previous = digest
    AuditSeal.objects.bulk_create(seals, batch_size=_BATCH)
    if keeps:
        head = heads.now(position, previous)
        transaction.on_commit(lambda: heads.keep(head))


def _end_of_chain() -> tuple[int, str, bool]:
    """Where the next seal goes, the digest that it follows, and whether the head kept outside goes along.

    After seals that were taken away the chain does not close up again: it goes on behind what was kept outside, and
    the gap stays to be found. What was kept is never overwritten by a chain that contradicts it, nor made anew where
    it is missing although there are seals.
    """
    newest = AuditSeal.objects.order_by("-position").first()
    position, previous = (newest.position, newest.digest) if newest else (0, GENESIS)
    if heads.beside_key() is None:
        return position, previous, False
    try:
        kept = heads.kept()
    except heads.Unreadable:
        return position, previous, False
    if kept is None:
        if newest is None:  # before the first seal is committed, so that none is ever without
            heads.keep(heads.now(0, GENESIS))
        return position, previous, newest is None
    if kept.events > position:
        log.error("The audit trail ends at event %s; event %s was sealed before.", position, kept.events)
        return kept.events, kept.digest, True
    if kept.events and kept.events < position:
        held = AuditSeal.objects.filter(position=kept.events).values_list("digest", flat=True).first()
    else:
        held = previous if kept.events else GENESIS
    if held != kept.digest:
        log.error("The audit trail no longer holds what was sealed as event %s.", kept.events)
        return position, previous, False
    return position, previous, True


def history(record: Record, limit: int = 200) -> list[AuditEvent]:
    """The newest events of one record first."""
    events = AuditEvent.objects.filter(subject=record._meta.label_lower, subject_uid=record.uid)
    return list(events.order_by("-id")[:limit])


def _children(record: models.Model) -> Any:
    entity = catalog.get(type(record))
    return entity.children if entity is not None else ()


def _batches(events: Iterable[AuditEvent]) -> Iterator[list[AuditEvent]]:
    waiting = iter(events)
    while batch := list(islice(waiting, _BATCH)):
        yield batch


def digest_of(position: int, previous: str, event: AuditEvent, *, numbered: bool = True) -> str:
    """What the seal of this event at this place of the chain must say.

    The event's number goes in, since histories are told in its order. `numbered=False` gives what was said before
    seals held it.
    """
    number = {"id": event.pk} if numbered else {}
    return _signed({"position": position, "previous": previous, **number, **_content(event)})


def is_sealed(seal: AuditSeal, position: int, previous: str) -> bool:
    """Whether the seal is the one of its event at this place. That earlier seals hold no number opens nothing: only the key makes either."""
    return any(
        hmac.compare_digest(seal.digest, digest_of(position, previous, seal.event, numbered=numbered))
        for numbered in (True, False)
    )


def mac(event: AuditEvent, nonce: str = "") -> str:
    """That this program wrote the event, and once: the nonce is unique, so a copy of it is refused by the database."""
    nonce = nonce or secrets.token_hex(_NONCE // 2)
    return nonce + _signed({"nonce": nonce, **_content(event)})


def is_ours(event: AuditEvent) -> bool:
    said = event.mac or ""
    return len(said) > _NONCE and hmac.compare_digest(said, mac(event, said[:_NONCE]))


def _content(event: AuditEvent) -> dict[str, Any]:
    return {
        "at": event.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "actor_uid": str(event.actor_uid),
        "actor": event.actor,
        "verb": event.verb,
        "subject": event.subject,
        "subject_uid": str(event.subject_uid),
        "label": event.label,
        "before": event.before,
        "after": event.after,
        "note": event.note,
    }


def _signed(content: dict[str, Any]) -> str:
    # What is no text, as bytes in a column of SQLite, was not written by this program: any other digest says so.
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=repr)
    return hmac.new(settings.AUDIT_KEY.encode(), canonical.encode(), hashlib.sha256).hexdigest()


def _only_changes(before: Snapshot | None, after: Snapshot | None) -> tuple[Snapshot | None, Snapshot | None]:
    if before is None or after is None:
        return before, after
    changed = [name for name in after if before.get(name) != after[name]]
    return {n: before.get(n) for n in changed}, {n: after[n] for n in changed}


def _reference(record: models.Model | None) -> Any:
    if record is None:
        return None
    return {"label": str(record), "uid": str(getattr(record, "uid", record.pk))}


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (uuid.UUID, Decimal, Promise)):
        return str(value)
    if isinstance(value, Named):
        # No title: whoever reads this event may not be one to see that record.
        return {"kind": value.subject, "uid": str(value.uid)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, models.fields.files.FieldFile):
        return value.name or ""
    if isinstance(value, float):
        # PostgreSQL's jsonb prints 1e20 and -0.0 in its own way; text keeps the digest stable.
        return repr(value)
    return value
