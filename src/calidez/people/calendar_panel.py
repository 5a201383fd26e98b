"""What the page of a service calendar shows beside its hours: on which days the unit is closed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.desk.made_from import new_url
from calidez.kit.platform.display import Button, Link
from calidez.people.models import ClosedDay, ServiceCalendar
from calidez.people.selectors import closed_days_in

MOST = 20


@dataclass(frozen=True)
class Line:
    """A closed day; `unit` is named where it is said for a unit above."""

    link: Link
    unit: str
    yearly: bool


@dataclass(frozen=True)
class ClosedDaysPanel:
    """`lines` begin with the next that comes."""

    lines: tuple[Line, ...]
    every: Link | None
    new: Button | None
    none: str  # what is said where there are no lines


def closed_days_panel(calendar: ServiceCalendar, user: Any, request: Any) -> ClosedDaysPanel | None:
    """The closed days that hold where this calendar does: those of its unit, and those above if it follows them."""
    kind = catalog.of(ClosedDay)
    if not kind.may(user, access.VIEW):
        return None
    today = timezone.localdate()
    found = closed_days_in(calendar.unit, above=calendar.adds_above)
    coming = sorted(found, key=lambda one: (_last(one) < today and not one.yearly, _distance(one, today)))
    lines = tuple(
        Line(
            Link(str(one), kind.url(one)),
            "" if one.unit_id == calendar.unit_id else one.unit.name,
            one.yearly,
        )
        for one in coming[:MOST]
    )
    every = Link(_("All %(count)s") % {"count": len(found)}, kind.list_url()) if len(found) > MOST else None
    new = None
    if access.scope(user, kind.key, access.CREATE).covers(calendar.unit.path):
        new = Button(kind.create_label, new_url(kind, unit=calendar.unit), icon="plus")
    return ClosedDaysPanel(lines, every, new, "" if lines else _none(calendar))


def _none(calendar: ServiceCalendar) -> str:
    """That nobody wrote any down is known; that it serves on holidays only where it does not follow the units above."""
    if not calendar.adds_above:
        return _("None: the unit serves on holidays too.")
    if calendar.unit.parent_id is None:
        return _("None is written down yet, so by this calendar it serves on holidays too.")
    return _("None is written down yet, neither for the unit nor for those above it.")


def _last(closed: ClosedDay) -> dt.date:
    return closed.last or closed.first


def _distance(closed: ClosedDay, today: dt.date) -> int:
    """Days until it comes next, or since it was."""
    if not closed.yearly:
        return abs((closed.first - today).days)
    place = (closed.first.month, closed.first.day)
    now = (today.month, today.day)
    return (place[0] - now[0]) % 12 * 31 + place[1] - now[1] if place != now else 0
