"""The thread as it was on a day: edges followed through the trail instead of the tables."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.text import capfirst

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.core.any_record import Named
from calidez.kit.core.edges import Carrier, Edge
from calidez.kit.core.events import AuditEvent, AuditMention
from calidez.kit.core.mentions import uids
from calidez.kit.core.trail import Look, Values, stood, trails

MOST_CANDIDATES = 200  # whose trails are read for one edge


@dataclass(frozen=True)
class Then:
    """A record as it was; `record` holds its state of then, or is None where the record exists no more."""

    uid: uuid.UUID
    text: str
    record: Any
    kind: str = ""


def follow_past(
    edge: Edge, by: Carrier, record: Any, values: Values, user: Any, look: Look, most: int
) -> tuple[list[Then], bool]:
    """The records at the other end on that day that the reader may see, and whether there were more."""
    entity = _entity(edge.target or _named_kind(values.get(by.name)))
    if entity is None or not entity.may(user, access.VIEW):
        return [], False
    if by.forward:
        return _named(entity, by, record, values, user, look, most)
    return _pointing(entity, by, record, user, look, most)


def values_then(record: Any, look: Look) -> Values | None:
    """What the record held; None when it did not exist yet."""
    return stood(record, trails([record])[record.uid], look).values


def _named(
    entity: Any, by: Carrier, record: Any, values: Values, user: Any, look: Look, most: int
) -> tuple[list[Then], bool]:
    """The other end is what the record itself named."""
    value = values.get(by.name)
    keys = list(dict.fromkeys(uids(value)))
    wanted = models.Q(uid__in=keys)
    if names := _names(value):
        # Events of before kept names alone: today's other ends are known by them.
        now = getattr(record, by.name).all()
        wanted |= models.Q(pk__in=[one.pk for one in now if str(one) in names])
    seen = list(_ordered(entity, entity.queryset(user).filter(wanted))[: MOST_CANDIDATES + 1])
    found = _as_they_stood(entity, seen, look, ())
    kind = capfirst(entity.label)
    labels = {uid: one.get("label", kind) for one in _list(value) for uid in uids(one)}
    found += [Then(uid, labels[uid], None, kind) for uid in _gone(entity, set(keys), seen, user)]
    return found[:most], len(found) > most


def _pointing(
    entity: Any, by: Carrier, record: Any, user: Any, look: Look, most: int
) -> tuple[list[Then], bool]:
    """The other end is whatever named the record then: among those that do now and those that ever did."""
    model, subject = entity.model, entity.model._meta.label_lower
    ever = AuditMention.objects.filter(uid=record.uid, subject=subject, field=by.name)
    now = model._default_manager.order_by().filter(**{by.name: record}).values("pk")
    once = model._default_manager.order_by().filter(uid__in=ever.values("subject_uid")).values("pk")
    visible = entity.queryset(user).filter(pk__in=now.union(once))
    if model._meta.get_field(by.name).is_relation:
        visible = visible.prefetch_related(by.name)
    seen = list(_ordered(entity, visible)[:MOST_CANDIDATES])
    names = {str(record)}
    found = _as_they_stood(
        entity, seen, look, (by.name,), lambda v: record.uid in uids(v[by.name]) or names & _names(v[by.name])
    )
    if _everywhere(entity, user):
        lost = ever.exclude(subject_uid__in=model._default_manager.values("uid"))
        keys = lost.values_list("subject_uid", flat=True)[:most]
        found += _lost(subject, by, record, look, keys, capfirst(entity.label))
    return found[:most], len(found) > most or len(seen) == MOST_CANDIDATES


def _as_they_stood(
    entity: Any, seen: Sequence[Any], look: Look, names: tuple[str, ...], pointed: Any = None
) -> list[Then]:
    """Those that existed, and that fulfil `pointed`, with their state and name of then."""
    kept = {*names, "state", entity.dated} - {""}
    told = trails(seen)
    found = []
    for record in seen:
        past = stood(record, told[record.uid], look, kept)
        values = past.values
        if values is None or (pointed is not None and not pointed({**dict.fromkeys(names), **values})):
            continue
        renamed = past.last is not None and past.last.label != str(record)[:300]
        text = past.last.label if renamed and past.last is not None else entity.title(record)
        found.append(Then(record.uid, text, of_then(record, values, kept - set(names))))
    return found


def of_then(record: Any, values: Values, names: Iterable[str]) -> Any:
    """A copy for reading, with what was stored then in the fields that the thread shows."""
    then = copy.copy(record)
    then._state = copy.copy(record._state)
    for name in names:
        if name in values and any(field.attname == name for field in record._meta.concrete_fields):
            setattr(then, name, record._meta.get_field(name).to_python(values[name]))
    return then


def _gone(entity: Any, keys: set[uuid.UUID], seen: Sequence[Any], user: Any) -> list[uuid.UUID]:
    """Those that exist no more. Only who sees every record of the kind is told: of others nobody knows where it was."""
    missing = keys - {record.uid for record in seen}
    if not missing or not _everywhere(entity, user):
        return []
    there = entity.model._default_manager.filter(uid__in=missing).values_list("uid", flat=True)
    return sorted(missing - set(there))


def _lost(
    subject: str, by: Carrier, record: Any, look: Look, keys: Iterable[uuid.UUID], kind: str
) -> list[Then]:
    """Records that named this one and exist no more, told by their events alone."""
    events: dict[uuid.UUID, list[AuditEvent]] = {uid: [] for uid in keys}
    if not events:
        return []
    for event in AuditEvent.objects.filter(subject=subject, subject_uid__in=list(events)).order_by("id"):
        events[event.subject_uid].append(event)
    found = []
    for uid, told in events.items():
        until = [event for event in told if look.counts(event)]
        values = [e.after[by.name] for e in until if e.after and by.name in e.after]
        if values and until[-1].verb != "delete" and record.uid in uids(values[-1]):
            found.append(Then(uid, until[-1].label, None, kind))
    return found


def _everywhere(entity: Any, user: Any) -> bool:
    granted = access.scope(user, entity.key, access.VIEW)
    return granted.everywhere or (entity.scope is None and bool(granted))


def _ordered(entity: Any, records: models.QuerySet[Any]) -> models.QuerySet[Any]:
    return records.select_related(*entity.related()).order_by(*entity.ordering)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _names(value: Any) -> set[str]:
    return {one for one in _list(value) if isinstance(one, str)}


def _named_kind(value: Any) -> type[models.Model] | None:
    """The kind that a field names which may name any."""
    return (
        Named(value["kind"], uuid.UUID(int=0)).model
        if isinstance(value, Mapping) and "kind" in value
        else None
    )


def _entity(model: type[models.Model] | None) -> Any:
    return catalog.get(model) if model is not None else None
