"""A cron expression as people say it: the common forms in words, the others as they are written."""

from __future__ import annotations

import re

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def in_words(expression: str) -> str:
    minute, hour, day, month, weekday = expression.split()
    if re.fullmatch(r"\*/\d+|\*", minute) and (hour, day, month, weekday) == ("*", "*", "*", "*"):
        count = int(minute[2:] or 1)
        return ngettext("every minute", "every %(count)s minutes", count) % {"count": count}
    if not minute.isdecimal() or month != "*":
        return expression
    if hour == "*" and (day, weekday) == ("*", "*"):
        return _("every hour at minute %(minute)s") % {"minute": minute}
    if not hour.isdecimal():
        return expression
    time = f"{int(hour):02}:{int(minute):02}"
    if (day, weekday) == ("*", "*"):
        return _("every day at %(time)s") % {"time": time}
    if day == "*" and re.fullmatch(r"[0-7]", weekday):
        # Cron counts from Sunday, Python from Monday.
        return _("every %(weekday)s at %(time)s") % {
            "weekday": WEEKDAYS[(int(weekday) - 1) % 7],
            "time": time,
        }
    if weekday == "*" and day.isdecimal():
        return _("on day %(day)s of each month at %(time)s") % {"day": day, "time": time}
    return expression
