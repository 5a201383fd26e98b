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
    """The week in one line, days with equal hours together: “Monday to Friday 08:00–20:00; Saturday to Sunday closed”."""
    kinds: dict[str, Any] = {name: ServiceCalendar._meta.get_field(name) for name in WEEKDAYS}
    names = [str(kinds[name].verbose_name) for name in WEEKDAYS]
    hours = [getattr(calendar, name) for name in WEEKDAYS]
    parts = []
    for text, places in groupby(range(len(WEEKDAYS)), key=lambda place: hours[place]):
        found = list(places)
        first, last = names[found[0]], names[found[-1]]
        days = first if len(found) == 1 else _("%(first)s to %(last)s") % {"first": first, "last": last}
        parts.append(f"{days} {_hours(text)}")
    line = "; ".join(parts)
    return line[:1].upper() + line[1:]


def _hours(text: str) -> str:
    if text == WHOLE_DAY:
        return _("open all day")
    return text.replace("-", "–").replace(" ", ", ") if text else _("closed")
