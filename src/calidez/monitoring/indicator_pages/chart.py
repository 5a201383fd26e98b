"""The part of an indicator's page that asks “Is it changing?”: its chart with all that is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.desk.made_from import new_url
from calidez.kit.platform.display import Badge
from calidez.monitoring import selectors, vega
from calidez.monitoring.indicator_pages import caption, offers, opening, points, season
from calidez.monitoring.indicator_pages.address import View
from calidez.monitoring.measuring.episodes import Found
from calidez.monitoring.measuring.findings import cycle_words, signs, when
from calidez.monitoring.models import Annotation
from calidez.monitoring.sentences import describe, figure, reason_names

NEWEST = 5  # signals told under the chart


@dataclass(frozen=True)
class Told:
    """A signal as a sentence, with the rule that found it."""

    sentence: str
    rule: str
    badge: Badge
    ways: tuple[offers.Way, ...] = ()  # what may be done with the limits because of it, by those who may


@dataclass(frozen=True)
class Note:
    when: str
    text: str
    url: str


@dataclass(frozen=True)
class ChartPage:
    spec: vega.Spec
    subtitle: str
    caption: tuple[str, ...]
    provisional: str
    offers: tuple[offers.Said, ...]
    missing: str
    measured_in: str
    rows: tuple[points.TableRow, ...]
    expected_word: str
    signals: tuple[Told, ...]
    nothing: str
    signals_url: str
    notes: tuple[Note, ...]
    note_url: str
    variation: str
    assurance: str
    signs_title: str  # what both say where the figures are of long ago
    shown: int


def chart_page(view: View, user: Any) -> ChartPage:
    notes = _notes(view, user)
    told = signals_of(view, user)
    return ChartPage(
        spec=points.specification(view, notes=[(a.on, a.text) for a in notes]),
        subtitle=caption.definition(view),
        caption=caption.caption(view),
        provisional=caption.provisional(view),
        offers=_offers(view, user),
        missing=caption.missing(view),
        measured_in=view.indicator.measured_in,
        rows=points.table(view),
        expected_word=points.expected_word(view),
        signals=tuple(told[:NEWEST]),
        nothing=nothing_stands_out(view),
        signals_url=view.url(show="signals") if told else "",
        notes=tuple(Note(when(a.on, "day"), a.text, catalog.of(Annotation).url(a)) for a in reversed(notes)),
        note_url=_note_url(view, user),
        **signs(view.reading.variation, view.reading.assurance, past=bool(view.ended)),
        shown=len(view.window),
    )


def _offers(view: View, user: Any) -> tuple[offers.Said, ...]:
    if not view.window:
        return ()
    found = (
        offers.another_chart(view, user),
        offers.between_events(view),
        offers.still_complete(view, user),
        season.said(view, user),
        opening.said(view, user),
        offers.limits_by_part(view, user),
    )
    return tuple(one for one in found if one is not None)


def signals_of(view: View, user: Any) -> list[Told]:
    """The signals of the periods shown, the newest first."""
    found = [s for s in view.reading.signals if s.index in view.window or s.last in view.window]
    newest = sorted(found, key=lambda s: (-s.last, s.kind != "concern"))
    return [
        Told(
            _told(view, s),
            reason_names(s.reasons),
            points.kind_badge(s.kind),
            offers.because_of(view, user, s),
        )
        for s in newest
    ]


def nothing_stands_out(view: View) -> str:
    """What is said in place of signals."""
    pattern = view.reading.pattern
    if pattern is not None and pattern.offer is not None:
        return _("No single period: what varies here follows %(cycle)s.") % {
            "cycle": cycle_words(pattern.offer.adjust)
        }
    if pattern is not None:
        return _("No single period: its level changes, so limits learned from all of it say little.")
    if view.reading.variation == "not_enough_data":
        return _("Nothing yet: there are too few periods to tell what stands out.")
    if view.reading.constant:
        return _("Nothing: every period is the same.")
    return _("Nothing: what varies here is the ordinary variation of the service.")


def _told(view: View, signal: Found) -> str:
    sentence, alone = _described(view, signal), single_case(view, signal.at)
    return f"{sentence}. {alone}" if alone else sentence


def single_case(view: View, i: int) -> str:
    case, unit = view.reading.moved_by_one_case(i), view.indicator.measured_in
    if case is None:
        return ""
    return _("One case alone, %(case)s, does that: without it the mean is %(mean)s.") % {
        "case": figure(case.value, unit),
        "mean": figure(case.mean_without, unit),
    }


def _described(view: View, signal: Found) -> str:
    periods = view.reading.series.periods
    return describe(
        reasons=signal.reasons,
        direction=signal.direction,
        period=periods[signal.at],
        periods=[periods[m] for m in signal.members],
        value=points.known(signal.value),
        lower=points.known(signal.lower),
        upper=points.known(signal.upper),
        centre=points.known(signal.centre),
        indicator=view.indicator,
    )


def _notes(view: View, user: Any) -> list[Annotation]:
    """What happened in the periods shown, as far as the person may read it."""
    if not view.window:
        return []
    periods = view.reading.series.periods
    readable = catalog.of(Annotation).queryset(user)
    found = selectors.annotations_for(view.indicator, view.unit).filter(
        pk__in=readable.values("pk"), on__gte=periods[view.window[0]], on__lte=periods[view.window[-1]]
    )
    return list(found)


def _note_url(view: View, user: Any) -> str:
    entity = catalog.of(Annotation)
    if not access.scope(user, entity.key, access.CREATE).covers(view.unit.path):
        return ""
    given = {"unit": view.unit.pk, "indicator": view.indicator.pk}
    return new_url(entity, **given)
