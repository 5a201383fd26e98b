"""The records of a list in their order: by its filters, search and sort, through the entity's door."""

from __future__ import annotations

from typing import Any

from django.db import models

from calidez.kit.catalog import catalog
from calidez.kit.core import cells
from calidez.kit.desk.lists import columns, filters, searching
from calidez.kit.desk.lists.query import ListQuery


def select(entity: Any, user: Any, query: ListQuery, verb: str = "view") -> models.QuerySet[Any]:
    """The records that the list shows, in order, before paging, with all that its columns read."""
    shown = columns.chosen(entity, query)
    records = narrowed(entity, user, query, verb).order_by(*order(entity, query))
    return fetched(entity, records, shown)


def narrowed(entity: Any, user: Any, query: ListQuery, verb: str = "view") -> models.QuerySet[Any]:
    """The records that search and filters leave, in no order: to be counted, grouped or paged."""
    records = entity.queryset(user, verb).order_by()
    if query.search and entity.search:
        records = searching.search(records, entity, query.search)
    for name in entity.narrowing:
        records = filters.narrow(records, entity, user, name, query)
    return records


def fetched(entity: Any, records: Any, shown: tuple[Any, ...]) -> Any:
    many = columns.many(entity, shown)
    return records.select_related(*columns.related(entity, shown)).prefetch_related(*many)


def order(entity: Any, query: ListQuery) -> list[str]:
    """The chosen sort, then the entity's own, then the key: two readers never see the same rows in another order."""
    known = columns.available(entity)
    allowed = {cells.column_sort(entity, column) for column in known.values()} - {""}
    name = query.sort.lstrip("-")
    chosen = by_words(entity.model, name, query.sort.startswith("-")) if name in allowed else []
    parts: dict[str, str] = {}
    for part in (*chosen, *entity.ordering, "pk"):
        parts.setdefault(part.lstrip("-"), part)
    return list(parts.values())


def by_words(model: Any, name: str, backwards: bool = False) -> list[str]:
    """A reference is sorted by what its own kind is sorted by, not by a key that nobody sees."""
    field = cells.field_of(model, name)
    if not field.is_relation:
        return [f"-{name}" if backwards else name]
    declared = catalog.get(field.related_model)
    own = declared.ordering if declared else ("pk",)
    result = []
    for part in own:
        back = part.startswith("-") != backwards
        result.append(f"{'-' if back else ''}{name}__{part.lstrip('-')}")
    return result
