"""More records like one that a factory made, written straight into the tables: enough to see what a list costs."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import IntegrityError, models, transaction

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World, make


def more(record: Any, world: World, count: int) -> list[Any]:
    """As many again; a kind whose rules the database keeps too well for copies gets them by its factory."""
    try:
        with transaction.atomic():
            return copies(record, count)
    except IntegrityError:
        return [make(catalog.of(type(record)), world, world.north, 100 + number) for number in range(count)]


def copies(record: Any, count: int) -> list[Any]:
    """The record's row, and those of its children, again under other identifiers and other unique values."""
    model = type(record)
    made = [_copy(record, number) for number in range(1, count + 1)]
    model._default_manager.bulk_create(made)
    for field in model._meta.many_to_many:
        _copy_rows(field.remote_field.through, field.m2m_field_name(), record, made)
    entity = catalog.get(model)
    rows = {child.model for child in entity.children} if entity is not None else set()
    for relation in model._meta.related_objects:
        if relation.related_model in rows:
            _copy_rows(relation.related_model, relation.field.name, record, made)
    return made


def _copy(record: Any, number: int) -> Any:
    model = type(record)
    kept = {f.attname: getattr(record, f.attname) for f in model._meta.concrete_fields if not f.primary_key}
    copy = model(**kept)
    for field in _to_vary(model):
        if field.is_relation:
            target = getattr(record, field.name)
            setattr(copy, field.name, copies(target, number)[-1] if target is not None else None)
        else:
            setattr(copy, field.attname, _another(field, getattr(record, field.attname), number))
    return copy


def _to_vary(model: Any) -> list[Any]:
    """The fields that must not be equal: those unique by themselves, and of each combination one, a plain one if any."""
    chosen = {
        field.name: field for field in model._meta.concrete_fields if field.unique and not field.primary_key
    }
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            fields = [model._meta.get_field(name) for name in constraint.fields]
            if not any(field.name in chosen for field in fields):
                field = next((one for one in reversed(fields) if not one.is_relation), fields[-1])
                chosen[field.name] = field
    return list(chosen.values())


def _another(field: Any, value: Any, number: int) -> Any:
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(value, str):
        mark = f"{uuid.uuid4().hex[:6]}{number}"
        return (
            f"{mark}{value}"[: field.max_length]
            if "@" in value or not value
            else f"{value[: (field.max_length or 300) - len(mark)]}{mark}"
        )
    if isinstance(value, dt.date):
        return value + dt.timedelta(days=number)
    return value + number if isinstance(value, int) else value


def _copy_rows(model: Any, link: str, record: Any, made: list[Any]) -> None:
    for row in list(model._default_manager.filter(**{link: record})):
        kept = {f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields if not f.primary_key}
        again = [model(**kept | {f"{link}_id": one.pk}) for one in made]
        for one in again:
            if hasattr(one, "uid"):
                one.uid = uuid.uuid4()
        model._default_manager.bulk_create(again)
