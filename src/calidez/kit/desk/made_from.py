"""“New: …” on the page of a record: the forms in which it is filled in already, for those who may create there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.urls import reverse

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core import access
from calidez.kit.core.any_record import AnyRecord, Named
from calidez.kit.core.finding import find, find_any
from calidez.kit.core.links import Link, links_to
from calidez.kit.core.record import Record
from calidez.kit.platform.display import Button
from calidez.kit.platform.display import Link as Address


def new_url(entity: Any, **known: Any) -> str:
    """The address of the form for a new record; `known` gives its fields by name: values, and records as themselves."""
    given = {
        name: str(value.uid if isinstance(value, Record) else value)
        for name, value in known.items()
        if value is not None
    }
    url = reverse("kit:create", args=[entity.slug])
    return f"{url}?{urlencode(given)}" if given else url


def forms_from(record: Any, user: Any) -> Iterator[Address]:
    """The forms for what this person may make from this record, as the links of all kinds say it."""
    for kind, link in links_to(type(record)):
        if link.offers_new and (link.new_for is None or link.new_for(record)):
            form = form_from(kind, link, record)
            if form is not None and may_create(kind, record, user):
                yield form


def new_here(record: Any, user: Any) -> tuple[Button, ...]:
    return tuple(Button(form.text, form.url, icon="plus") for form in forms_from(record, user))


def new_button(kind: Entity, field: str, record: Any, user: Any) -> Button | None:
    """“New …” beside the records of a kind whose field names this one, in the words and with the limits of its link."""
    links = (link for named, link in links_to(type(record)) if named is kind and link.field == field)
    link = next(links, Link(field, up="", down=""))
    if link.new is False or (link.new_for is not None and not link.new_for(record)):
        return None
    form = form_from(kind, link, record)
    return Button(form.text, form.url, icon="plus") if form and may_create(kind, record, user) else None


def form_from(kind: Entity, link: Link, record: Any) -> Address | None:
    """The form for a new record of the kind that names this one; None where its form does not ask for it."""
    names = _asked(kind)
    if link.field not in names:
        return None
    anywhere = isinstance(kind.model._meta.get_field(link.field), AnyRecord)
    given = {link.field: Named.of(record) if anywhere else record}
    unit = getattr(record, "unit", None) if "unit" in names else None
    # What hangs below another of its kind is mostly for a unit below.
    if unit is not None and kind.model is not type(record):
        given.setdefault("unit", unit)
    words = str(link.new) if link.new not in (None, True, False) else kind.create_label
    return Address(words, new_url(kind, **given))


def may_create(kind: Entity, record: Any, user: Any) -> bool:
    """Where the record belongs; below it too, where it is shown there and the form asks for the unit."""
    granted = access.scope(user, kind.key, access.CREATE)
    if not granted or granted.everywhere or (path := _place(kind, record)) is None:
        return bool(granted)
    below = (kind.scope or "") in _asked(kind) and path in granted.ancestors()
    return granted.covers(path) or below


def filled_in(entity: Entity, names: Any, asked: Mapping[str, str], user: Any) -> dict[str, Any]:
    """The values that the address of a form gives, for its fields; records by identifier, as far as one sees them."""
    found: dict[str, Any] = {}
    for name in (name for name in names if name in asked):
        field: Any = entity.model._meta.get_field(name)
        value: Any = asked[name]
        try:
            if isinstance(field, AnyRecord):
                value = find_any(value, user)
            elif field.is_relation and not value.isdecimal():
                value = find(field.related_model, value, user).pk
        except ValidationError:
            continue
        found[name] = [value] if field.many_to_many else value
    return found


def _asked(kind: Entity) -> tuple[str, ...]:
    """The fields of the form for a new record; none where there is no such form."""
    if kind.creation is None or not kind.created_in_form:
        return ()
    return tuple(kind.creation.fields or kind.all_fields)


def _place(kind: Entity, record: Any) -> str | None:
    named = catalog.get(type(record))
    return None if kind.scope is None or named is None else named.unit_path(record)
