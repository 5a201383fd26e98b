"""Editions: what a record said when it was fixed, numbered and never changed, and which one holds on which day.

    class PlanEdition(EditionInForce):
        record = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="editions")
        capacity = models.IntegerField(null=True)  # copied from the record: a column for what is asked in queries

    class Plans(Entity):
        editions = Editioned(PlanEdition)

`content` holds every declared field and row, so that a revision can be dropped and two editions be compared in words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from calidez.kit.core import audit, children
from calidez.kit.core.no_overlap import NoOverlap
from calidez.kit.core.registry import catalog
from calidez.kit.platform.display import Change

Content = dict[str, Any]
_DAY = dt.timedelta(days=1)


class Edition(models.Model):
    """One edition of a record; the kind's own table adds `record`, the reference to it."""

    number = models.PositiveIntegerField(_("version"))
    content: Any = models.JSONField(default=dict)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        abstract = True
        ordering = ("record", "-number")
        constraints = [
            models.UniqueConstraint(fields=["record", "number"], name="%(app_label)s_%(class)s_number")
        ]

    def __str__(self) -> str:
        return gettext("%(record)s, version %(number)s") % {"record": self.record, "number": self.number}  # type: ignore[attr-defined]


class EditionInForce(Edition):
    """An edition that holds from a day on, until a day or until the next one begins; `made_by` put it in force."""

    starts = models.DateField(_("in force from"))
    ends = models.DateField(_("in force until"), null=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("proposed by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta(Edition.Meta):
        abstract = True
        constraints = [
            *Edition.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="%(app_label)s_%(class)s_order",
            ),
            models.CheckConstraint(
                condition=Q(made_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(made_by=F("proposed_by")),
                name="%(app_label)s_%(class)s_two_people",
            ),
            NoOverlap(of="record", name="%(app_label)s_%(class)s_apart"),
        ]

    def holds_on(self, day: dt.date) -> bool:
        return self.starts <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True)
class Editioned:
    """What of a kind of record is kept in its editions, and how they are told.

    `fields` defaults to those of the form without the days of being in force. `headline` says an edition in a few
    words, `note` what is worth knowing besides, `told` where it comes from, `url` where it can be read. `words` tells
    the value of a field whose usual words would not do; `differences` compares contents of another form altogether.
    """

    model: type[Edition]
    fields: tuple[str, ...] = ()
    headline: Callable[[Any], str] | None = None
    note: Callable[[Any], str] | None = None
    told: Callable[[Any], str] | None = None
    url: Callable[[Any], str] | None = None
    words: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)
    differences: Callable[[Content, Content], Iterable[Change]] | None = None


def of(record: Any) -> models.QuerySet[Any]:
    """The record's editions, the newest first."""
    found: models.QuerySet[Any] = _declared(record).model._default_manager.order_by("-number")
    if getattr(record, "latest_id", record.pk) is None:
        return found.none()  # without a latest edition there is none, and nobody need ask
    return found.filter(record=record)  # type: ignore[misc]


def in_force_on(model: type[EditionInForce], records: Iterable[Any], day: dt.date) -> dict[int, Any]:
    """By the key of each record the edition that held on that day, by one query for all of them."""
    found: models.QuerySet[Any] = model._default_manager.filter(_holding(day))
    held = found.filter(record__in=[one.pk for one in records])
    return {edition.record_id: edition for edition in held}


def holding(record: Any, day: dt.date) -> Any:
    """The record's edition that held on that day; None where none did, or where the kind's have no days."""
    dated = issubclass(_declared(record).model, EditionInForce)
    return of(record).filter(_holding(day)).first() if dated else None


# What they hold


def content_of(record: Any) -> Content:
    """All that an edition of the record would say now: values as the trail writes them, other records by identifier."""
    entity = catalog.of(type(record))
    found = audit.snapshot(record, fields_of(entity))
    for child in entity.children:
        rows = children.rows_of(child, record)
        found[children.accessor(child, type(record))] = [audit.snapshot(row, child.fields) for row in rows]
    return found


def fields_of(entity: Any) -> tuple[str, ...]:
    declared = entity.editions
    return tuple(declared.fields or (n for n in entity.all_fields if n not in {"starts", "ends"}))


