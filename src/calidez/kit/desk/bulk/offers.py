"""What may be done to many records of a kind at once: its steps, and one field for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from calidez.kit.core import cells
from calidez.kit.core.operations import Operation


@dataclass(frozen=True)
class Offer:
    """`key` names it in addresses and stored runs: `step:acknowledge`, `field:owner`."""

    key: str
    text: str
    operation: Operation
    fields: Sequence[str]
    icon: str = ""


def offers(entity: Any, user: Any) -> tuple[Offer, ...]:
    """Everything this person may do anywhere; each record is asked again when its turn comes."""
    found = [
        Offer(f"step:{step.name}", str(step.label), step, step.fields, step.icon)
        for step in entity.steps
        if step.bulk and entity.may(user, step.verb)
    ]
    edition = entity.edition
    if edition is not None and entity.may(user, edition.verb):
        for name in fields_for_all(entity):
            text = _("Change: %(field)s") % {"field": cells.column_label(entity, name)}
            found.append(Offer(f"field:{name}", text, edition, (name,), "edit"))
    return tuple(found)


def find(entity: Any, user: Any, key: str) -> Offer | None:
    return next((offer for offer in offers(entity, user) if offer.key == key), None)


def fields_for_all(entity: Any) -> tuple[str, ...]:
    """What the kind names; else whatever can sensibly be equal: references, choices, dates, yes or no."""
    if entity.bulk_fields is not None:
        return tuple(entity.bulk_fields)
    return tuple(name for name in entity.edition.fields if _may_be_equal(entity.model, name))


def _may_be_equal(model: Any, name: str) -> bool:
    if not cells.has_field(model, name):
        return False
    field = cells.field_of(model, name)
    if field.many_to_many or field.unique:
        return False
    alike = isinstance(field, (models.ForeignKey, models.BooleanField, models.DateField))
    return alike or bool(field.flatchoices)
