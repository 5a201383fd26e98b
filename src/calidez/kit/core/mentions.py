"""Which records a trail ever named, kept beside it: what pointed at a record in the past is found without reading all."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import models

from calidez.kit.core.any_record import AnyRecord
from calidez.kit.core.edges import needed
from calidez.kit.core.events import AuditEvent, AuditMention
from calidez.kit.core.registry import catalog


def note(events: Sequence[AuditEvent], model: type[models.Model]) -> None:
    """Keep what these events of one kind name; what is known already stays as it is."""
    followed = _followed(model)
    named = {
        (name, uid, event.subject, event.subject_uid)
        for event in events
        for values in (event.before, event.after)
        for name, value in (values or {}).items()
        if name in followed
        for uid in uids(value)
    }
    if named:
        AuditMention.objects.bulk_create(
            (
                AuditMention(uid=uid, subject=subject, field=name, subject_uid=subject_uid)
                for name, uid, subject, subject_uid in sorted(named)
            ),
            batch_size=500,
            ignore_conflicts=True,
        )


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
