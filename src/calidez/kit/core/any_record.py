"""A field that names one record of whatever kind: what a finding arose from, what a comment is about.

    origin = AnyRecord(_("origin"), null=True, blank=True)

Kept is one text, “standards.standard:” and the identifier: a stable name that is the same in every database, and one
index finds what names a record. It can be filtered by a record: `Finding.objects.filter(origin=standard)`.

Nobody learns by it of a record that they may not see: it tells the kind alone, until `look_up` has asked for a reader.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext as _

from calidez.kit.core import access
from calidez.kit.core.registry import catalog

_BATCH = 500
if TYPE_CHECKING:
    _Text = models.CharField[Any, Any]
else:
    _Text = models.CharField


@dataclass(unsafe_hash=True)
class Named:
    """The record that is meant, by kind and identifier; `found` is the record itself, once a reader may see it."""

    subject: str
    uid: uuid.UUID
    found: Any = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.subject}:{self.uid}"

    @classmethod
    def of(cls, record: Any) -> Named:
        return cls(record._meta.label_lower, record.uid)

    @classmethod
    def read(cls, text: str) -> Named:
        subject, _colon, uid = text.partition(":")
        try:
            return cls(subject, uuid.UUID(uid))
        except ValueError:
            raise ValidationError(_("“%(text)s” names no record.") % {"text": text[:100]}) from None

    @property
    def model(self) -> Any:
        """None for a kind that is no longer there."""
        try:
            return apps.get_model(self.subject)
        except (LookupError, ValueError):
            return None

    @property
    def kind(self) -> str:
        return kind_of(self.subject)


def kind_of(subject: str) -> str:
    """What people call the kind of this stable name."""
    model = Named(subject, uuid.UUID(int=0)).model
    text = str(model._meta.verbose_name) if model is not None else subject
    return text[:1].upper() + text[1:]


class _NamedAttribute(DeferredAttribute):
    """A record may be given where its name is meant."""

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = Named.of(value) if isinstance(value, models.Model) else value


class AnyRecord(_Text):
    """Gives `Named`, or None; takes a record, a `Named`, or its text."""

    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any
    descriptor_class = _NamedAttribute
    empty_strings_allowed = False

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_length", 100)
        options.setdefault("db_index", True)
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        # CharField leaves out what is its own default and not this one's.
        return name, path, args, {"db_index": False, **options}

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Named | None:
        return Named.read(value) if value else None

    def to_python(self, value: Any) -> Named | None:
        if value in (None, ""):
            return None
        if isinstance(value, models.Model):
            return Named.of(value)
        return value if isinstance(value, Named) else Named.read(str(value))

    def get_prep_value(self, value: Any) -> Any:
        found = self.to_python(value)
        return None if found is None else str(found)

    def run_validators(self, value: Any) -> None:
        super().run_validators(value if value is None else str(value))

    def value_to_string(self, obj: Any) -> str:
        return str(self.value_from_object(obj) or "")


def fields_of(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(one.name for one in model._meta.concrete_fields if isinstance(one, AnyRecord))


def look_up(records: Sequence[Any], user: Any) -> None:
    """Find what these records name as far as this reader may see it: one query for each kind that is named."""
    names = fields_of(type(records[0])) if records else ()
    by_kind: dict[str, list[Named]] = defaultdict(list)
    for record in records:
        for name in names:
            named = getattr(record, name)
            if named is not None:
                by_kind[named.subject].append(named)
    for many in by_kind.values():
        seen = visible(many, user)
        for named in many:
            named.found = seen.get(named.uid)


def visible(many: Iterable[Named], user: Any) -> dict[uuid.UUID, Any]:
    """The records of one kind among those named that the reader may see, by identifier."""
    many = list(many)
    model = many[0].model if many else None
    entity = catalog.get(model) if model is not None else None
    if entity is None or not entity.may(user, access.VIEW):
        return {}
    records = entity.queryset(user).filter(uid__in={named.uid for named in many})
    return {record.uid: record for record in records.select_related(*entity.related())}


def looked_up(records: Iterable[Any], model: type[models.Model], user: Any) -> Iterator[Any]:
    """Look up what many records name, a batch at a time."""
    if not fields_of(model):
        yield from records
        return
    waiting = iter(records)
    while batch := list(islice(waiting, _BATCH)):
        look_up(batch, user)
        yield from batch
