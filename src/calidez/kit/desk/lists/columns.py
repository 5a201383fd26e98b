"""Which columns a list may show, and which the reader chose."""

from __future__ import annotations

from typing import Any

from django.db import models

from calidez.kit.core import cells
from calidez.kit.desk.lists.query import ListQuery
from calidez.kit.platform.display import ColumnItem


def available(entity: Any) -> dict[str, Any]:
    """Every column by its name: the usual ones first, then all that the record's own page shows."""
    found: dict[str, Any] = {}
    never = {*getattr(entity.model, "unrecorded", ()), *entity.secret_fields}
    for column in (*entity.columns, *entity.more_columns):
        found.setdefault(cells.column_name(column), column)
    for column in (*entity.shown, *entity.all_fields, *entity.filters, "created_by", "created_at"):
        name = cells.column_name(column)
        if name in found or name in never or (name == "created_by" and entity.log):
            continue
        if isinstance(column, str) and not _tells_something(entity.model, column):
            continue
        found[name] = column
    return found


def chosen(entity: Any, query: ListQuery) -> tuple[Any, ...]:
    """The columns to show. The first stays, whatever is chosen: it is the way to the record."""
    known = available(entity)
    first = cells.column_name(entity.columns[0])
    names = [name for name in query.columns if name in known and name != first]
    if not names and first not in query.columns:
        return tuple(entity.columns)
    return tuple(known[name] for name in (first, *names))


def items(entity: Any, shown: tuple[Any, ...]) -> tuple[ColumnItem, ...]:
    """For the menu: the shown ones in their order, then the others."""
    names = [cells.column_name(column) for column in shown]
    known = available(entity)
    order = [*names, *(name for name in known if name not in names)]
    return tuple(
        ColumnItem(name, cells.column_label(entity, known[name]), name in names, fixed=place == 0)
        for place, name in enumerate(order)
    )


def moved(entity: Any, query: ListQuery, wanted: str) -> str:
    """The columns in the address after one of them went `up:name` or `down:name`."""
    direction, _, name = wanted.partition(":")
    names = [cells.column_name(column) for column in chosen(entity, query)]
    if name not in names:
        return ",".join(names)
    place = names.index(name)
    # The first column stays first.
    target = max(1, place - 1) if direction == "up" else min(len(names) - 1, place + 1)
    if place:
        names.insert(target, names.pop(place))
    return ",".join(names)


def related(entity: Any, shown: tuple[Any, ...]) -> list[str]:
    """What the rows fetch along, so that they cost a fixed number of queries."""
    names = set(entity.related())
    for column in shown:
        name = column if isinstance(column, str) else column.related
        if name and ("__" in name or _is_reference(entity.model, name)):
            names.add(name)
    return sorted(names)


def many(entity: Any, shown: tuple[Any, ...]) -> list[str]:
    names = [column for column in shown if isinstance(column, str)]
    return [name for name in names if cells.field_of(entity.model, name).many_to_many]


def _tells_something(model: Any, name: str) -> bool:
    """Structures and files say nothing in a cell."""
    if "__" not in name and not cells.has_field(model, name):
        return False
    field = cells.field_of(model, name)
    return not isinstance(field, (models.JSONField, models.FileField, models.BinaryField))


def _is_reference(model: Any, name: str) -> bool:
    return cells.has_field(model, name) and isinstance(cells.field_of(model, name), models.ForeignKey)
