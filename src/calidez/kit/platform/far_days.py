"""The days that a record may name and an address may ask for.

The calendar of computers ends at the years 1 and 9999: a day more, or the same moment in another time zone, is none. What
is kept stays well inside, so that every page can reckon with it; what an address asks for beyond means “from the
beginning” or “without an end”.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

FIRST, LAST = dt.date(1000, 1, 1), dt.date(2999, 12, 31)
_FIRST_MOMENT = dt.datetime.combine(FIRST, dt.time.min, dt.UTC)
_LAST_MOMENT = dt.datetime.combine(LAST, dt.time.max, dt.UTC)


def refuse_far(day: dt.date) -> None:
    """For what is kept; raises ValidationError."""
    if not FIRST <= _day_of(day) <= LAST:
        raise ValidationError(
            _("The year %(year)s is too far away: write a year from 1000 to 2999, or leave the date empty.")
            % {"year": f"{day.year:04d}"},
            code="far",
        )


def day_asked(text: str) -> dt.date | None:
    """The day in an address, none where it is no day."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return None if day is None else min(max(day, FIRST), LAST)


def moment_asked(text: str) -> dt.datetime | None:
    """The moment in an address, none where it is no moment."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    if moment is None:
        return None
    if moment.date() < FIRST:
        return _FIRST_MOMENT
    if moment.date() > LAST:
        return _LAST_MOMENT
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _day_of(day: dt.date) -> dt.date:
    return day.date() if isinstance(day, dt.datetime) else day
