"""The way to the form of a new record, with what is known of it already filled in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.platform.display import Button


def new_url(entity: Any, **known: Any) -> str:
    """The address of the form; `known` gives fields by their names, and records as themselves or by their key."""
    given = {name: getattr(value, "pk", value) for name, value in known.items() if value is not None}
    url = reverse("kit:create", args=[entity.slug])
    return f"{url}?{urlencode(given)}" if given else url


def known_from(entity: Any, record: Any, by: str = "") -> dict[str, Any]:
    """What a new record of this kind takes from the one that it is made for: the link to it (`by`), and its unit."""
    names = (entity.creation.fields if entity.creation is not None else ()) or entity.all_fields
    links = [by] if by else _links(entity, type(record), names)
    known = {links[0]: record.pk} if len(links) == 1 and links[0] in names else {}
    if "unit" in names and getattr(record, "unit_id", None):
        known.setdefault("unit", record.unit_id)
    return known


def new_button(entity: Any, record: Any, user: Any, by: str) -> Button | None:
    """“New …”, beside the records that lead to this one; None for a reader who may create none in its unit or below."""
    if entity.creation is None or not entity.created_in_form:
        return None
    scope = access.scope(user, entity.key, access.CREATE)
    known = known_from(entity, record, by)
    if not scope.everywhere:
        path = catalog.of(type(record)).unit_path(record) or ""
        if not any(path.startswith(granted) or granted.startswith(path) for granted in scope.paths):
            return None
        if not scope.covers(path):
            known.pop("unit", None)  # it is made in a unit below, which the person chooses
    return Button(entity.create_label, new_url(entity, **known), icon="plus")


def _links(entity: Any, target: type[Any], names: Any) -> list[str]:
    fields = entity.model._meta.concrete_fields
    return [f.name for f in fields if f.is_relation and f.related_model is target and f.name in names]
