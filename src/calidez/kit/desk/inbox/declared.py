"""Pending work that kinds of record declare (`Entity.waits`), as sources of the inbox."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core import access, cells
from calidez.kit.core.operations import Operation
from calidez.kit.core.waits import Waits
from calidez.kit.core.writers import by_others
from calidez.kit.desk.inbox.sources import Pending, add_source
from calidez.kit.platform.display import Link

MOST_RECORDS = 500  # told to one person; further ones follow as these are done


def add_declared() -> None:
    """Once, when all kinds are known."""
    for one in everything():
        add_source(
            one.items,
            key=one.key,
            label=one.waits.label or capfirst(one.entity.model._meta.verbose_name_plural),
            verb=one.verb,
            rows=one.rows,
            find=one.find,
        )


def everything() -> Iterable[Declared]:
    return (Declared(entity, waits) for entity in catalog for waits in entity.waits)


@dataclass(frozen=True)
class Declared:
    """One declaration of one kind of record."""

    entity: Entity
    waits: Waits

    @property
    def key(self) -> str:
        return self.waits.key or self.subject

    @property
    def subject(self) -> str:
        return str(self.entity.model._meta.label_lower)

    @property
    def verb(self) -> str:
        """The permission of those who can be handed it."""
        waits = self.waits
        if waits.personal:
            return ""
        step = waits.who if isinstance(waits.who, Operation) else waits.step
        return step.verb if isinstance(step, Operation) else access.EDIT

    def rows(self, person: Any) -> QuerySet[Any]:
        return self._in_order(self._of(person))[:MOST_RECORDS]

    def items(self, person: Any) -> list[Pending]:
        return [self._pending(one, person) for one in self._read(self._of(person))[:MOST_RECORDS]]

    def find(self, person: Any, uids: Collection[uuid.UUID]) -> list[Pending]:
        return [self._pending(one, person) for one in self._read(self._of(person).filter(uid__in=uids))]

    def coming(self, on: dt.date) -> QuerySet[Any]:
        """All that is due by then or soon, whomever it waits for: `person_asked` is the key of the person, if it is one."""
        waits = self.waits
        until = {f"{waits.due}__lte": on + dt.timedelta(days=waits.remind_before)}
        records = self.entity.model._default_manager.filter(self._terms(on) & Q(**until))
        person = waits.but_not if isinstance(waits.who, Operation) else waits.who
        if person:
            records = records.annotate(person_asked=F(person))
        return self._read(records)

    def _of(self, person: Any) -> QuerySet[Any]:
        waits, today = self.waits, timezone.localdate()
        if isinstance(waits.who, Operation):
            records = self.entity.queryset(person, waits.who.verb).filter(self._terms(today))
            if waits.who.by_another:
                records = by_others(self.entity, waits.who, records, person)
            return records.exclude(**{waits.but_not: person}) if waits.but_not else records
        # In one filter, so that the person and `where` speak of the same row where there are many.
        return self.entity.queryset(person).filter(self._terms(today) & Q(**{waits.who: person}))

    def _terms(self, today: dt.date) -> Q:
        waits = self.waits
        terms = Q(state__in=waits.among)
        if waits.where is not None:
            terms &= waits.where
        if waits.due and waits.soon is not None:
            near = Q(**{f"{waits.due}__lte": today + dt.timedelta(days=waits.soon)})
            terms &= near if waits.early is None else near | waits.early
        return terms

    def _in_order(self, records: QuerySet[Any]) -> QuerySet[Any]:
        due, since = self.waits.due, self.waits.since
        days = [F(path).asc(nulls_last=True) for path in (due, since) if path]
        return records.order_by(*days, "pk")

    def _read(self, records: QuerySet[Any]) -> QuerySet[Any]:
        """With all that the sentences name, so that they cost no more queries."""
        waits, model = self.waits, self.entity.model
        days = {name: F(path) for name, path in (("day_due", waits.due), ("day_since", waits.since)) if path}
        along = {name for name in waits.named if cells.field_of(model, name).is_relation}
        if waits.about:
            field = cells.field_of(model, waits.about)
            along.add(waits.about if field.is_relation else waits.about.rpartition("__")[0])
        along |= {*self.entity.related()}
        return self._in_order(records.annotate(**days)).select_related(*sorted(filter(None, along)))

    def _pending(self, record: Any, person: Any) -> Pending:
        return Pending(
            text=self.waits.sentence(record),
            url=self.entity.url(record),
            kind=self._kind(record),
            since=getattr(record, "day_since", None),
            due=getattr(record, "day_due", None),
            subject=self.subject,
            uid=record.uid,
            act=self._act(record, person),
        )

    def _kind(self, record: Any) -> str:
        about: Any = record
        for name in (self.waits.about or ("code" if self.entity.code else "")).split("__"):
            about = getattr(about, name) if name else None
        kind = capfirst(self.entity.label)
        return f"{kind} · {about}" if about else kind

    def _act(self, record: Any, person: Any) -> Link | None:
        """To the form of the step that settles it; one that asks nothing is a button of the record's own page."""
        step = self.waits.settling(record)
        if step is None or not step.open_for(record) or not step.permitted(record, person):
            return None
        asks = bool(step.fields) or step.note
        url = reverse("kit:step", args=[self.entity.slug, record.uid, step.name])
        return Link(str(step.label), url if asks else self.entity.url(record), icon=step.icon)
