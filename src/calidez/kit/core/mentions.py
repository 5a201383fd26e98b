"""Which records a trail ever named, kept beside it: what pointed at a record in the past is found without reading all."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from calidez.kit.core.any_record import AnyRecord
from calidez.kit.core.edges import needed
from calidez.kit.core.events import AuditEvent, AuditMention
from calidez.kit.core.registry import catalog

_AT_ONCE = 500
Mention = tuple[
    uuid.UUID, str, str, uuid.UUID
]  # the record that is named, in which field, of which kind and record


def note(events: Sequence[AuditEvent], model: type[models.Model]) -> None:
    """Keep what these events of one kind name; what is known already stays as it is."""
    _keep(_named(events, model))


def complete() -> int:
    """Keep what the whole trail names and is no longer kept, as after somebody took rows away; returns how many were."""
    found, last = 0, 0
    while events := list(AuditEvent.objects.filter(id__gt=last).order_by("id")[:_AT_ONCE]):
        last = events[-1].pk
        named: set[Mention] = set()
        for subject, of_one in groupby(sorted(events, key=_subject), key=_subject):
            model = _model(subject)
            if model is not None:
                named |= _named(list(of_one), model)
        kept = AuditMention.objects.filter(uid__in={mention[0] for mention in named})
        missing = named.difference(kept.values_list("uid", "field", "subject", "subject_uid").iterator())
        _keep(missing)
        found += len(missing)
    return found


def _named(events: Sequence[AuditEvent], model: type[models.Model]) -> set[Mention]:
    followed = _followed(model)
    return {
        (uid, name, event.subject, event.subject_uid)
        for event in events
        for values in (event.before, event.after)
        for name, value in (values or {}).items()
        if name in followed
        for uid in uids(value)
    }


def _keep(named: Iterable[Mention]) -> None:
    rows = [
        AuditMention(uid=uid, subject=subject, field=name, subject_uid=subject_uid)
        for uid, name, subject, subject_uid in sorted(named)
    ]
    if rows:
        AuditMention.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def _subject(event: AuditEvent) -> str:
    return event.subject


def _model(subject: str) -> type[models.Model] | None:
    """None for records of a part that is no longer installed."""
    try:
        return apps.get_model(subject)
    except (LookupError, ValueError):
        return None


def uids(value: Any) -> Iterator[uuid.UUID]:
    """The records that one kept value names; names without an identifier, as earlier events hold them, give none."""
    for one in value if isinstance(value, list) else (value,):
        if isinstance(one, Mapping) and "uid" in one and ("label" in one or "kind" in one):
            try:
                yield uuid.UUID(str(one["uid"]))
            except ValueError:
                continue


@functools.cache
def _followed(model: type[models.Model]) -> frozenset[str]:
    """Its relations; people and the unit it belongs to, named by almost everything, only where an edge needs them."""
    entity, edges = catalog.get(model), needed(model)
    place = (entity.scope or "").split("__")[0] if entity is not None else ""
    person = settings.AUTH_USER_MODEL.lower()
    return frozenset(
        field.name
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if isinstance(field, AnyRecord)
        or (
            field.related_model is not None
            and (
                field.name in edges
                or (field.name != place and field.related_model._meta.label_lower != person)  # type: ignore[union-attr]
            )
        )
    )
