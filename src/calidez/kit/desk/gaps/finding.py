"""Which links are broken: counted, listed and found beside given records, always within what the reader may see."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.models import CharField, Value

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.desk.gaps import Gap, gaps, gaps_of


def entity_of(subject: str) -> Any:
    """The declaration of a kind of record by its stable name; None for one that is not registered."""
    return next((entity for entity in catalog if entity.model._meta.label_lower == subject), None)


def seen(user: Any) -> tuple[Gap, ...]:
    """The kinds of broken link that a reader may hear of."""
    found = ((gap, entity_of(gap.subject)) for gap in gaps())
    return tuple(gap for gap, entity in found if entity is not None and entity.may(user, access.VIEW))


def records(gap: Gap, user: Any, *, unit: str | None = None, mine: bool = False) -> models.QuerySet[Any]:
    """The records whose link is broken, as one query.

    `unit` narrows to the subtree of that path, `mine` to what this person can mend. What belongs to the whole
    organisation belongs to every unit.
    """
    entity, mender = entity_of(gap.subject), entity_of(gap.mender or gap.subject)
    found = entity.queryset(user)
    if unit is not None and entity.scope is not None:
        found = _within(found, entity, access.Scope((unit,)))
    if mine:
        held = access.scope(user, mender.key, gap.verb) if mender is not None else access.Scope()
        if not held:
            return found.none()
        if mender.scope is not None and entity.scope is not None:
            found = _within(found, entity, held)
        if mender is entity and gap.mend is None:
            found = _open(entity, gap.verb, found)
    return gap.broken(found)


def beside(found: Sequence[Any]) -> dict[uuid.UUID, tuple[Gap, ...]]:
    """The broken links of records at hand, of any kinds, by one query: for each that has some, by its uid."""
    kinds: dict[type[models.Model], list[Any]] = defaultdict(list)
    for record in found:
        kinds[type(record)].append(record.pk)
    parts = [_keys(gap, model, keys) for model, keys in kinds.items() for gap in gaps_of(model)]
    if not parts:
        return {}
    named = {gap.key: gap for gap in gaps()}
    result: dict[uuid.UUID, list[Gap]] = defaultdict(list)
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    for uid, key in rows:
        result[uid].append(named[key])
    return {
        uid: tuple(sorted(many, key=lambda gap: list(named).index(gap.key))) for uid, many in result.items()
    }


def own(record: Any) -> tuple[Gap, ...]:
    """Those of one record, looked for once per page: its panel and its thread both show them."""
    found: tuple[Gap, ...] | None = getattr(record, "_broken_links", None)
    if found is None:
        found = beside([record]).get(record.uid, ())
        record._broken_links = found
    return found


def unit_path(entity: Any, mender: Any, record: Any) -> str | None:
    """Where the permission to mend must hold: the record's unit, unless the mender has no unit at all."""
    return None if mender.scope is None else entity.unit_path(record)


def may_mend(gap: Gap, record: Any, user: Any) -> bool:
    return permitted(gap, record, user) and not closed(gap, record)


def permitted(gap: Gap, record: Any, user: Any) -> bool:
    entity, mender = entity_of(gap.subject), entity_of(gap.mender or gap.subject)
    if mender is None:
        return False
    granted, path = access.scope(user, mender.key, gap.verb), unit_path(entity, mender, record)
    return bool(granted) and (path is None or granted.covers(path))


def closed(gap: Gap, record: Any) -> str:
    """Why nobody can mend it as the record stands now; empty where it is open, or the part knows a way of its own."""
    if gap.mend is not None:
        return ""
    entity = entity_of(gap.subject)
    operation = _operation(entity, gap.verb) if gap.mender in ("", gap.subject) else None
    if operation is None or operation.open_for(record):
        return ""
    return str(entity.closed_sentence(operation, record))


def menders(asked: Iterable[tuple[Gap, Any]]) -> dict[tuple[str, uuid.UUID], list[Any]]:
    """Who may mend each of these, nearest first but the record's owner before all, by a fixed number of queries."""
    questions: dict[tuple[str, uuid.UUID], access.Question] = {}
    owners: dict[tuple[str, uuid.UUID], Any] = {}
    for gap, record in asked:
        entity, mender = entity_of(gap.subject), entity_of(gap.mender or gap.subject)
        if mender is not None:
            place = (gap.key, record.uid)
            questions[place] = (mender.key, gap.verb, unit_path(entity, mender, record))
            owners[place] = getattr(record, "owner", None)
    people = access.audiences(questions.values())
    return {
        place: sorted(people[question], key=lambda person: person != owners[place])
        for place, question in questions.items()
    }


def _within(found: models.QuerySet[Any], entity: Any, where: access.Scope) -> models.QuerySet[Any]:
    """Narrowed to subtrees; nothing is compared where they hold everything."""
    if not where or where.everywhere:
        return found if where else found.none()
    return found.filter(pk__in=entity.reach(where).order_by().values("pk"))


def _keys(gap: Gap, model: type[models.Model], keys: list[Any]) -> models.QuerySet[Any]:
    """What a part narrows by may be joined and ordered as it likes: only its keys go into the sum of all."""
    everyone = model._default_manager.order_by()
    broken = gap.broken(everyone.filter(pk__in=keys)).values("pk")
    named = everyone.filter(pk__in=broken).annotate(gap=Value(gap.key, CharField()))
    return named.values_list("uid", "gap")


def _operation(entity: Any, verb: str) -> Any:
    """What closes it on the record itself: its edition, or a step."""
    if verb == access.EDIT:
        return entity.edition
    return next((step for step in entity.steps if step.verb == verb), None)


def _open(entity: Any, verb: str, found: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Only records that stand where the operation may begin."""
    operation = _operation(entity, verb)
    if operation is None or operation.source is None:
        return found
    return found.filter(state__in=operation.source)
