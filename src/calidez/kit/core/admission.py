"""What no record may hold, whichever door a value came by: form, interface, file or the command line.

An operation asks it for all it is given, before any rule reckons with it; a record that is saved is asked again, since
services write too. What stands there already stays: whoever changes something else need not mend it.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from calidez.kit.platform import far_days, letters
from calidez.kit.platform.errors import RuleBroken

MOST = 10.0**15  # beyond, a number holds no longer each of its digits, and what is made of it may be endless


def admitted(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they may be kept; raises RuleBroken with a sentence for each that may not."""
    found, errors = {}, {}
    for name, value in values.items():
        try:
            found[name] = admit(_field(model, name), value)
        except ValidationError as error:
            errors[name] = error.messages[0]
    if errors:
        field, sentence = next(iter(errors.items()))
        raise RuleBroken(sentence, field=field, errors=errors)
    return found


def admit(field: Any, value: Any) -> Any:
    """One value; `field` is None where an operation asks for something that is no field. Raises ValidationError."""
    if isinstance(value, str):
        if field is not None and field.choices:
            return value
        single = isinstance(field, models.CharField)
        return letters.line(value) if single else letters.lines(value)
    if isinstance(value, dt.date):
        far_days.refuse_far(value)
    elif isinstance(field, models.FloatField) and isinstance(value, (int, float)):
        return finite(value)
    return value


def finite(value: float | Decimal) -> float:
    """A number that every page can reckon with and write, each of its digits in its place; never minus zero."""
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if math.isnan(number):
        raise ValidationError(_("A number is needed here."))
    if abs(number) > MOST:
        raise ValidationError(_("This number is too large to reckon with."), code="far")
    return number + 0.0


def settle(record: models.Model, *, created: bool) -> None:
    """Put right what is about to be saved; raises ValidationError by field."""
    odd: dict[str, Any] = {}
    errors: dict[str, ValidationError] = {}
    for field in _asked(type(record)):
        value = getattr(record, field.attname)
        try:
            kept = admit(field, value)
        except ValidationError as error:
            errors[field.name] = error
        else:
            if kept != value:
                odd[field.name] = kept
    if not odd and not errors:
        return
    stays = set() if created else _unchanged(record, {*odd, *errors})
    if left := {name: error for name, error in errors.items() if name not in stays}:
        raise ValidationError(left)
    for name, kept in odd.items():
        if name not in stays:
            setattr(record, name, kept)


def _unchanged(record: models.Model, names: set[str]) -> set[str]:
    before = type(record)._default_manager.filter(pk=record.pk).values(*names).first() or {}
    return {name for name, value in before.items() if value == getattr(record, name)}


@functools.cache
def _asked(model: type[models.Model]) -> tuple[Any, ...]:
    """The fields that people fill in; what only the program writes is its own business."""
    kinds = (models.CharField, models.TextField, models.DateField, models.FloatField)
    return tuple(
        field
        for field in model._meta.concrete_fields
        if field.editable and isinstance(field, kinds) and not field.choices
    )


def _field(model: type[models.Model], name: str) -> Any:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
