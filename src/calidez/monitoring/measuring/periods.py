"""Calendar periods: what follows what, so that a month without facts is a gap and not a shorter axis."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import lru_cache

from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from calidez import engine
from calidez.kit.platform.formats import day
from calidez.monitoring.rules import STALE_DAYS, STALE_PERIODS


def sequence(first: dt.date, last: dt.date, period: str) -> Iterator[dt.date]:
    """Every period from `first` to `last`, both included."""
    start = first
    while start <= last:
        yield start
        start = engine.next_start(start, engine.Period(period))


def last_day(start: dt.date, period: str) -> dt.date:
    """The last day of the period that starts then."""
    return engine.next_start(start, engine.Period(period)) - dt.timedelta(days=1)


@lru_cache(maxsize=4096)
def label(start: dt.date, period: str, language: str) -> str:
    """A period as people say it: “January 2019”, “12 mar 2026”, “T2 2019”."""
    from django.utils import translation
    from django.utils.formats import date_format

    with translation.override(language):
        if period == "month":
            return date_format(start, "YEAR_MONTH_FORMAT")
        if period == "quarter":
            letter = "T" if language.startswith("es") else "Q"
            return f"{letter}{(start.month - 1) // 3 + 1} {start.year}"
        if period == "year":
            return str(start.year)
        return day(start)


def period_name(start: dt.date, period: str) -> str:
    """A period by its name alone: “January 2019”, “12 Mar 2026”, and a week not like its first day."""
    name = label(start, period, get_language() or "en")
    return _("week of %(when)s") % {"when": name} if period == "week" else name


def in_period(start: dt.date, period: str) -> str:
    """“in January 2019”, “on 12 Mar 2026”: when it happened, with its preposition."""
    words = {
        "day": _("on %(when)s"),
        "week": _("in the week of %(when)s"),
        "quarter": pgettext("quarter", "in %(when)s"),
    }
    return words.get(period, _("in %(when)s")) % {"when": label(start, period, get_language() or "en")}


def since_period(start: dt.date, period: str) -> str:
    """What follows “since” or “until”, with the article that a language puts before it: a month, a week by its first day."""
    words = {
        "day": pgettext("day after since or until", "%(when)s"),
        "week": _("the week of %(when)s"),
        "quarter": pgettext("quarter after since or until", "%(when)s"),
    }
    return words.get(period, "%(when)s") % {"when": label(start, period, get_language() or "en")}


def counted_periods(count: int, period: str) -> str:
    """“9 months”, “1 week”: periods called by what they are."""
    words = {
        "day": ngettext("%(count)s day", "%(count)s days", count),
        "week": ngettext("%(count)s week", "%(count)s weeks", count),
        "month": ngettext("%(count)s month", "%(count)s months", count),
        "quarter": ngettext("%(count)s quarter", "%(count)s quarters", count),
        "year": ngettext("%(count)s year", "%(count)s years", count),
    }
    return words[period] % {"count": number_format(count)}


def times_a_period(often: str, period: str) -> str:
    """“0.5 a week”."""
    return {
        "day": _("%(often)s a day"),
        "week": _("%(often)s a week"),
        "month": _("%(often)s a month"),
        "quarter": _("%(often)s a quarter"),
        "year": _("%(often)s a year"),
    }[period] % {"often": often}


def previous_start(start: dt.date, period: str, count: int) -> dt.date:
    """The first day of the period `count` periods earlier."""
    if period in {"day", "week"}:
        return start - dt.timedelta(days=count * (7 if period == "week" else 1))
    months = {"month": 1, "quarter": 3, "year": 12}[period] * count
    index = start.year * 12 + start.month - 1 - months
    return dt.date(index // 12, index % 12 + 1, 1)


def newest_due(period: str, *, on: dt.date) -> dt.date:
    """The oldest newest period with which a figure still speaks of the present: the one that runs does not count."""
    running = engine.period_start(on, engine.Period(period))
    return previous_start(running, period, STALE_DAYS if period == "day" else STALE_PERIODS)


def same_day(day: dt.date, year: int) -> dt.date:
    """The day in another year."""
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return day.replace(year=year, day=28)


def year_before(periods: Sequence[dt.date], last: int) -> int:
    """The first period of the year that ends with the one at `last`."""
    before = same_day(periods[last], periods[last].year - 1)
    return next(i for i in range(last + 1) if periods[i] > before)


def per_year(period: str) -> int:
    """How many periods make a year."""
    return {"day": 365, "week": 52, "month": 12, "quarter": 4, "year": 1}[period]
