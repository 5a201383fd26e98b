"""Figures worse than their standard can accept: what has to be done about them, and for whom that waits."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.kit.catalog import catalog
from calidez.kit.desk.inbox import Pending
from calidez.monitoring.measuring.periods import in_period, newest_due
from calidez.monitoring.models import Indicator, Standing
from calidez.monitoring.page_unit import indicator_url
from calidez.monitoring.sentences import figure

MOST_STANDINGS = 2000  # standings read at once
SUBJECT = "monitoring.indicator"


def reaction_to(standing: Standing) -> str:
    """What the standard requires now; empty where the figure is acceptable."""
    return reaction_of(standing.indicator) if standing.unacceptable else ""


def reaction_of(indicator: Indicator) -> str:
    standard = indicator.standard
    return standard.latest.reaction if standard is not None and standard.latest is not None else ""


def required_sentence(reaction: str) -> str:
    return _("Reaction required: %(reaction)s") % {"reaction": reaction}


def waiting(user: Any) -> tuple[Pending, ...]:
    """For the owner of each standard, one line for each of its indicators, however many units it is about."""
    grouped: dict[int, list[Standing]] = defaultdict(list)
    for standing in _unacceptable(user)[:MOST_STANDINGS]:
        grouped[standing.indicator_id].append(standing)
    return tuple(_told(standings) for standings in grouped.values())


def indicators(user: Any) -> QuerySet[Indicator]:
    """One for each line."""
    unacceptable = Standing.objects.filter(_of_now(), indicator=OuterRef("pk"), unacceptable=True)
    return _answered_for(user).filter(Exists(unacceptable))


def _of_now() -> Q:
    """What was last measured long ago asks nobody for a reaction any more."""
    today = timezone.localdate()
    now = Q(pk__in=[])
    for period in Indicator.Period.values:
        now |= Q(indicator__period=period, period_start__gte=newest_due(period, on=today))
    return now


def _answered_for(user: Any) -> QuerySet[Indicator]:
    seen = catalog.of(Indicator).queryset(user)
    return seen.filter(standard__owner=user, state=Indicator.State.ACTIVE)


def _unacceptable(user: Any) -> QuerySet[Standing]:
    found = Standing.objects.filter(_of_now(), indicator__in=_answered_for(user), unacceptable=True).defer(
        "trace"
    )
    return found.select_related("indicator__standard__latest", "unit").order_by(
        "indicator__code", "unit__path"
    )


def _told(standings: list[Standing]) -> Pending:
    """Of the highest unit in words; of those below it how many."""
    first, rest = standings[0], len(standings) - 1
    indicator = first.indicator
    values = {
        "indicator": indicator.name,
        "unit": first.unit.name,
        "value": figure(first.value, indicator.measured_in),
        "when": in_period(first.period_start, indicator.period) if first.period_start else "",
        "reaction": reaction_of(indicator),
        "count": number_format(rest),
    }
    if rest:
        text = ngettext(
            "%(indicator)s: %(value)s %(when)s in %(unit)s, and %(count)s more unit, is unacceptable. Required: %(reaction)s",
            "%(indicator)s: %(value)s %(when)s in %(unit)s, and %(count)s more units, is unacceptable. Required: %(reaction)s",
            rest,
        )
    else:
        text = _("%(indicator)s: %(value)s %(when)s in %(unit)s is unacceptable. Required: %(reaction)s")
    return Pending(
        text=text % values,
        url=indicator_url(indicator, first.unit),
        kind=str(indicator.standard),
        subject=SUBJECT,
        uid=indicator.uid,
    )
