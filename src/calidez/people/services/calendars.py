"""Service calendars: what holds when one is written."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from calidez.kit.platform.errors import RuleBroken
from calidez.people.models import ServiceCalendar


def check_calendar(calendar: ServiceCalendar, *, by: Any) -> None:
    """A calendar stays with its unit: what was closed there cannot become closed elsewhere."""
    before = ServiceCalendar.objects.filter(pk=calendar.pk).values_list("unit", flat=True).first()
    if before is not None and before != calendar.unit_id:
        raise RuleBroken(
            _("A calendar stays with its unit: write a new one for the other unit."), field="unit"
        )
