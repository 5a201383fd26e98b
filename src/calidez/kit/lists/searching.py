"""Search in a list: the words in any of the declared fields, also in those of related records."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from calidez.kit import cells


def search(records: Any, entity: Any, text: str) -> Any:
    """The records that hold `text` in one of the entity's search fields."""
    condition = Q()
    for path in entity.search:
        condition |= _holds(entity.model, path, text)
    return records.filter(condition)


def _holds(model: Any, path: str, text: str) -> Q:
    """A related field is looked for in its own, small table: joined, it would be read again for every record."""
    first, _, rest = path.partition("__")
    if not rest:
        return Q(**{f"{path}__icontains": text})
    field = cells.field_of(model, first)
    related = field.related_model
    return refers_to(field, related._default_manager.filter(_holds(related, rest, text)))


def refers_to(field: Any, related: Any) -> Q:
    """Records whose `field` is one of `related`, each once, whether it refers to one or to many."""
    found = Q(**{f"{field.name}__in": related.order_by().values("pk")})
    if not field.many_to_many:
        return found
    return Q(pk__in=field.model._default_manager.filter(found).order_by().values("pk"))
