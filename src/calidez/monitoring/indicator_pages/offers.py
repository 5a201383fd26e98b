"""What the page offers beside a chart: another way to draw it, tried by one step and kept by a second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.desk.made_from import new_url
from calidez.monitoring.indicator_pages.address import View
from calidez.monitoring.measuring.drawing import BY_DATA
from calidez.monitoring.measuring.findings import when
from calidez.monitoring.models import Baseline, Indicator
from calidez.monitoring.sentences import CHART_NAMES
from calidez.stats import charts
from calidez.stats.charts import pattern


@dataclass(frozen=True)
class Way:
    """A link in a sentence; `here`: it changes the view alone."""

    text: str
    url: str
    here: bool = False


@dataclass(frozen=True)
class Said:
    sentence: str
    links: tuple[Way, ...]


def kept(view: View, user: Any, **values: str) -> tuple[Way, ...]:
    """The step that makes what a view tries hold for everybody, where the person may."""
    entity = catalog.of(Indicator)
    edition = entity.edition
    if view.old or edition is None or not edition.offered_to(view.indicator, user):
        return ()
    url = reverse("kit:edit", args=[entity.slug, view.indicator.uid])
    given = "&".join(f"{name}={value}" for name, value in values.items())
    return (Way(_("Keep it for this indicator"), f"{url}?{given}"),)


def another_chart(view: View, user: Any) -> Said | None:
    """The chart that this view alone draws."""
    if not view.chart or view.chart == (view.indicator.chart or BY_DATA):
        return None
    if view.chart == BY_DATA:
        sentence, chosen = _("In this view the data decide which chart suits them."), ""
    else:
        sentence = _("In this view: %(chart)s.") % {"chart": CHART_NAMES[view.chart]}
        chosen = view.chart
    back = Way(_("As it was"), view.url(chart=""), here=True)
    return Said(sentence, (*kept(view, user, chart=chosen), back))


def events_are_rare(view: View) -> bool:
    """Whether what is counted comes less than once in a period, so that the stretches between say more."""
    return view.reading.figures.get("events_per_period", 1.0) < 1


def between_events(view: View) -> Said | None:
    if not events_are_rare(view):
        return None
    sentence = _(
        "It happens less than once in a period. How long it takes from one to the next shows a change sooner."
    )
    return Said(sentence, (Way(_("See how long between"), view.url(show="between"), here=True),))


def limits_by_part(view: View, user: Any) -> Said | None:
    """Where the level wanders: from when on limits of their own would describe it as it is now."""
    reading, entity = view.reading, catalog.of(Baseline)
    wanders = reading.pattern is not None and reading.pattern.kind is charts.PatternKind.WANDERING
    if reading.chart is None or not wanders or view.old or view.segment:
        return None
    if not access.scope(user, entity.key, access.CREATE).covers(view.unit.path):
        return None
    begins = pattern.parts(reading.chart.heights)[-1]
    last = reading.last
    if not begins or last is None:
        return None
    periods = reading.series.periods
    given = {
        "indicator": view.indicator.pk,
        "unit": view.unit.pk,
        "starts": periods[begins].isoformat(),
        "learned_until": periods[last].isoformat(),
    }
    return Said(
        _(
            "Its level last changed about %(when)s. Limits learned from there on would show what is unusual for the service as it is now."
        )
        % {"when": when(periods[begins], view.indicator.period)},
        (Way(_("Set limits anew from there"), new_url(entity, **given)),),
    )
