"""Everything that stood out on this chart, and who has looked at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.platform.display import Badge, Button
from calidez.monitoring import services
from calidez.monitoring.indicator_pages import caption, chart
from calidez.monitoring.indicator_pages.address import View
from calidez.monitoring.models import Indicator, Signal
from calidez.monitoring.sentences import past_words, rule_name, signal_badge, signal_sentence


@dataclass(frozen=True)
class Line:
    sentence: str
    rule: str
    badge: Badge
    state: Badge | None
    past: str
    url: str
    step: Button | None


@dataclass(frozen=True)
class SignalsPage:
    lines: tuple[Line, ...]
    told: tuple[
        chart.Told, ...
    ]  # a view that nobody keeps signals of: other rules, a segment, an old definition
    words: str
    empty: str
    cost: str


def signals_page(view: View, user: Any) -> SignalsPage:
    cost = caption.false_alarms(view)
    if _as_kept(view):
        stored = _kept(view)
        if _being_read_anew(view, stored):
            words = _(
                "This chart is being read anew, because what it is drawn by changed. These are its signals now; they can be acknowledged in a moment."
            )
            return _unkept(view, user, words, cost)
        lines = tuple(_line(signal, user) for signal in stored if _inside(view, signal))
        empty = "" if lines else chart.nothing_stands_out(view)
        return SignalsPage(
            lines, (), _("Signals of %(unit)s, the newest first.") % {"unit": view.unit.name}, empty, cost
        )
    words = _(
        "Signals of this view. Only those of the chart as it stands by default are kept and acknowledged."
    )
    return _unkept(view, user, words, cost)


def _unkept(view: View, user: Any, words: str, cost: str) -> SignalsPage:
    told = tuple(chart.signals_of(view, user))
    return SignalsPage((), told, words, "" if told else chart.nothing_stands_out(view), cost)


def _being_read_anew(view: View, stored: list[Signal]) -> bool:
    """The chart is drawn while the page is read; its signals are kept by the background work that follows a change."""
    if view.version is None or view.indicator.state != Indicator.State.ACTIVE:
        return False  # what is retired is read no more
    return not services.kept_of(stored, view.version, view.unit, view.reading)


def _as_kept(view: View) -> bool:
    other = view.preset not in {"", view.indicator.preset} or view.adjust not in {"", view.indicator.adjust}
    return not (view.segment or view.chart or view.old or other)


def _kept(view: View) -> list[Signal]:
    return list(
        Signal.objects.filter(indicator_version=view.version, unit=view.unit, segment="")
        .select_related("indicator", "unit")
        .order_by("-period_start", "rule")
    )


def _inside(view: View, signal: Signal) -> bool:
    after = view.since is None or signal.period_start >= view.since
    return after and (view.until is None or signal.period_start <= view.until)


def _line(signal: Signal, user: Any) -> Line:
    entity = catalog.of(Signal)
    step = entity.step("acknowledge")
    button = None
    if step is not None and step.open_for(signal, user) and step.permitted(signal, user):
        url = reverse("kit:step", args=[entity.slug, signal.uid, step.name])
        button = Button(str(step.label), url, icon="eye", title=str(step.help))
    return Line(
        sentence=signal_sentence(signal),
        rule=rule_name(signal),
        badge=signal_badge(signal),
        state=entity.state_badge(signal),
        past="" if signal.holds else past_words(signal),
        url=entity.url(signal),
        step=button,
    )
