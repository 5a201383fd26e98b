"""A relation between kinds of record, said once: in the declaration of the kind whose field names the other.

    links = (
        Link("commitment", up=_("makes measurable"), down=_("is made measurable by")),
    )

From it follow both ways of the thread, today and in the past; the filter of the list by that field; the broken link
where something should stand at either end and does not; and “New: …” on the page of the record that is named.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from calidez.kit.core.any_record import AnyRecord
from calidez.kit.core.registry import catalog
from calidez.kit.platform.display import Link as Address

Narrow = Callable[[QuerySet[Any]], QuerySet[Any]]


@dataclass(frozen=True)
class Missing:
    """The broken link where something should stand at one end of a link and nothing does.

    `key` names it in addresses and never changes. `expected` narrows to the records that should have such a link (all,
    where it is left out), `counted` says which records at the other end count. `yet` is what the thread says of the
    others, of which nothing is expected so far. Who may mend it and where follows from the end: on the record's own
    form, or by a new record of the other kind; `verb` and `mend` say it otherwise.
    """

    key: str
    label: Any
    sentence: Any
    expected: Narrow | None = None
    counted: Q | None = None
    yet: Any = ""
    verb: str = ""
    mend: Callable[[Any], Address] | None = None


@dataclass(frozen=True)
class Link:
    """One field (foreign key, many-to-many or `AnyRecord`) and how its two ends speak of each other.

    `up` is said on the way up and `down` on the way down. The record that the field names lies above, or below where
    `below` says so. `where` tells which records of this kind are shown on the page of the one named.

    `missing` is for a record of this kind that names none, `missing_there` for a record that none names: a sentence of
    the thread, or `Missing` where it is a broken link.

    `new` offers a record of this kind on the page of the one that it would name: True where that lies above, or the
    words of the offer; `new_for` says for which records.
    """

    field: str
    up: Any
    down: Any
    below: bool = False
    where: Q | None = None
    missing: Any = ""
    missing_there: Any = ""
    new: Any = None
    new_for: Callable[[Any], bool] | None = None

    @property
    def offers_new(self) -> bool:
        return not self.below if self.new is None else bool(self.new)

    def named_by(self, model: type[models.Model]) -> type[models.Model] | None:
        """The kind that the field names; None where it may be any."""
        return model._meta.get_field(self.field).related_model  # type: ignore[return-value]

    def holders(self, model: type[models.Model], named: Any) -> QuerySet[Any]:
        """The records of the declaring kind whose field names this one (a record, or the reference in a subquery)."""
        return model._default_manager.order_by().filter(**{self.field: named})

    def named(self, record: Any) -> QuerySet[Any] | None:
        """What the record's field names."""
        field: Any = record._meta.get_field(self.field)
        if field.many_to_many:
            return getattr(record, self.field).order_by()  # type: ignore[no-any-return]
        if isinstance(field, AnyRecord):
            found = getattr(record, self.field)
            model = found.model if found is not None else None
            return model._default_manager.filter(uid=found.uid) if model is not None else None
        key = getattr(record, field.attname)
        return None if key is None else field.related_model._default_manager.filter(pk=key)

    def naming_none(self, model: type[models.Model], missing: Missing, found: QuerySet[Any]) -> QuerySet[Any]:
        """Of records of the declaring kind, those that should name one and name none that counts."""
        found = found if missing.expected is None else missing.expected(found)
        field: Any = model._meta.get_field(self.field)
        if missing.counted is None and not field.many_to_many:
            return found.filter(**{f"{self.field}__isnull": True})
        ends = field.related_model._default_manager.order_by()
        counted = (ends if missing.counted is None else ends.filter(missing.counted)).values("pk")
        named = model._default_manager.order_by().filter(pk=OuterRef("pk"), **{f"{self.field}__in": counted})
        return found.exclude(Exists(named))

    def named_by_none(
        self, model: type[models.Model], missing: Missing, found: QuerySet[Any]
    ) -> QuerySet[Any]:
        """Of records at the other end, those that should be named and that none that counts names."""
        found = found if missing.expected is None else missing.expected(found)
        holders = self.holders(model, OuterRef("pk"))
        return found.exclude(Exists(holders if missing.counted is None else holders.filter(missing.counted)))


def every_link() -> tuple[tuple[Any, Link], ...]:
    """Each with the kind that declares it, in the order of the declarations."""
    return tuple((entity, link) for entity in catalog for link in entity.links)


def links_to(model: type[models.Model]) -> tuple[tuple[Any, Link], ...]:
    """The links that may name records of this kind."""
    return tuple(
        (entity, link) for entity, link in every_link() if link.named_by(entity.model) in (model, None)
    )
