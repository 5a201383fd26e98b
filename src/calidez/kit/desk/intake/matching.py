"""Which column of a file is which field: by the field's name or its label, in any language of the site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from calidez.kit.core.cells import field_of
from calidez.kit.core.finding import known_by
from calidez.kit.core.values import folded
from calidez.kit.platform.errors import RuleBroken

UID = "uid"


@dataclass(frozen=True)
class Matched:
    """Places of the columns by field name, headings that mean nothing here, and the field that names a record."""

    places: Mapping[str, int]
    unknown: tuple[str, ...]
    key: str  # "" where only the identifier names a record


def columns_of(entity: Any) -> tuple[str, ...]:
    """The columns of a file of this kind, in order: what names the record first, then what can be filled in."""
    names = dict.fromkeys([*_key(entity), *writable(entity), UID])
    return tuple(names)


def writable(entity: Any) -> tuple[str, ...]:
    """Every field that a file may fill in, for new records or for those that exist."""
    names: dict[str, None] = {}
    if entity.creation is not None and entity.created_in_form:
        names |= dict.fromkeys(entity.creation.fields or entity.all_fields)
    if entity.edition is not None:
        names |= dict.fromkeys(entity.edition.fields)
    return tuple(name for name in names if not isinstance(field_of(entity.model, name), models.FileField))


def key_field(entity: Any) -> str:
    """The unique field that names a record of this kind in a file; "" where there is none."""
    name = known_by(entity.model)
    return name if name and entity.model._meta.get_field(name).unique else ""


def heading(entity: Any, name: str) -> str:
    label = str(entity.model._meta.get_field(name).verbose_name)
    return label[:1].upper() + label[1:]


def match(entity: Any, headings: Sequence[str]) -> Matched:
    """RuleBroken where a heading stands twice, or where nothing of the file is known here."""
    words = _words(entity)
    places: dict[str, int] = {}
    unknown = []
    for place, text in enumerate(headings):
        name = words.get(folded(text))
        if name is None:
            if text:
                unknown.append(text)
        elif name in places:
            raise RuleBroken(
                _("The column “%(heading)s” stands twice in the file.") % {"heading": text}, field="file"
            )
        else:
            places[name] = place
    if not set(places) - {UID}:
        raise RuleBroken(
            _("No column of the file is known here. The first row must hold the headings: %(headings)s.")
            % {"headings": ", ".join(heading(entity, name) for name in columns_of(entity))},
            field="file",
        )
    return Matched(places, tuple(unknown), key_field(entity))


def _key(entity: Any) -> list[str]:
    key = key_field(entity)
    return [key] if key else []


def _words(entity: Any) -> dict[str, str]:
    names = columns_of(entity)
    words: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words |= {folded(heading(entity, name)): name for name in names}
    return words | {folded(name): name for name in names}
