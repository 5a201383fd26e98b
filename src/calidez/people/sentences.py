"""What the people part says in several places."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.kit.platform.formats import day
from calidez.people.models import WEEKDAYS, ClosedDay, ServiceCalendar
from calidez.people.opening_hours import WHOLE_DAY

MINUTE = 60


def time_to_wait(seconds: int) -> str:
    """Rounded up, so that who waits that long need not wait again."""
    if seconds < MINUTE:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    minutes = -(-seconds // MINUTE)
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def closed_days(closed: ClosedDay) -> str:
    """The day or the days, without the occasion."""
    if closed.last in (None, closed.first):
        return day(closed.first)
    return f"{day(closed.first)} – {day(closed.last)}"


def opening_week(calendar: ServiceCalendar) -> str:
    """The week in one line, days with equal hours together: “Monday to Friday 08:00–20:00; Saturday and Sunday closed”."""
    kinds: dict[str, Any] = {name: ServiceCalendar._meta.get_field(name) for name in WEEKDAYS}
    names = [str(kinds[name].verbose_name) for name in WEEKDAYS]
    hours = [getattr(calendar, name) for name in WEEKDAYS]
    parts = []
    for text, places in groupby(range(len(WEEKDAYS)), key=lambda place: hours[place]):
        parts.append(_days_and_hours([names[place] for place in places], text))
    line = "; ".join(parts)
    return line[:1].upper() + line[1:]


def _days_and_hours(days: list[str], text: str) -> str:
    values = {"days": _in_a_row(days), "hours": text.replace("-", "–").replace(" ", ", ")}
    if text == WHOLE_DAY:
        return ngettext("%(days)s open all day", "%(days)s open all day", len(days)) % values
    if text:
        return f"{values['days']} {values['hours']}"
    return ngettext("%(days)s closed", "%(days)s closed", len(days)) % values


def _in_a_row(days: list[str]) -> str:
    """“Monday”, “Saturday and Sunday”, “Monday to Friday”."""
    ends = {"first": days[0], "last": days[-1]}
    if len(days) == 1:
        return days[0]
    return (_("%(first)s and %(last)s") if len(days) == 2 else _("%(first)s to %(last)s")) % ends
