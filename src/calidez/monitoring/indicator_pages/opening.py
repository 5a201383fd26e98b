"""What the page says of days without service: which are left out and why, and which the data let one guess."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dates import WEEKDAYS as WEEKDAY_NAMES
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez import engine
from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.desk.made_from import new_url
from calidez.kit.platform.formats import day as day_words
from calidez.monitoring.indicator_pages.address import View, view_of
from calidez.monitoring.indicator_pages.offers import Said, Way
from calidez.monitoring.measuring.closed import Closing, closings, worked_when_closed
from calidez.monitoring.measuring.periods import same_day, sequence
from calidez.monitoring.measuring.served_hours import hours_seen
from calidez.monitoring.measuring.services.rollup import branch_units
from calidez.monitoring.store import store
from calidez.people.models import WEEKDAYS, ClosedDay, ServiceCalendar, Unit
from calidez.people.opening_hours import WHOLE_DAY, Stretch

NAMED = 4  # days that a sentence names before it counts the others


def caption(view: View) -> list[str]:
    """Which days are no gap, and by whose word."""
    axis, period = view.reading.series.axis, view.indicator.period
    lines: list[str] = []
    if not axis.periods or len(list(sequence(axis.periods[0], axis.periods[-1], period))) == len(
        axis.periods
    ):
        return lines  # nothing is left out of it
    if axis.calendar is not None:
        lines.append(_("Days on which the service is closed by its calendar are left out."))
    unused = [n for n in sorted(axis.never) if _opens(view, n)] if period == "day" else []
    if unused and axis.calendar is not None and axis.calendar.says_hours:
        lines.append(
            _("Never any data, so left out although the calendar opens them: %(days)s.")
            % {"days": _weekdays(unused)}
        )
    elif unused:
        lines.append(_("Never any data, so left out: %(days)s.") % {"days": _weekdays(unused)})
    worked = worked_when_closed(view.reading.series, period)
    if worked:
        lines.append(
            ngettext(
                "There are data on %(count)s day on which the calendar is closed: %(days)s. It is shown like any other.",
                "There are data on %(count)s days on which the calendar is closed: %(days)s. They are shown like any other.",
                len(worked),
            )
            % {"count": len(worked), "days": _some([day_words(day) for day in worked])}
        )
    return lines


def said(view: View, user: Any) -> Said | None:
    """What could be written down as closed, for those who may: offered, never done in silence."""
    if view.segment or view.old or not view.window or view.indicator.period != "day":
        return None
    axis = view.reading.series.axis
    told = axis.calendar is not None and axis.calendar.says_hours
    weekdays = [] if told else sorted(axis.never)
    found = [one for one in closings(view.reading.series, view.indicator.period) if _in_window(view, one)]
    links = []
    if weekdays and _may_create(ServiceCalendar, view, user):
        links.append(Way(_("Write down the opening days"), view.url_of("indicator_opening")))
    if found and _may_create(ClosedDay, view, user):
        links.append(Way(_("Write down the closed days"), _closed_days_form(view, found)))
    if not links:
        return None
    return Said(_sentence(weekdays, found), tuple(links))


def _sentence(weekdays: list[int], found: list[Closing]) -> str:
    days = sum(one.days for one in found)
    parts = {
        "weekdays": _any_of(weekdays),
        "count": days,
        "days": _longest_first(found),
    }
    if weekdays and found:
        return (
            ngettext(
                "No data on any %(weekdays)s, and none on %(count)s other day: %(days)s. Was the service closed?",
                "No data on any %(weekdays)s, and none on %(count)s other days: %(days)s. Was the service closed?",
                days,
            )
            % parts
        )
    if found:
        return (
            ngettext(
                "No data on %(count)s day: %(days)s. Was the service closed?",
                "No data on %(count)s days: %(days)s. Was the service closed?",
                days,
            )
            % parts
        )
    return _("No data on any %(weekdays)s. Is the service closed then?") % parts


def _in_window(view: View, one: Closing) -> bool:
    """Whether any of the days, in its own year or in a later one, lies in the time that is shown."""
    periods = view.reading.series.periods
    first = view.since or periods[view.window[0]]
    last = view.until or periods[view.window[-1]]
    if not one.yearly:
        return one.first <= last and first <= one.last
    length = one.last - one.first
    began = [same_day(one.first, year) for year in range(one.first.year, last.year + 1)]
    return any(day <= last and first <= day + length for day in began)


def _longest_first(found: list[Closing]) -> str:
    """The stretches that matter most by their dates, and how many days the others make together."""
    ordered = sorted(found, key=lambda one: (-one.days, one.first))
    named = ", ".join(_closing_words(one) for one in ordered[:NAMED])
    rest = sum(one.days for one in ordered[NAMED:])
    if not rest:
        return named
    return ngettext("%(some)s and %(count)s more day", "%(some)s and %(count)s more days", rest) % {
        "some": named,
        "count": rest,
    }


def _closing_words(one: Closing) -> str:
    days = day_words(one.first)
    if one.last != one.first:
        days = f"{days} – {day_words(one.last)}"
    return _("%(day)s and each year since") % {"day": days} if one.yearly else days


def _some(texts: list[str]) -> str:
    """The first ones, and how many more."""
    if len(texts) <= NAMED:
        return ", ".join(texts)
    return _("%(some)s and %(count)s more") % {
        "some": ", ".join(texts[:NAMED]),
        "count": len(texts) - NAMED,
    }


def _weekdays(numbers: list[int]) -> str:
    return ", ".join(str(WEEKDAY_NAMES[n]) for n in numbers)


def _any_of(numbers: list[int]) -> str:
    """After “on any”: “Saturday or Sunday”."""
    names = [str(WEEKDAY_NAMES[n]) for n in numbers]
    if len(names) < 2:
        return "".join(names)
    return _("%(days)s or %(last)s") % {"days": ", ".join(names[:-1]), "last": names[-1]}


def _opens(view: View, weekday: int) -> bool:
    """Whether the calendar, if there is one, opened on this weekday in the year before the newest period."""
    axis = view.reading.series.axis
    if axis.calendar is None or not axis.periods:
        return True
    newest = axis.periods[-1]
    first = newest - dt.timedelta(days=(newest.weekday() - weekday) % 7)
    return any(axis.calendar.is_open(first - dt.timedelta(weeks=n)) for n in range(52))


def _may_create(kind: Any, view: View, user: Any) -> bool:
    entity = catalog.of(kind)
    return access.scope(user, entity.key, access.CREATE).covers(view.unit.path)


def calendar_form(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """To the form of a calendar as the data let one guess it: its hours are looked for when somebody wants them."""
    view = view_of(request, uid)
    if not _may_create(ServiceCalendar, view, request.user):
        raise access.refuse(catalog.of(ServiceCalendar).create_label, catalog.of(ServiceCalendar).label)
    if not view.reading.series.periods:
        raise Http404(_("There is no page at this address."))
    hours = hours_seen(_times_of(view))
    if hours is None:
        messages.info(
            request,
            _(
                "The data tell the weekdays but not the hours: write them down, or leave the days open all day."
            ),
        )
    elif hours:
        messages.info(
            request,
            _(
                "The hours are those in which nearly all cases of the last year came, weekday by weekday. Correct them before you save."
            ),
        )
    return redirect(_calendar_form(view, sorted(view.reading.series.axis.never), hours or {}))


def _times_of(view: View) -> engine.DayTimes | None:
    """None also where the facts cannot be read: the weekdays are known all the same."""
    dataset = view.indicator.dataset
    try:
        facts = store().open(dataset.code)
        branches = None
        if facts.schema.branch is not None:
            known = branch_units(dataset, view.indicator.unit)
            below = Unit.objects.filter(path__startswith=view.unit.path)
            inside = set(below.values_list("pk", flat=True))
            branches = [
                name for name in engine.branches_in(facts) if known.get(name.strip().lower()) in inside
            ]
        return engine.times_of_day(facts, branches=branches)
    except engine.EngineError:
        return None


def _calendar_form(view: View, closed: list[int], seen: Mapping[int, Stretch]) -> str:
    hours = {
        name: "" if n in closed else str(seen[n]) if n in seen else WHOLE_DAY
        for n, name in enumerate(WEEKDAYS)
    }
    starts = view.reading.series.periods[0].isoformat()
    return new_url(catalog.of(ServiceCalendar), unit=view.unit, starts=starts, **hours)


def _closed_days_form(view: View, found: list[Closing]) -> str:
    given = [("unit", str(view.unit.uid)), *(("day", str(one)) for one in found)]
    return reverse("people:close_days") + "?" + urlencode(given)
