"""Whether the audit trail is what was sealed: the first place where it is not, and why. Reads only, and seals nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from django.db import connection

from calidez.kit.core import heads
from calidez.kit.core.audit import is_ours, is_sealed
from calidez.kit.core.events import AuditEvent, AuditSeal
from calidez.kit.core.heads import GENESIS, Head

AT_ONCE = 2000
# On PostgreSQL the worker seals every second; a transaction that took longer than this to commit is none of ours.
LATEST = dt.timedelta(hours=1)
# By position: the digest known to have been sealed there ("" where only the position is), and where that is said.
Noted = dict[int, tuple[str, str]]
EXPLAINED = "explain_gap"
# Events with a value in another form than Django gives it on SQLite, by the place of their seal.
_STRANGE = """
    SELECT coalesce(s.position, (SELECT coalesce(max(position), 0) + 1 FROM kit_auditseal WHERE event_id < e.id))
    FROM kit_auditevent e LEFT JOIN kit_auditseal s ON s.event_id = e.id
    WHERE NOT (
        typeof(e.subject_uid) = 'text' AND length(e.subject_uid) = 32 AND e.subject_uid NOT GLOB '*[^0-9a-f]*'
        AND (e.actor_uid IS NULL OR (
            typeof(e.actor_uid) = 'text' AND length(e.actor_uid) = 32 AND e.actor_uid NOT GLOB '*[^0-9a-f]*'))
        AND typeof(e.at) = 'text' AND ifnull(strftime('%Y-%m-%d %H:%M:%S', e.at), '') = substr(e.at, 1, 19)
        AND (length(e.at) = 19 OR e.at GLOB '*:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]')
        AND typeof(e.actor) = 'text' AND typeof(e.verb) = 'text' AND typeof(e.subject) = 'text'
        AND typeof(e.label) = 'text' AND typeof(e.note) = 'text'
    )
    ORDER BY 1 LIMIT 1
