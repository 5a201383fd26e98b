"""Service calendars and closed days: what holds when one is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.platform.errors import RuleBroken
from calidez.people.models import WEEKDAYS, ClosedDay, ServiceCalendar, Unit
from calidez.people.opening_hours import CLOSED, DAY, Hours, read_hours

LONGEST_CLOSURE = 366


def check_calendar(calendar: ServiceCalendar, *, by: Any) -> None:
    """It opens on some day, and it stays with its unit: what was closed there cannot become closed elsewhere."""
    if not any(getattr(calendar, name) for name in WEEKDAYS):
        raise RuleBroken(
            _("Say when it is open: a calendar without an open day would take every day out of the charts."),
            field=WEEKDAYS[0],
        )
    _no_night_into_the_next_day(calendar)
    _stays(
        ServiceCalendar, calendar, _("A calendar stays with its unit: write a new one for the other unit.")
    )


def _no_night_into_the_next_day(calendar: ServiceCalendar) -> None:
    """Hours that last beyond midnight end before the next day opens: what overlaps is a slip of the pen."""
    for name, next_name in zip(WEEKDAYS, (*WEEKDAYS[1:], WEEKDAYS[0]), strict=True):
        night, morning = _hours(calendar, name), _hours(calendar, next_name)
        if night and morning and night[-1].end - DAY > morning[0].start:
            days = {n: ServiceCalendar._meta.get_field(n).verbose_name for n in (name, next_name)}  # type: ignore[union-attr]
            raise RuleBroken(
                _(
                    "The hours of %(day)s, %(hours)s, last into those of %(next)s, %(next_hours)s: one of them must end or begin otherwise."
                )
                % {
                    "day": days[name],
                    "hours": str(night[-1]).replace("-", "–"),
                    "next": days[next_name],
                    "next_hours": str(morning[0]).replace("-", "–"),
                },
                field=next_name,
            )


def _hours(calendar: ServiceCalendar, weekday: str) -> Hours:
    """None where they cannot be read: their field says so."""
    try:
        return read_hours(getattr(calendar, weekday))
    except ValueError:
        return CLOSED


def check_closed_day(closed: ClosedDay, *, by: Any) -> None:
    """A closure is no longer than a year, and it stays with its unit."""
    last = closed.last or closed.first
    if (last - closed.first).days >= LONGEST_CLOSURE:
        raise RuleBroken(
            _("A unit that is closed for more than a year is not active any more."), field="last"
        )
    _stays(
        ClosedDay, closed, _("A closed day stays with its unit: write it down for the other unit as well.")
    )


def _stays(kind: Any, record: Any, sentence: str) -> None:
    before = kind.objects.filter(pk=record.pk).values_list("unit", flat=True).first()
    if before is not None and before != record.unit_id:
        raise RuleBroken(sentence, field="unit")


@dataclass(frozen=True)
class Closing:
    """Days in a row that are to be written down as closed."""

    first: dt.date
    last: dt.date
    name: str = ""
    yearly: bool = False


def close_days(unit: Unit, closings: Sequence[Closing], *, by: Any) -> list[ClosedDay]:
    """Write down several closed days of a unit at once: all of them, or none and the refusal of the first."""
    creation = catalog.of(ClosedDay).creation
    assert creation is not None
    with transaction.atomic():
        return [
            creation(
                by=by,
                unit=unit,
                first=one.first,
                last=None if one.last == one.first else one.last,
                name=one.name,
                yearly=one.yearly,
            )
            for one in closings
        ]
