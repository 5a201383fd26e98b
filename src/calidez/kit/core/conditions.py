"""Fields that are asked only where another field has certain values; elsewhere they are emptied, or kept as they were."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from calidez.kit.core import cells
from calidez.kit.platform.errors import RuleBroken

FILLED = "filled"


@dataclass(frozen=True)
class OnlyIf:
    """`OnlyIf("measure", (Measure.PERCENTILE,))`; `keep` leaves the value of a field that is not asked.

    `OnlyIf("threshold", filled=True)` asks where the other field says anything at all. With `needed` the answer is
    required where it is asked, and one that is given where it is not asked is refused instead of forgotten.
    """

    field: str
    values: tuple[Any, ...] = ()
    keep: bool = False
    filled: bool = False
    needed: bool = False

    def asked(self, value: Any) -> bool:
        return value not in (None, "") if self.filled else value in self.values


@dataclass(frozen=True)
class Shown:
    """A condition as a page shows it: in words, and for the script that hides the field."""

    field: str
    values: str
    words: str


def shown(entity: Any, condition: OnlyIf) -> Shown:
    if condition.filled:
        words = _("Only where “%(field)s” is filled in.") % {
            "field": cells.column_label(entity, condition.field)
        }
        return Shown(condition.field, json.dumps(FILLED), words)
    field = cells.field_of(entity.model, condition.field)
    choices = {str(value): str(label) for value, label in field.flatchoices or ()}
    choices |= {"True": _("yes"), "False": _("no")} if isinstance(field, models.BooleanField) else {}
    values = [_plain(value) for value in condition.values]
    words = _("Only where “%(field)s” is: %(values)s.") % {
        "field": cells.column_label(entity, condition.field),
        "values": "; ".join(choices.get(value, value) for value in values),
    }
    return Shown(condition.field, json.dumps(values), words)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def not_asked(conditions: Mapping[str, OnlyIf], values: Any, names: Iterable[str]) -> list[str]:
    """Those of `names` whose condition does not hold; `values` is read by attribute or by key."""
    read = values.get if isinstance(values, Mapping) else lambda name: getattr(values, name, None)
    return [
        name
        for name in names
        if name in conditions and not conditions[name].asked(read(conditions[name].field))
    ]


def refuse_unasked(entity: Any, record: Any, given: Mapping[str, Any]) -> None:
    """What was given for a field that is not asked here would be forgotten in silence: RuleBroken names the field."""
    for name in not_asked(entity.conditions, record, given):
        condition = entity.conditions[name]
        if condition.needed and given[name] not in (None, "", []):
            raise RuleBroken(
                _("%(field)s is not used here. %(when)s Leave it out.")
                % {
                    "field": _capital(cells.column_label(entity, name)),
                    "when": shown(entity, condition).words,
                },
                field=name,
            )


def settle(entity: Any, record: Any, many: dict[str, Any]) -> None:
    """Empty what is not asked for the values that the record has now, whichever door they came in by."""
    for name in not_asked(entity.conditions, record, entity.conditions):
        if entity.conditions[name].keep:
            many.pop(name, None)
            continue
        field = record._meta.get_field(name)
        if field.many_to_many:
            many[name] = []
        elif field.null:
            setattr(record, name, None)
        else:
            setattr(record, name, field.get_default() if field.has_default() else field.to_python(""))


def _plain(value: Any) -> str:
    return str(getattr(value, "value", value))
