"""Who may do a pending item: whoever sees its record and holds the permission of the verb that does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core import access
from calidez.kit.desk.inbox.models import Delegation
from calidez.kit.desk.inbox.sources import Pending, Source

# Installed by the people part: those who hold a permission where a record belongs (None: the whole organisation).
People = Callable[[str, str, str | None], QuerySet[Any]]
_people: People | None = None
MOST_PEOPLE = 500


def install(people: People) -> None:
    global _people
    _people = people


def record_of(named: Pending | Delegation) -> tuple[Entity, Any] | None:
    """The kind and the record that an item is about, whoever may see it; None when there is none."""
    uid = named.uid if isinstance(named, Pending) else named.subject_uid
    entity = next((e for e in catalog if e.model._meta.label_lower == named.subject), None)
    if entity is None or uid is None:
        return None
    record = entity.model._default_manager.filter(uid=uid).first()
    return None if record is None else (entity, record)


def may_do(person: Any, source: Source, named: Pending | Delegation) -> bool:
    found = record_of(named)
    if found is None or not source.verb or not person.is_active:
        return False
    entity, record = found
    path = entity.unit_path(record)
    scope = access.scope(person, entity.key, source.verb)
    if not scope or (path is not None and not scope.covers(path)):
        return False
    return bool(entity.queryset(person).filter(pk=record.pk).exists())


def candidates(giver: Any, source: Source, item: Pending) -> list[Any]:
    """The others who may do the item, by name."""
    found = record_of(item)
    if found is None or not source.verb or _people is None:
        return []
    entity, record = found
    others = _people(entity.key, source.verb, entity.unit_path(record)).exclude(pk=giver.pk)
    return list(others.order_by("name")[:MOST_PEOPLE])


def holders(kind: str, verb: str) -> list[Any]:
    """Those who hold a permission somewhere in the organisation."""
    return [] if _people is None else list(_people(kind, verb, None)[:MOST_PEOPLE])
