"""Filters: what they narrow, what they offer, and the sentence that they make together."""

from __future__ import annotations

import unicodedata
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.core import cells
from calidez.kit.core.any_record import AnyRecord, Named, kind_of, visible
from calidez.kit.desk.lists import searching
from calidez.kit.desk.lists.query import ListQuery
from calidez.kit.platform import far_days
from calidez.kit.platform.display import Chip, Filter, Option
from calidez.kit.platform.formats import day

# More related records than this are looked up by typing: nobody reads a longer select.
MAX_OPTIONS = 300
MOST_FOUND = 12
NOBODY = uuid.UUID(int=0)


def narrow(records: Any, entity: Any, user: Any, name: str, query: ListQuery) -> Any:
    """The records that one filter leaves."""
    field = cells.field_of(entity.model, name)
    if isinstance(field, models.DateField):
        return _between(records, field, name, query)
    value = query.params.get(name, "")
    if field.is_relation:
        return _related(records, user, field, value, query.params.get(f"{name}_text", ""))
    if not value:
        return records
    if isinstance(field, AnyRecord):
        named = _named(value)
        return records.filter(**({name: named} if named else {f"{name}__startswith": f"{value[:100]}:"}))
    if isinstance(field, models.BooleanField):
        return records.filter(**{name: value == "yes"})
    return records.filter(**{name: value}) if value in _choices(field) else records.none()


def drawn(entity: Any, user: Any, query: ListQuery) -> tuple[Filter, ...]:
    """Those that the kind declares; where a link led here, also the one that it narrows by."""
    asked = (n for n in entity.narrowing if n not in entity.filters and query.params.get(n))
    return tuple(shown(entity, user, name, query) for name in (*entity.filters, *asked))


def shown(entity: Any, user: Any, name: str, query: ListQuery) -> Filter:
    """One filter as the page draws it, with what is chosen."""
    field = cells.field_of(entity.model, name)
    label = cells.column_label(entity, name)
    params = query.params
    if isinstance(field, models.DateField):
        since, until = params.get(f"{name}_from", ""), params.get(f"{name}_to", "")
        return Filter(name, label, "dates", value_from=since, value_to=until)
    chosen = params.get(name, "")
    if field.is_relation:
        return _lookup(entity, user, field, name, label, query)
    if isinstance(field, AnyRecord):
        return Filter(name, label, "choice", _any_record(chosen, user))
    if isinstance(field, models.BooleanField):
        pairs = [("yes", _("yes")), ("no", _("no"))]
    else:
        pairs = list(_choices(field).items())
    return Filter(name, label, "choice", tuple(Option(v, t, v == chosen) for v, t in pairs))


def chips(filters: tuple[Filter, ...], query: ListQuery) -> tuple[Chip, ...]:
    """What narrows the list, readable one after the other as a sentence."""
    found = []
    if query.search:
        found.append(Chip(_("contains “%(text)s”") % {"text": query.search}, query.url(q=None)))
    for item in filters:
        for suffix, word in (("_from", _("from %(date)s")), ("_to", _("until %(date)s"))):
            asked = far_days.day_asked(item.value_from if suffix == "_from" else item.value_to)
            if asked is not None:
                text = f"{item.label} {word % {'date': day(asked)}}"
                found.append(Chip(text, query.url(**{item.name + suffix: None})))
        if item.text:
            words = _("contains “%(text)s”") % {"text": item.text}
            found.append(Chip(f"{item.label} {words}", query.url(**{f"{item.name}_text": None})))
        chosen = next((o for o in item.options if o.selected), None)
        if chosen is not None:
            gone = query.url(**{item.name: None, f"{item.name}_text": None})
            found.append(Chip(f"{item.label}: {chosen.text}", gone))
    return tuple(found)


