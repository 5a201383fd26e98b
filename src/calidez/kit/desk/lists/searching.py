"""Search in a list: every word in any of the declared fields, also in those of related records."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from calidez.kit.core import cells
from calidez.kit.desk.lists import folding  # noqa: F401 - registers the lookup `holds`

MOST_WORDS = 8


def search(records: Any, entity: Any, text: str) -> Any:
    """The records that hold all words of `text`, each in one of the entity's search fields."""
    for word in text.split()[:MOST_WORDS]:
        condition = Q()
        for path in entity.search:
            condition |= _holds(entity.model, path, word)
        records = records.filter(condition)
    return records


def refers_to(field: Any, related: Any) -> Q:
    """Records whose `field` is one of `related`, each once, whether it refers to one or to many."""
    found = Q(**{f"{field.name}__in": related.order_by().values("pk")})
    if not field.many_to_many:
        return found
    return Q(pk__in=field.model._default_manager.filter(found).order_by().values("pk"))


def _holds(model: Any, path: str, word: str) -> Q:
    """A related field is looked for in its own, small table: joined, it would be read again for every record."""
    first, _, rest = path.partition("__")
    field = cells.field_of(model, first)
    if rest:
        related = field.related_model
        return refers_to(field, related._default_manager.filter(_holds(related, rest, word)))
    lookup = "holds" if isinstance(field, (models.CharField, models.TextField)) else "icontains"
    return Q(**{f"{path}__{lookup}": word})
