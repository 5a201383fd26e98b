"""The tree of units."""

from __future__ import annotations

from typing import Any

from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from calidez.kit.platform.errors import RuleBroken
from calidez.people.models import Unit
from calidez.people.rules import child_path, would_loop


def place_unit(unit: Unit, *, by: Any) -> None:
    """Keep the path true; moving a unit moves everything below it."""
    if unit.parent is None and Unit.objects.filter(parent=None).exclude(pk=unit.pk).exists():
        raise RuleBroken(
            _("Say which unit this one belongs to: the organisation is already there."), field="parent"
        )
    if unit.parent is not None and would_loop(unit.path, unit.parent.path):
        raise RuleBroken(_("A unit cannot belong to itself or to a unit below it."), field="parent")
    new_path = child_path(unit.parent.path if unit.parent else "", unit.uid.hex)
    old_path, unit.path = unit.path, new_path
    if unit.pk and old_path != new_path:
        below = Unit.objects.filter(path__startswith=old_path).exclude(pk=unit.pk)
        below.update(path=Concat(Value(new_path), Substr("path", len(old_path) + 1)))