def options(entity: Any, user: Any, name: str, text: str) -> list[tuple[str, str]]:
    """The related records whose words hold `text`: what a long filter offers while somebody types."""
    field = cells.field_of(entity.model, name)
    records = _reachable(field.related_model, user)
    declared = _entity(field.related_model)
    if text and declared is not None and declared.search:
        records = searching.search(records, declared, text)
    return [(str(record.uid), str(record)) for record in records[:MOST_FOUND]]


def _between(records: Any, field: Any, name: str, query: ListQuery) -> Any:
    for suffix, lookup in (("_from", "gte"), ("_to", "lte")):
        day = far_days.day_asked(query.params.get(name + suffix, ""))
        if day is not None:
            part = f"{name}__date" if isinstance(field, models.DateTimeField) else name
            records = records.filter(**{f"{part}__{lookup}": day})
    return records


def _related(records: Any, user: Any, field: Any, value: str, text: str) -> Any:
    """A tree is taken with all below. The related keys are asked for on their own: they are few, the records many."""
    model = field.related_model
    if value:
        chosen = model._default_manager.filter(uid=_uid(value))
        if cells.has_field(model, "path"):
            top = chosen.values_list("path", flat=True).first()
            if top is None:
                return records.none()
            chosen = model._default_manager.filter(path__startswith=top)
        return records.filter(searching.refers_to(field, chosen))
    declared = _entity(model)
    if text.strip() and declared is not None and declared.search:
        found = searching.search(declared.queryset(user).order_by(), declared, text.strip()[:200])
        return records.filter(searching.refers_to(field, found))
    return records


def _lookup(entity: Any, user: Any, field: Any, name: str, label: str, query: ListQuery) -> Filter:
    """A select while the related records are few, a field to type in where they are many."""
    model = field.related_model
    chosen, text = query.params.get(name, ""), query.params.get(f"{name}_text", "")
    reachable = _reachable(model, user)
    # In no order, so that the first of a hundred thousand cost nothing; the few that are shown are sorted here.
    records = list(reachable.order_by()[: MAX_OPTIONS + 1])
    many = len(records) > MAX_OPTIONS
    if many:
        found = options(entity, user, name, text) if text else []
    else:
        found = sorted(((str(r.uid), str(r)) for r in records), key=lambda pair: _as_read(pair[1]))
    if chosen and chosen not in dict(found):
        record = reachable.filter(uid=_uid(chosen)).first()
        # A view may be narrowed by what this reader cannot see: say that it is, not by what.
        found.insert(0, (chosen, str(record) if record else _("one that you cannot see")))
    offered = tuple(Option(v, t, v == chosen) for v, t in found)
    return Filter(
        name,
        label,
        "lookup" if many else "choice",
        offered,
        text="" if chosen else text.strip(),
        url=f"{entity.list_url()}options/{name}/" if many else "",
    )


def _reachable(model: Any, user: Any) -> Any:
    declared = _entity(model)
    records = declared.queryset(user) if declared else model._default_manager.all()
    return records.order_by(*(declared.ordering if declared else ("pk",)))


def _any_record(chosen: str, user: Any) -> tuple[Option, ...]:
    """The kinds of record, and the one record that was chosen on its own page."""
    kinds = [
        (e.model._meta.label_lower, kind_of(e.model._meta.label_lower))
        for e in catalog.records()
        if e.may(user, "view")
    ]
    found = sorted(kinds, key=lambda pair: _as_read(pair[1]))
    if (named := _named(chosen)) is not None:
        record = visible([named], user).get(named.uid)
        found.insert(0, (chosen, str(record) if record is not None else _("one that you cannot see")))
    return tuple(Option(value, text, value == chosen) for value, text in found)


def _named(text: str) -> Named | None:
    try:
        return Named.read(text)
    except ValidationError:
        return None


def _choices(field: Any) -> dict[str, str]:
    return {str(value): str(text) for value, text in field.flatchoices or ()}


def _as_read(text: str) -> tuple[str, str]:
    """People look for Álava under A."""
    letters = (c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return "".join(letters).casefold(), text


def _entity(model: Any) -> Any:
    return catalog.get(model)


def _uid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return NOBODY
