"""What the page offers beside a chart: another way to draw it, tried by one step and kept by a second."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from calidez import engine
from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.desk.made_from import new_url
from calidez.kit.platform.spoken import spoken
from calidez.monitoring.chart_names import CHART_NAMES
from calidez.monitoring.indicator_pages.address import View
from calidez.monitoring.measuring.drawing import BY_DATA
from calidez.monitoring.measuring.episodes import Found
from calidez.monitoring.measuring.explaining import LONG_TREND
from calidez.monitoring.measuring.periods import last_day, since_period, times_a_period
from calidez.monitoring.models import Baseline, Dataset, Exclusion, Indicator
from calidez.monitoring.selectors import between_of, coverage_of
from calidez.monitoring.sentences import figure
from calidez.stats import charts

RARE = 2.0  # of fewer events in a period no single one can be too few
FEW = 3  # periods that something out of the ordinary may have taken
LASTING = 8  # periods from which on a change is one of the service itself


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
    """Whether what is counted comes so seldom that how long it takes between says more."""
    if (
        view.indicator.measure in {Indicator.Measure.SUM, Indicator.Measure.RATE}
        and between_of(view.reading) is None
    ):
        return False
    return view.reading.figures.get("events_per_period", RARE) < RARE


def between_events(view: View) -> Said | None:
    if not events_are_rare(view):
        return None
    sentence = _(
        "It happens seldom: %(often)s. How long it takes from one to the next shows a change sooner."
    ) % {"often": times_a_period(figure(view.reading.figures["events_per_period"]), view.indicator.period)}
    return Said(sentence, (Way(_("See how long between"), view.url(show="between"), here=True),))


def still_complete(view: View, user: Any) -> Said | None:
    """Of events that ended some time ago: whether nothing happened since, or nobody wrote it down."""
    edition, dataset = catalog.of(Dataset).edition, view.indicator.dataset
    coverage = coverage_of(dataset)
    if view.old or coverage is None or view.indicator.measure != Indicator.Measure.COUNT:
        return None
    step = engine.Period(view.indicator.period)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    if engine.next_start(engine.period_start(coverage.last, step), step) > yesterday:
        return None
    if edition is None or not edition.offered_to(dataset, user):
        return None
    url = reverse("kit:edit", args=[catalog.of(Dataset).slug, dataset.uid])
    return Said(
        spoken(
            _(
                "Nothing is known after %(day)s. If nothing has happened since, write down until when the record is complete."
            )
            % {"day": since_period(coverage.last, "day")}
        ),
        (Way(_("It is complete until yesterday"), f"{url}?complete_until={yesterday.isoformat()}"),),
    )


def because_of(view: View, user: Any, signal: Found) -> tuple[Way, ...]:
    """A short signal that is over may be left out of the limits; one that lasts may begin limits of its own."""
    present = view.reading.last in signal.members
    if signal.rule == LONG_TREND:
        return ()  # limits of its own would rise or fall as well
    if len(signal.members) <= FEW and not present:
        url = leave_out_url(view, user, signal.members)
        return (Way(_("Leave out of the limits"), url),) if url else ()
    if len(signal.members) >= LASTING and present:
        url = new_limits_url(view, user, signal.members[0])
        return (Way(_("Set limits anew from there"), url),) if url else ()
    return ()


def leave_out_url(view: View, user: Any, places: Sequence[int]) -> str:
    """The form that leaves these periods out of the limits: of the definition that holds, for all cases together."""
    entity = catalog.of(Exclusion)
    if not _may_set(view, user, entity):
        return ""
    given = _of_this_chart(view)
    if places:
        periods = view.reading.series.periods
        given["starts"] = periods[min(places)].isoformat()
        given["ends"] = last_day(periods[max(places)], view.indicator.period).isoformat()
    return new_url(entity, **given)


def new_limits_url(view: View, user: Any, begins: int | None = None, until: int | None = None) -> str:
    """The form that sets limits anew, from a period on until another or the newest."""
    entity = catalog.of(Baseline)
    if not _may_set(view, user, entity):
        return ""
    given, periods = _of_this_chart(view), view.reading.series.periods
    until = view.reading.last if until is None else until
    if begins is not None and until is not None:
        given["starts"], given["learned_until"] = periods[begins].isoformat(), periods[until].isoformat()
    return new_url(entity, **given)


def _may_set(view: View, user: Any, entity: Any) -> bool:
    """Limits are those of the definition that holds, for all cases together."""
    if view.old or view.segment or view.reading.chart is None:
        return False
    return bool(access.scope(user, entity.key, access.CREATE).covers(view.unit.path))


def _of_this_chart(view: View) -> dict[str, Any]:
    return {"indicator": view.indicator.pk, "unit": view.unit.pk}


def limits_by_part(view: View, user: Any) -> Said | None:
    """Where the level wanders: from when on limits of their own would describe it as it is now."""
    reading = view.reading
    if reading.chart is None or reading.pattern is None:
        return None
    if reading.pattern.kind is not charts.PatternKind.WANDERING:
        return None
    begins = reading.pattern.cuts[-1] if reading.pattern.cuts else 0
    url = new_limits_url(view, user, begins) if begins else ""
    if not url:
        return None
    return Said(
        spoken(
            _(
                "Its level last changed about %(when)s. Limits learned from there on would show what is unusual for the service as it is now."
            )
            % {"when": since_period(reading.series.periods[begins], view.indicator.period)}
        ),
        (Way(_("Set limits anew from there"), url),),
    )
