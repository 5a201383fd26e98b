"""How much waits, by one query for all sources: for the number in the frame."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, IntegerField, QuerySet, Subquery

from calidez.kit.desk.inbox.sources import Source


class _Count(Subquery):
    """The number of rows that a query answers."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def tally(person: Any, among: Iterable[Source]) -> dict[str, int]:
    """How many rows each source has that says which; of rough ones only whether there are any."""
    told: dict[str, int] = {}
    asked: dict[str, Exists | _Count] = {}
    for one in among:
        if one.rows is not None:
            told[one.key] = 0
            if (rows := _plain(one.rows(person))) is not None:
                asked[one.key] = Exists(rows) if one.rough else _Count(rows)
    if asked:
        people = get_user_model()._default_manager.filter(pk=person.pk)
        found = people.values_list(*asked.values()).get()
        # A condition that nothing can meet is no query, and its count no number.
        told |= {key: int(number or 0) for key, number in zip(asked, found, strict=True)}
    return told


def _plain(rows: QuerySet[Any] | None) -> QuerySet[Any] | None:
    """Without order and columns; nothing where it is known that there are none."""
    if rows is None or rows.query.is_empty():
        return None
    return (rows if rows.query.is_sliced else rows.order_by()).values("pk")
