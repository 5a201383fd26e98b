"""How a record is written: checked, saved with its next version, told to the trail and to those who follow it.

An operation does this for what a person asks. For what follows from it, and nobody pressed a button for, a service
says what happens in the words below; the permission was asked for the operation that led here.

    with following(version, "supersede", by=by, note=reason) as ended:
        ended.state = State.SUPERSEDED
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction

from calidez.kit.core import audit, reactions
from calidez.kit.core.admission import settle
from calidez.kit.core.compared import said_beside
from calidez.kit.core.record import Record
from calidez.kit.core.registry import catalog
from calidez.kit.platform import letters
from calidez.kit.platform.errors import RuleBroken

R = TypeVar("R", bound=Record)
_BATCH = 500
# The records whose row is read and not yet saved.
_open: ContextVar[frozenset[tuple[type[models.Model], Any]]] = ContextVar("written", default=frozenset())


@contextmanager
def following(record: R, verb: str, *, by: Any, note: str = "") -> Iterator[R]:
    """Change a record that nobody asked to change: what the block does to the record it is given becomes one event.

    The block gets the row as it stands, read anew under lock; the caller's own copy stays as it was.
    """
    with transaction.atomic():
        with under_lock(record) as locked:
            before = audit.snapshot(locked)
            yield locked
            save(locked, {})
        tell(verb, [(locked, before, audit.snapshot(locked))], by=by, note=note)


@contextmanager
def following_many(
    records: models.QuerySet[R], verb: str, *, fields: Sequence[str], by: Any, note: str = ""
) -> Iterator[list[R]]:
    """Change `fields` of many records at once, with an event for each and a fixed number of statements.

    Their values are the program's own: only the database's constraints are asked.
    """
    with transaction.atomic():
        locked = list(records.select_for_update(of=("self",)))
        befores = [audit.snapshot(record) for record in locked]
        yield locked
        for record in locked:
            record.version += 1
        records.model._default_manager.bulk_update(locked, [*fields, "version"], batch_size=_BATCH)
        afters = [audit.snapshot(record) for record in locked]
        tell(verb, list(zip(locked, befores, afters, strict=True)), by=by, note=note)


def created(record: R, *, by: Any, note: str = "", **m2m: Any) -> R:
    """Bring a record into being that nobody filled a form for; it gets its number where its kind has numbers."""
    entity = catalog.get(type(record))
    with transaction.atomic():
        if entity is not None and entity.code and not getattr(record, "code", ""):
            record.code = entity.next_code()  # type: ignore[attr-defined]
        save(record, m2m, created=True)
        tell("create", [(record, None, audit.snapshot(record))], by=by, note=note)
    return record


def created_many(records: Sequence[R], *, by: Any, note: str = "") -> None:
    """Bring many records of one kind into being in a fixed number of statements; only the database's constraints are asked."""
    if not records:
        return
    with transaction.atomic():
        type(records[0])._default_manager.bulk_create(records, batch_size=_BATCH)
        tell("create", [(record, None, audit.snapshot(record)) for record in records], by=by, note=note)


def deleted_many(records: Iterable[R], *, by: Any, note: str = "") -> None:
    """Take records away that no longer are; the trail keeps what they were."""
    gone: list[tuple[Any, Any, Any]] = [(record, audit.snapshot(record), {}) for record in records]
    if not gone:
        return
    with transaction.atomic():
        manager = type(gone[0][0])._default_manager
        manager.filter(pk__in=[record.pk for record, _before, _after in gone]).delete()
        tell("delete", gone, by=by, note=note)


def noted(
    record: Any,
    verb: str,
    *,
    by: Any,
    before: audit.Snapshot | None = None,
    after: audit.Snapshot | None = None,
    note: str = "",
) -> None:
    """Something was done beside a record, which stays as it is: a comment was written, a password set."""
    with transaction.atomic():
        tell(verb, [(record, before, after)], by=by, note=note, beside=True)


def tell(
    verb: str, changes: Sequence[audit.Changed], *, by: Any, note: str = "", beside: bool = False
) -> None:
    """Into the trail, and to all who follow: the two never go separate ways."""
    if not changes:
        return
    events = audit.write_many(verb, changes, by=by, note=letters.note(note, field="note"))
    records = [record for record, _before, _after in changes]
    reactions.happened(reactions.Happening(records, verb, by, events[0].at, beside))


@contextmanager
def under_lock(record: R) -> Iterator[R]:
    """The record's row, read anew and locked until the transaction ends.

    A second write of the same record inside the block would be lost when the block's own is saved. That is a mistake
    of the program, and said as one.
    """
    model = record.__class__
    key = (model, record.pk)
    if key in _open.get():
        raise RuntimeError(f"{model.__name__} {record.pk} is being written already: change what was given")
    token = _open.set(_open.get() | {key})
    try:
        yield model._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
    finally:
        _open.reset(token)


def save(record: Any, m2m: Mapping[str, Any], *, created: bool = False) -> None:
    """Check the fields and write the record with its next version.

    Whether values are unique and constraints hold, the database says by itself when it is written to. Asking first
    cost half of every write, so it is asked only once it has refused, for the sentence.
    """
    try:
        settle(record, created=created)
        record.clean_fields(exclude=_surely_there(record))
        record.clean()
        with transaction.atomic():
            if not created:
                record.version += 1
            record.save()
            for name, value in m2m.items():
                getattr(record, name).set(value)
    except (ValidationError, IntegrityError) as error:
        raise _explained(record, error) from error


def _surely_there(record: Any) -> set[str]:
    """References whose record is at hand need not be looked up again."""
    return {
        field.name
        for field in record._meta.concrete_fields
        if field.is_relation and field.is_cached(record) and getattr(record, field.attname) is not None
    }


def _explained(record: Any, error: Exception) -> Exception:
    """All that is wrong, in words; the error itself where the model's checks find nothing."""
    try:
        record.full_clean()
    except ValidationError as found:
        return _as_rule(record, found)
    return _as_rule(record, error) if isinstance(error, ValidationError) else error


def _as_rule(record: models.Model, error: ValidationError) -> RuleBroken:
    told = dict(error.message_dict)
    for name, texts in said_beside(type(record), told.pop(NON_FIELD_ERRORS, [])).items():
        told.setdefault(name, []).extend(texts)
    said = {name: " ".join(texts) for name, texts in told.items()}
    field, sentence = next(iter(said.items()))
    return RuleBroken(sentence, field=field, errors=said)