"""


@dataclass(frozen=True)
class Gap:
    """Events that were sealed once and are no longer there; `digest` is what the last of them sealed."""

    first: int
    last: int
    digest: str


@dataclass(frozen=True)
class Verification:
    """`broken_at` is the position of the first link that does not hold; `head` anchors the trail outside.

    `reason` is one of: missing, order, content (of the chain itself); form (as no value is stored, so that histories do
    not find it); unsealed, forged (an event that lies there without
    a seal, written by this program or not); truncated (sealed once, and no longer there); rewritten (another event was
    sealed there once; `since` is the last event known to be as it was); unkept, unreadable (the head kept outside the
    database is missing, or none of ours, at `place`). `until` is the last missing event, where that is known; `event` is
    the one that does not hold, as it now reads, where there is one. `waiting` counts events that the worker has yet to seal, `gaps` the events that are missing for a reason somebody gave.
    """

    events: int
    head: str
    broken_at: int | None = None
    reason: str = ""
    since: int = 0
    until: int = 0
    event: AuditEvent | None = None
    waiting: int = 0
    place: str = ""
    gaps: int = 0

    @property
    def missing(self) -> int:
        """How many events are, where that is known."""
        return max(0, self.until - (self.broken_at or 0) + 1) if self.until else 0

    @property
    def intact(self) -> bool:
        return self.broken_at is None


def verify(*, expected_head: str = "", expected_events: int | None = None) -> Verification:
    """Walk the chain, and compare it with every head kept outside the database and one noted by hand."""
    try:
        noted = _noted(expected_head, expected_events)
        kept = heads.beside_key() is None or heads.kept() is not None
    except heads.Unreadable as error:
        return Verification(0, GENESIS, 1, "unreadable", place=str(error))
    found = _walk(noted, expected_head if expected_events is None else "")
    if found.intact and found.events and not kept:
        return replace(found, broken_at=found.events, reason="unkept", place=str(heads.beside_key()))
    return _unsealed(found) if found.intact else found


def verify_chain() -> Verification:
    """Whether what is there holds together, whatever is kept outside."""
    found = _walk({}, "")
    return _unsealed(found) if found.intact else found


def _walk(noted: Noted, somewhere: str) -> Verification:
    """`somewhere` is a digest that must be met, at whatever position."""
    position, previous, agreed, met, gaps, walked = 0, GENESIS, 0, not somewhere, 0, 0
    strange = _strange_form()
    explained = explained_gaps(before=strange)
    for seal in _seals(before=strange):
        gap = Gap(position + 1, seal.position - 1, seal.previous)
        if gap.last >= gap.first and gap in explained:
            position, previous, gaps = gap.last, gap.digest, gaps + gap.last - position
        if broken := _broken_link(seal, position, previous):
            if broken == "missing":
                return Verification(position, previous, position + 1, broken, until=max(0, seal.position - 1))
            return Verification(position, previous, position + 1, broken, event=seal.event)
        position, previous, walked = seal.position, seal.digest, walked + 1
        met = met or seal.digest == somewhere
        if position in noted:
            digest, place = noted[position]
            if digest not in {"", seal.digest}:
                return Verification(position, previous, agreed + 1, "rewritten", since=agreed, place=place)
            agreed = position
    if strange is not None:
        return Verification(position, previous, strange, "form")
    if AuditSeal.objects.filter(position__lte=position).count() != walked:
        return Verification(position, previous, position, "order")
    furthest = max(noted, default=0)
    if furthest > position:
        place = noted[furthest][1]
        return Verification(position, previous, position + 1, "truncated", until=furthest, place=place)
    if not met:
        return Verification(position, previous, agreed + 1, "rewritten", since=agreed)
    return Verification(position, previous, gaps=gaps)


def explained_gaps(*, before: int | None = None) -> set[Gap]:
    """What the trail itself says is missing, in events that nobody without the key can write."""
    found = set()
    events = AuditEvent.objects.filter(verb=EXPLAINED)
    for event in filter(is_ours, events if before is None else events.filter(seal__position__lt=before)):
        said = (event.after or {}).get("gap") or {}
        found.add(Gap(said.get("first", 0), said.get("last", 0), said.get("digest", "")))
    return found


def key_fits() -> bool:
    """Whether the key at hand made any of the oldest and newest seals; some may have been tampered with."""
    oldest = AuditSeal.objects.select_related("event").order_by("position")[:10]
    seals = [*oldest, *AuditSeal.objects.select_related("event").order_by("-position")[:10]]
    return not seals or any(is_sealed(seal, seal.position, seal.previous) for seal in seals)


def furthest_noted() -> Head:
    """The last head known outside the database."""
    noted = _noted("", None)
    events = max(noted)
    return heads.now(events, noted[events][0])


def _noted(expected_head: str, expected_events: int | None) -> Noted:
    """Read before the chain, which only grows."""
    said: Noted = {}
    for place in heads.elsewhere():
        for head in _spread(place):
            _note(said, head, str(place))
    kept = heads.kept()
    if kept is not None:
        _note(said, kept, str(heads.beside_key()))
    if expected_events:
        said[expected_events] = (expected_head, "")
    return said


def _note(said: Noted, head: Head, place: str) -> None:
    if head.events:
        said.setdefault(head.events, (head.digest, place))


def _spread(place: Path) -> list[Head]:
    try:
        return heads.spread_before(place)
    except FileNotFoundError:  # nothing was spread there yet
        return []
    except OSError as error:
        raise heads.Unreadable(f"{place} ({error.strerror})") from error


def _broken_link(seal: AuditSeal, position: int, previous: str) -> str:
    if seal.position != position + 1:
        return "missing"
    if seal.previous != previous:
        return "order"
    return "" if is_sealed(seal, position + 1, previous) else "content"


def _unsealed(found: Verification) -> Verification:
    """Events without a seal. On PostgreSQL the newest of ours may wait for theirs, anything else was put there."""
    waiting = 0
    newest = AuditSeal.objects.select_related("event").order_by("-position").first()
    for event in AuditEvent.objects.filter(seal__isnull=True).order_by("id").iterator(chunk_size=AT_ONCE):
        if not is_ours(event):
            return _lying_there(found, event, "forged")
        late = newest is not None and event.id < newest.event_id and event.at < newest.event.at - LATEST
        if connection.vendor != "postgresql" or late:
            return _lying_there(found, event, "unsealed")
        waiting += 1
    return replace(found, waiting=waiting)


def _lying_there(found: Verification, event: AuditEvent, reason: str) -> Verification:
    before = AuditSeal.objects.filter(event_id__lt=event.id).order_by("-event_id").first()
    return replace(found, broken_at=(before.position if before else 0) + 1, reason=reason, event=event)


def _strange_form() -> int | None:
    """The position of the first event with a value that reads as it should, yet is stored as this program stores none.

    SQLite keeps whatever it is given: an identifier in capitals is read as the same one and sealed as it was, but no
    history finds it. PostgreSQL has types for that.
    """
    if connection.vendor != "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute(_STRANGE)
        row = cursor.fetchone()
    return row[0] if row else None


def _seals(*, before: int | None = None) -> Iterator[AuditSeal]:
    """In pieces, so that no long read keeps the database from tidying up behind writers."""
    seals = AuditSeal.objects.select_related("event").order_by("position", "id")
    if before is not None:
        seals = seals.filter(position__lt=before)
    piece = list(seals[:AT_ONCE])  # from the lowest, wherever somebody may have put one
    while piece:
        yield from piece
        piece = list(seals.filter(position__gt=piece[-1].position)[:AT_ONCE])
