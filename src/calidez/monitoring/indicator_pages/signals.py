"""Everything that stood out on this chart, and who has looked at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.platform.display import Badge, Button
from calidez.monitoring.indicator_pages import caption, chart
from calidez.monitoring.indicator_pages.address import View
from calidez.monitoring.models import Signal
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
        lines = tuple(_line(signal, user) for signal in _kept(view))
        empty = "" if lines else chart.nothing_stands_out(view)
        return SignalsPage(
            lines, (), _("Signals of %(unit)s, the newest first.") % {"unit": view.unit.name}, empty, cost
        )
    told = tuple(chart.signals_of(view, user))
    words = _(
        "Signals of this view. Only those of the chart as it stands by default are kept and acknowledged."
    )
    return SignalsPage((), told, words, "" if told else chart.nothing_stands_out(view), cost)


def _as_kept(view: View) -> bool:
    other = view.preset not in {"", view.indicator.preset} or view.adjust not in {"", view.indicator.adjust}
    return not (view.segment or view.chart or view.old or other)


def _kept(view: View) -> list[Signal]:
    found = (
        Signal.objects.filter(indicator_version=view.version, unit=view.unit, segment="")
        .select_related("indicator", "unit")
        .order_by("-period_start", "rule")
    )
    return [signal for signal in found if _inside(view, signal)]


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
