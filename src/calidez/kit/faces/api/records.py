"""A record as JSON: its declared fields, with references as identifier, code and name."""

from __future__ import annotations

import datetime as dt
import functools
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db import models
from django.urls import reverse

from calidez.kit.catalog import Entity
from calidez.kit.core import cells, children
from calidez.kit.core.any_record import AnyRecord, Named, look_up
from calidez.kit.platform.kept_files.field import KeptFile


class Kind(StrEnum):
    PLAIN = "plain"
    CHOICE = "choice"
    ONE = "one"  # a reference
    MANY = "many"  # a list of references
    ANY = "any"  # a reference to a record of any kind
    ROWS = "rows"  # those of the record's own form
    COMPUTED = "computed"  # a column of the list that is no field


@dataclass(frozen=True)
class Item:
    """One property of a kind of record; `source` is the model field, the computed column, or the declared rows."""

    name: str
    kind: Kind
    source: Any


@functools.cache
def shape(entity: Entity) -> tuple[Item, ...]:
    """What the pages of this kind show, in their order, without its way of showing it."""
    names: dict[str, Item] = {}
    if cells.has_field(entity.model, "code"):
        names["code"] = _item(entity, "code")
    for column in (*entity.columns, *entity.all_fields, *entity.shown, "state"):
        name = cells.column_name(column)
        if cells.has_field(entity.model, name):
            names.setdefault(name, _item(entity, name))
        elif isinstance(column, cells.Column) and column in entity.columns:
            names.setdefault(name, Item(name, Kind.COMPUTED, column))
    for child in entity.children:
        name = children.accessor(child, entity.model)
        names.setdefault(name, Item(name, Kind.ROWS, child))
    return tuple(names.values())


def with_relations(entity: Entity, records: Any) -> Any:
    """Everything that `represent` reads, fetched along: a page of any length costs the same number of queries."""
    ones = [item.name for item in shape(entity) if item.kind == Kind.ONE]
    many: list[Any] = [item.name for item in shape(entity) if item.kind == Kind.MANY]
    many += [_rows(item) for item in shape(entity) if item.kind == Kind.ROWS]
    author = () if entity.log else ("created_by",)
    return records.select_related(*entity.related(), *ones, *author).prefetch_related(*many)


def represent(entity: Entity, record: Any, user: Any) -> dict[str, Any]:
    return represent_all(entity, [record], user)[0]


def represent_all(entity: Entity, found: Sequence[Any], user: Any) -> list[dict[str, Any]]:
    """What is confided to some is left out for the others."""
    confided = entity.may_know(found, user) if entity.secret_fields else ()
    look_up(found, user)
    return [_represent(entity, one, () if one.pk in confided else entity.secret_fields) for one in found]


def _represent(entity: Entity, record: Any, left_out: Sequence[str]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "uid": str(record.uid),
        "version": record.version,
        "label": str(record),
        "url": address(entity, record.uid),
    }
    for item in shape(entity):
        if item.name in left_out:
            continue
        result[item.name] = _value(entity, record, item)
        if item.kind == Kind.CHOICE:
            result[f"{item.name}_label"] = str(getattr(record, f"get_{item.name}_display")() or "")
    result["created_at"] = plain(record.created_at)
    if not entity.log:
        result["created_by"] = reference(record.created_by)
    return result


def reference(record: Any) -> dict[str, Any] | None:
    if record is None:
        return None
    found = {"uid": str(record.uid)} if hasattr(record, "uid") else {}
    if code := getattr(record, "code", ""):
        found["code"] = code
    return {**found, "label": str(record)}


def any_reference(named: Named | None) -> dict[str, Any] | None:
    """Of a record that the caller may not see, the kind alone."""
    if named is None:
        return None
    told = reference(named.found) if named.found is not None else None
    return {"kind": named.subject, **(told or {"label": named.kind})}


def address(entity: Entity, uid: Any = None) -> str:
    if uid is None:
        return reverse("api:records", args=[entity.slug])
    return reverse("api:record", args=[entity.slug, str(uid)])


def plain(value: Any) -> Any:
    """As JSON can say it: moments in UTC, exact decimals as text."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (Decimal, uuid.UUID)):
        return str(value)
    if isinstance(value, KeptFile):
        return {"name": value.called, "sha256": value.sha256} if value else None
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    return value


def _item(entity: Entity, name: str) -> Item:
    field = entity.model._meta.get_field(name)
    if field.many_to_many:
        return Item(name, Kind.MANY, field)
    if isinstance(field, models.ForeignKey):
        return Item(name, Kind.ONE, field)
    if isinstance(field, AnyRecord):
        return Item(name, Kind.ANY, field)
    return Item(name, Kind.CHOICE if getattr(field, "choices", None) else Kind.PLAIN, field)


def _rows(item: Item) -> models.Prefetch[Any]:
    child: children.Child = item.source
    fields = [child.model._meta.get_field(name) for name in child.fields]
    related = [field.name for field in fields if isinstance(field, models.ForeignKey)]
    rows = child.model._default_manager.select_related(*related).order_by(child.order or "pk", "pk")
    return models.Prefetch(item.name, rows)


def _row(child: children.Child, row: Any) -> dict[str, Any]:
    fields = [child.model._meta.get_field(name) for name in child.fields]
    return {
        field.name: reference(getattr(row, field.name))
        if isinstance(field, models.ForeignKey)
        else plain(field.value_from_object(row))  # type: ignore[union-attr]
        for field in fields
    }


def _value(entity: Entity, record: Any, item: Item) -> Any:
    if item.kind == Kind.MANY:
        return [reference(related) for related in getattr(record, item.name).all()]
    if item.kind == Kind.ONE:
        return reference(getattr(record, item.name))
    if item.kind == Kind.ANY:
        return any_reference(getattr(record, item.name))
    if item.kind == Kind.ROWS:
        return [_row(item.source, row) for row in getattr(record, item.name).all()]
    if item.kind == Kind.COMPUTED:
        return plain(cells.plain(cells.cell_of(entity, record, item.source)))
    return plain(item.source.value_from_object(record))
