"""What the figures say of a standard's target, on its page and beside its form while it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from calidez.kit.platform.display import Badge, Link
from calidez.monitoring import selectors
from calidez.monitoring.feasibility import sentences
from calidez.monitoring.feasibility.capability import counted, judged, place_of, target_of
from calidez.monitoring.measuring.findings import ended
from calidez.monitoring.models import Indicator
from calidez.monitoring.page_unit import shown_unit, visible_below
from calidez.people.models import Unit
from calidez.standards.models import Standard


@dataclass(frozen=True)
class Said:
    """The verdict, what to do, the figures behind it, and where more is said."""

    badge: Badge | None
    title: str
    advice: str
    unstable: str
    stats: tuple[sentences.Stat, ...]
    place: str
    more: Link | None


def panel(standard: Standard, user: Any, request: Any) -> Said:
    """On the standard's page, for the unit looked at; without an indicator it says what is missing."""
    indicators = selectors.proving(standard, user)
    if not indicators:
        text = _(
            "No indicator measures this standard yet, so the data cannot say whether its target can be kept."
        )
        return Said(None, text, "", "", (), "", Link(_("Choose or make an indicator"), _url(standard)))
    indicator = indicators[0]
    place = place_of(indicator, standard)
    unit = shown_unit(request, place) if request is not None else place
    if unit is None:
        return Said(None, _("None of its units is yours to see."), "", "", (), "", None)
    more = Link(_("Its past, its units, and other targets"), _url(standard, unit=unit.code))
    promised = standard.state == Standard.State.IN_FORCE
    at_least = _at_least(standard.direction)
    return _said(indicator, unit, target_of(standard, unit), at_least, more, in_force=promised)


def beside(values: Mapping[str, Any], standard: Standard | None, user: Any) -> Said | None:
    """Beside the form: the target as it is being typed, against the past of the standard's indicator."""
    if standard is None:
        text = _("Once an indicator measures this standard, its past says here what target can be kept.")
        return Said(None, text, "", "", (), "", None)
    indicators = selectors.proving(standard, user)
    if not indicators:
        return panel(standard, user, None)
    indicator = indicators[0]
    place = place_of(indicator, standard)
    unit = visible_below(user, place).order_by("path").first()
    if unit is None:
        return None
    target = values.get("target")
    direction = values.get("direction") or standard.direction
    given = {"unit": unit.code, **({"target": f"{target:g}"} if target is not None else {})}
    return _said(
        indicator, unit, target, _at_least(direction), Link(_("See its past"), _url(standard, **given))
    )


def _said(
    indicator: Indicator,
    unit: Unit,
    target: float | None,
    at_least: bool,
    more: Link,
    *,
    in_force: bool = False,
) -> Said:
    reading = selectors.reading_of(indicator, unit)
    found, until = (
        judged(counted(indicator, reading), target, at_least=at_least),
        ended(reading, indicator.period),
    )
    return Said(
        badge=sentences.badge_of(found, until=until) if target is not None else None,
        title=sentences.finding(found, indicator.measured_in, until=until),
        advice=sentences.advice(found, indicator.measured_in, in_force=in_force, until=until),
        unstable=sentences.unstable(found, until=until),
        stats=sentences.stats(found, indicator.measured_in)[:2],
        place=f"{indicator} · {unit}",
        more=more,
    )


def _at_least(direction: str) -> bool:
    return direction == Standard.Direction.AT_LEAST


def _url(standard: Standard, **given: str) -> str:
    address = reverse("feasibility", args=[standard.uid])
    return f"{address}?{urlencode(given)}" if given else address