def restore(record: Any, content: Content) -> None:
    """The record says again what the content says; other records that exist no more are left as they are now."""
    model, entity = type(record), catalog.of(type(record))
    many = {f.name for f in model._meta.many_to_many}
    for name in fields_of(entity):
        if name in content and name not in many:
            _set(record, model._meta.get_field(name), content[name])
    for name in many & content.keys():
        uids = [one["uid"] for one in content[name]]
        related: Any = model._meta.get_field(name).related_model
        getattr(record, name).set(related._default_manager.filter(uid__in=uids))
    # Rows check themselves against their record, which has to be as it was before they come back.
    record.save()
    rows = {
        child.name: list(_rows(child, content[children.accessor(child, model)]))
        for child in entity.children
        if children.accessor(child, model) in content
    }
    children.write(entity.children, record, rows)


# Making and ending them; within the transaction of the step that asks for it


def fix(record: Any, content: Content, *, by: Any, **columns: Any) -> Any:
    """The next edition of the record; columns that the record has too are copied from it."""
    model: Any = _declared(record).model
    last = of(record).values_list("number", flat=True).first() or 0
    shared = {name: getattr(record, name) for name in _columns(record)}
    return model._default_manager.create(
        record=record,
        number=last + 1,
        content=content,
        made_by=by,
        **{**shared, "made_at": timezone.now(), **columns},
    )


def put_in_force(record: Any, *, by: Any) -> Any:
    """The record as it stands becomes the edition in force from its `starts` on; the one before ends the day before."""
    before = record.latest
    if before is not None:
        before.ends = end_of_the_one_before(starts=record.starts, ended=before.ends)
        before.save(update_fields=["ends"])
    _keep_latest(record, fix(record, content_of(record), by=by))
    return record.latest


def give_back(record: Any) -> None:
    """What was written since goes: the record says again what its latest edition says."""
    for name in _columns(record):
        setattr(record, name, getattr(record.latest, name))
    restore(record, record.latest.content)


def end(record: Any, *, on: dt.date) -> None:
    """Nothing of the record holds after `on`; an edition that was to begin later never held, so it is not kept."""
    held = of(record).filter(starts__lte=on).first()
    coming = of(record).filter(starts__gt=on)
    _keep_latest(record, held)
    coming.delete()
    if held is not None:
        held.ends = on if held.ends is None else min(held.ends, on)
        held.save(update_fields=["ends"])


# Decided without the database


def earliest_start(*, before: dt.date | None, on: dt.date) -> dt.date | None:
    """From which day an edition may hold: only the first may begin in the past, or what was judged would be judged anew.

    `before` is the start of the edition before; None for the first, which may begin on any day.
    """
    return None if before is None else max(on, before + _DAY)


def end_of_the_one_before(*, starts: dt.date, ended: dt.date | None) -> dt.date:
    """An edition ends the day before the next begins, unless it had ended earlier."""
    last = starts - _DAY
    return last if ended is None else min(last, ended)


def _declared(record: Any) -> Editioned:
    found: Editioned | None = catalog.of(type(record)).editions
    if found is None:
        raise ValueError(f"{type(record).__name__} has no editions: declare them in its entity")
    return found


def _holding(day: dt.date) -> Q:
    return Q(starts__lte=day) & (Q(ends__isnull=True) | Q(ends__gte=day))


def _columns(record: Any) -> Sequence[str]:
    """What record and edition both have as a column."""
    own = {"id", "number", "content", "made_at", "made_by", "record"}
    has = {f.name for f in type(record)._meta.concrete_fields} - {*own, "uid", "created_at", "created_by"}
    return [f.name for f in _declared(record).model._meta.concrete_fields if f.name in has]


def _keep_latest(record: Any, edition: Any) -> None:
    record.latest = edition
    type(record)._default_manager.filter(pk=record.pk).update(latest=edition)


def _set(record: Any, to: Any, value: Any) -> None:
    if not isinstance(to, models.ForeignKey):
        setattr(record, to.name, None if value is None else to.to_python(value))
    elif value is None:
        setattr(record, to.name, None)
    elif (found := _meant(to, value)) is not None:
        setattr(record, to.name, found)


def _meant(to: Any, value: Mapping[str, Any]) -> Any:
    related: Any = to.related_model
    known_by = "uid" if hasattr(related, "uid") else "pk"
    return related._default_manager.filter(**{known_by: value["uid"]}).first()


def _rows(child: Any, told: Iterable[Content]) -> Iterable[children.Row]:
    """Without those that name a record which exists no more."""
    for place, one in enumerate(told):
        values: Content = {}
        for name in (n for n in child.fields if n in one):
            to = child.model._meta.get_field(name)
            values[name] = one[name]
            if isinstance(to, models.ForeignKey) and one[name] is not None:
                values[name] = _meant(to, one[name])
                if values[name] is None:
                    break
        else:
            yield children.Row(values, place=place)
