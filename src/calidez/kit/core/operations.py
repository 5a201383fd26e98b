"""One operation = one permission, one rule, one transaction, one audit event.

A part writes the rule as a small function that changes the record; the decorator does the rest, so that pages,
imports, jobs and scripts all behave alike:

    @transition(Standard, source=[State.DRAFT], target=State.IN_FORCE, label=_("Put in force"))
    def put_in_force(standard, *, by, at):
        if not standard.indicator:
            raise RuleBroken(_("..."))
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from calidez.kit.core import access, audit, children, conditions
from calidez.kit.core.admission import admitted
from calidez.kit.core.following import save, tell, under_lock
from calidez.kit.core.record import Record, RecordModel
from calidez.kit.core.registry import catalog
from calidez.kit.core.writers import not_for_its_writer
from calidez.kit.platform.errors import RuleBroken, VersionConflict
from calidez.kit.platform.log import LogRow

Body = Callable[..., None]
Rows = Mapping[str, Sequence[children.Row]]  # by the name of the child


class NotOffered(str):
    """Why not, where a button would only puzzle: it is not drawn.

    Without words the step is closed for this record, as it is in another state.
    """


Blocked = Callable[[Any, Any], Any]


def unless(possible: Callable[[Any], bool]) -> Blocked:
    """For `blocked`: the step is closed for records of which this does not hold."""
    return lambda record, by: None if possible(record) else NotOffered()


class Operation:
    """A verb on one kind of record: callable as `close(nc, by=user)`, and drawn as button and form by the pages.

    `blocked(record, by)` says beforehand why this person cannot take the step on this record: a sentence that stands
    beside the state to which it would lead, or a RuleBroken that names the field. Whoever tries is refused with it.
    Where it is `NotOffered`, no button is drawn either. `by_another` does that for whoever wrote what the step
    approves (four eyes, as the trail knows). What depends on the answers in the step's own form is the body's to say.

    `demands` names the fields that the body refuses empty, of this record: their labels do not call them optional.
    `note` asks for a reason, kept in the trail. `offers` gives, for a field, the answers that this record takes: an
    empty list and it is not asked, None and any answer will do. `after` runs once the record is saved, in the same
    transaction. `bulk` is False where what it asks differs from record to record; `drawn`, where its button stands on
    a page of the part's own.
    """

    # The template engine would otherwise call an operation with no arguments.
    do_not_call_in_templates = True

    def __init__(
        self,
        body: Body,
        model: RecordModel,
        *,
        label: Any,
        name: str = "",
        verb: str = "",
        source: Iterable[Any] | None = None,
        target: Any = None,
        fields: Sequence[str] = (),
        offers: Mapping[str, Callable[[Any], Sequence[str] | None]] | None = None,
        demands: Callable[[Any], Sequence[str]] = lambda record: (),
        note: bool = False,
        blocked: Blocked | None = None,
        by_another: bool = False,
        after: Body | None = None,
        help: Any = "",
        icon: str = "",
        primary: bool = False,
        bulk: bool = True,
        drawn: bool = True,
        grave: bool = False,
    ) -> None:
        functools.update_wrapper(self, body)
        self.body, self.after, self.model = body, after, model
        self.name: str = name or body.__name__
        self.verb = verb or self.name
        self.source = None if source is None else tuple(source)
        self.target = target
        self.fields, self.offers, self.note = tuple(fields), dict(offers or {}), note
        self.demands = demands
        self.blocked, self.by_another = blocked, by_another
        self.label, self.help, self.icon, self.primary = label, help, icon, primary
        self.bulk, self.drawn = bulk, drawn
        self.grave = grave  # it takes something away: its button does not look like that of a step forward

    def help_for(self, record: Any) -> str:
        """The sentence above the form; a function says something about the record at hand."""
        return str(self.help(record)) if callable(self.help) else str(self.help)

    def open_for(self, record: Any, by: Any = None) -> bool:
        """Whether the record stands where this operation may begin; `by` is None where the program asks."""
        return self._starts(record) and self._hindrance(record, by) != NotOffered()

    def offered_to(self, record: Any, by: Any) -> bool:
        """Whether the page of the record draws it for this person."""
        if not (self.drawn and self._starts(record) and self.permitted(record, by)):
            return False
        return not isinstance(self._known_hindrance(record, by), NotOffered)

    def why_not(self, record: Any, by: Any) -> str:
        """Why this person could not take this step now, as far as known beforehand; empty when nothing is known."""
        found = self._known_hindrance(record, by)
        return str(_("not possible yet")) if found == NotOffered() else str(found or "")

    def _starts(self, record: Any) -> bool:
        return self.source is None or record.state in self.source

    def _hindrance(self, record: Any, by: Any) -> Any:
        if self.by_another and (sentence := not_for_its_writer(_entity(self.model), self, record, by)):
            return NotOffered(sentence)
        found = self.blocked(record, by) if self.blocked is not None else None
        return found if found or isinstance(found, NotOffered) else None

    def _known_hindrance(self, record: Any, by: Any) -> Any:
        """Found once for a page: its buttons and its life cycle both ask."""
        known = record.__dict__.setdefault("_hindrances", {})
        key = (self.name, by.pk)
        if key not in known:
            known[key] = self._hindrance(record, by)
        return known[key]

    def permitted(self, record: Any, by: Any) -> bool:
        entity = _entity(self.model)
        scope = entity.granted(by, self.verb)
        path = entity.unit_path(record)
        return bool(scope) and (path is None or scope.covers(path))

    def __call__(
        self,
        record: Any,
        *,
        by: Any,
        version: int | None = None,
        note: str = "",
        child_rows: Rows | None = None,
        **values: Any,
    ) -> Any:
        """Returns the record as saved (a fresh copy: the row is re-read under lock)."""
        return self._taken(record, by, version, note, child_rows, values, asked=True)

    def follow(self, record: Any, *, by: Any, note: str = "", **values: Any) -> Any:
        """Take this step because another one led to it: all its rules hold, and the permission was asked there."""
        return self._taken(record, by, None, note, None, values, asked=False)

    def _taken(
        self,
        record: Any,
        by: Any,
        version: int | None,
        note: str,
        child_rows: Rows | None,
        values: Mapping[str, Any],
        *,
        asked: bool,
    ) -> Any:
        entity, values = _entity(self.model), admitted(self.model, values)
        with transaction.atomic():
            with under_lock(record) as locked:
                if asked and not self.permitted(locked, by):
                    raise access.refuse(self.label, entity.label)
                if version is not None and version != locked.version:
                    raise VersionConflict(locked)
                self._refuse(locked, by)
                before = audit.snapshot(locked)
                m2m = assign(locked, {k: v for k, v in values.items() if k in self.fields})
                extra = {k: v for k, v in values.items() if k not in self.fields}
                if entity.conditions and self is entity.edition:
                    conditions.refuse_unasked(entity, locked, values)
                    conditions.settle(entity, locked, m2m)
                self.body(locked, by=by, **extra)
                if self.target is not None:
                    locked.state = self.target
                save(locked, m2m)
            children.write(entity.children, locked, child_rows or {})
            if self.after is not None:
                self.after(locked, by=by)
            if asked:
                _still_visible(entity, locked, by, self.verb)
            tell(self.name, [(locked, before, audit.snapshot(locked))], by=by, note=note)
        return locked

    def _refuse(self, record: Any, by: Any) -> None:
        found = self._hindrance(record, by) if self._starts(record) else NotOffered()
        if found == NotOffered():
            raise RuleBroken(_entity(self.model).closed_sentence(self, record))
        if found is not None:
            raise found if isinstance(found, RuleBroken) else RuleBroken(found)


class Creation:
    """How a record comes into being. The body may fill in what the form does not ask.

    The form requires `required`, though records that the program itself brings may lack it.
    """

    do_not_call_in_templates = True

    def __init__(
        self,
        body: Body | None,
        model: type[Record] | type[LogRow],
        *,
        fields: Sequence[str] = (),
        required: Sequence[str] = (),
        after: Body | None = None,
    ) -> None:
        self.body = body
        self.after = after
        self.model: Any = model
        self.fields = tuple(fields)
        self.required = tuple(required)
        self.verb = access.CREATE

    def __call__(self, *, by: Any, note: str = "", child_rows: Rows | None = None, **values: Any) -> Any:
        entity, values = _entity(self.model), admitted(self.model, values)
        with transaction.atomic():
            record: Any = self.model(created_by=by)
            m2m = assign(record, values)
            conditions.refuse_unasked(entity, record, values)
            conditions.settle(entity, record, m2m)
            if entity.code and not getattr(record, "code", ""):
                record.code = entity.next_code()
            if self.body is not None:
                self.body(record, by=by)
            scope = entity.granted(by, access.CREATE)
            path = entity.unit_path(record)
            if not scope or (path is not None and not scope.covers(path)):
                raise access.refuse(entity.create_label, entity.label)
            save(record, m2m, created=True)
            if entity.children:
                children.write(
                    entity.children, record, {c.name: () for c in entity.children} | dict(child_rows or {})
                )
            if self.after is not None:
                self.after(record, by=by)
            tell("create", [(record, None, audit.snapshot(record))], by=by, note=note)
        return record


def transition(
    model: RecordModel, *, source: Iterable[Any], target: Any, **options: Any
) -> Callable[[Body], Operation]:
    """A step of a life cycle: possible in the `source` states, leaves the record in `target`."""

    def decorate(body: Body) -> Operation:
        return Operation(body, model, source=source, target=target, **options)

    return decorate


def operation(model: RecordModel, **options: Any) -> Callable[[Body], Operation]:
    """A verb that does not move the life cycle."""

    def decorate(body: Body) -> Operation:
        return Operation(body, model, **options)

    return decorate


def creation(model: type[Record] | type[LogRow], **options: Any) -> Callable[[Body], Creation]:
    """Replaces the plain creation of a kind of record."""

    def decorate(body: Body) -> Creation:
        return Creation(body, model, **options)

    return decorate


def assign(record: models.Model, values: Mapping[str, Any]) -> dict[str, Any]:
    """Set plain values; many-to-many ones are returned, to be set once the record has a key."""
    many = {f.name for f in record._meta.many_to_many}
    files = {f.name for f in record._meta.concrete_fields if isinstance(f, models.FileField)}
    for name, value in values.items():
        if name in files:
            setattr(record, name, value or "")  # a form says False where a file is taken away
        elif name not in many:
            setattr(record, name, value)
    return {name: value for name, value in values.items() if name in many}


def _still_visible(entity: Any, record: Any, by: Any, verb: str) -> None:
    # A change may move a record out of the person's reach; that must not be a way to plant records elsewhere.
    path = entity.unit_path(record)
    if path is not None and not entity.granted(by, verb).covers(path):
        raise access.refuse(entity.label, path)


def _entity(model: RecordModel) -> Any:
    return catalog.of(model)
