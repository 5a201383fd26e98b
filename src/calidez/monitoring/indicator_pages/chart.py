"""The control chart: what it draws, what it says in words, and its twin as a table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez import engine
from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.desk.made_from import new_url
from calidez.kit.platform.display import Badge, Tone
from calidez.monitoring import selectors, vega
from calidez.monitoring.indicator_pages import opening, season
from calidez.monitoring.indicator_pages.address import View
from calidez.monitoring.indicator_pages.season import Said
from calidez.monitoring.measuring.charting import Found, Reading
from calidez.monitoring.measuring.findings import cycle_words, when
from calidez.monitoring.measuring.periods import counted_periods
from calidez.monitoring.models import Annotation, Baseline, Indicator
from calidez.monitoring.sentences import CHART_NAMES, describe, figure, reason, reason_names
from calidez.standards.sentences import target_words
from calidez.stats import rules
from calidez.stats.rules import PRESETS

NEWEST = 5  # signals told under the chart
SHORT_UNIT = 4

# What these add up says nothing of how many cases there were: a row may stand for thousands.
ADDED_UP = {Indicator.Measure.SUM, Indicator.Measure.RATE, Indicator.Measure.RATIO}
KIND_TONES = {"improvement": Tone.GOOD, "concern": Tone.CONCERN, "change": Tone.NEUTRAL}


@dataclass(frozen=True)
class TableRow:
    period: str
    value: str
    n: str
    expected: str
    signal: str
    tone: Tone


@dataclass(frozen=True)
class Told:
    """A signal as a sentence, with the rule that found it."""

    sentence: str
    rule: str
    badge: Badge


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
    season: Said | None
    closed: Said | None
    missing: str
    measured_in: str
    rows: tuple[TableRow, ...]
    signals: tuple[Told, ...]
    nothing: str
    signals_url: str
    notes: tuple[Note, ...]
    note_url: str
    variation: str
    assurance: str
    shown: int


def chart_page(view: View, user: Any) -> ChartPage:
    notes = _notes(view, user)
    told = signals_of(view)
    return ChartPage(
        spec=specification(view, notes=[(a.on, a.text) for a in notes]),
        subtitle=definition(view),
        caption=caption(view),
        provisional=provisional(view),
        season=season.said(view, user),
        closed=opening.said(view, user),
        missing=missing(view),
        measured_in=view.indicator.measured_in,
        rows=table(view),
        signals=tuple(told[:NEWEST]),
        nothing=nothing_stands_out(view),
        signals_url=view.url(show="signals") if told else "",
        notes=tuple(Note(when(a.on, "day"), a.text, catalog.of(Annotation).url(a)) for a in reversed(notes)),
        note_url=_note_url(view, user),
        variation=view.reading.variation,
        assurance=view.reading.assurance,
        shown=len(view.window),
    )


def specification(view: View, *, notes: Any = None) -> vega.Spec:
    """The same drawing for page and files."""
    if notes is None:
        notes = [(a.on, a.text) for a in selectors.annotations_for(view.indicator, view.unit)]
    reading, unit = view.reading, view.indicator.measured_in
    points = points_of(view)
    first, last = (points[0].start, points[-1].start) if points else (None, None)
    end = view.window[-1] if view.window else None
    words = vega.Words(
        unit=unit,
        **_limit_words(reading, end, unit),
    )
    inside = [vega.Event(on, text) for on, text in notes if first and last and first <= on <= last]
    return vega.control_chart(
        points,
        period=view.indicator.period,
        words=words,
        phases=_phases(view),
        notes=inside,
    )


def points_of(view: View) -> list[vega.Point]:
    reading = view.reading
    kinds = _kinds(reading)
    beyond = {i for s in reading.signals for i in s.shown_by.get("beyond_limits", ())}
    phase_of, weak = _phase_index(reading)
    return [
        vega.Point(
            start=reading.series.periods[i],
            value=_shown(reading, i),
            unfinished=i in reading.series.so_far,
            lower=_known(reading.lower[i]),
            upper=_known(reading.upper[i]),
            centre=_known(reading.centre[i]),
            label=sentence(view, i),
            phase=phase_of[i],
            provisional=weak[i],
            signal=kinds.get(i, ""),
            beyond=i in beyond,
            **_target(reading, i, view.indicator.measured_in),
        )
        for i in view.window
    ]


def _shown(reading: Reading, i: int) -> float | None:
    """What was measured, or what there is so far of a period that is not whole."""
    so_far = reading.series.so_far.get(i)
    return so_far.value if so_far is not None else _known(reading.series.values[i])


def cases(reading: Reading, i: int) -> int:
    so_far = reading.series.so_far.get(i)
    return so_far.n if so_far is not None else int(reading.series.n[i])


def _target(reading: Reading, i: int, unit: str) -> dict[str, Any]:
    """The target of the promise in force in the period, where there was one."""
    promise = reading.promises[i]
    if promise is None:
        return {}
    word = _("target %(value)s") % {"value": target_words(promise.target, unit)}
    return {"target": promise.target, "target_word": word}


def sentence(view: View, i: int) -> str:
    """One point, read out: period, value, expected range, cases, and the rules that it is part of."""
    reading, unit = view.reading, view.indicator.measured_in
    period = when(reading.series.periods[i], view.indicator.period)
    value = _shown(reading, i)
    if value is None:
        return _("%(when)s: no data") % {"when": period}
    lines = [f"{period}: {figure(value, unit)}"]
    if i in reading.series.so_far:
        lines.append(_why_unfinished(view, i))
    low, high = _known(reading.lower[i]), _known(reading.upper[i])
    if low is not None and high is not None:
        lines.append(_("expected %(low)s–%(high)s") % {"low": figure(low), "high": figure(high, unit)})
    if view.indicator.measure not in ADDED_UP:
        lines.append(_("of %(n)s cases") % {"n": number_format(cases(reading, i))})
    lines += _reasons_at(reading, i)
    return "\n".join(lines)


def signals_of(view: View) -> list[Told]:
    """The signals of the periods shown, the newest first."""
    found = [s for s in view.reading.signals if s.index in view.window or s.last in view.window]
    newest = sorted(found, key=lambda s: (-s.last, s.kind != "concern"))
    return [Told(_told(view, s), reason_names(s.reasons), _badge(s)) for s in newest]


def nothing_stands_out(view: View) -> str:
    """What is said in place of signals."""
    pattern = view.reading.pattern
    if pattern is not None and pattern.offer is not None:
        return _("No single period: what varies here follows %(cycle)s.") % {
            "cycle": cycle_words(pattern.offer.adjust)
        }
    if pattern is not None:
        return _("No single period: the level of this service wanders, so limits say little.")
    if view.reading.variation == "not_enough_data":
        return _("Nothing yet: there are too few periods to tell what stands out.")
    return _("Nothing: what varies here is the ordinary variation of the service.")


def definition(view: View) -> str:
    """The subtitle: what is counted, where, for which cases."""
    parts = [view.indicator.description.rstrip(".") or view.indicator.name, view.unit.name]
    if view.segment:
        parts.append(view.segment.replace("=", " = ", 1))
    return " · ".join(parts)


def caption(view: View) -> tuple[str, ...]:
    """From how many, since when, which chart and why, and what the rules cost."""
    reading = view.reading
    if not view.window:
        return ()
    lines = [_from_how_many(view), *_unfinished(view), *opening.caption(view), *_approximate(view)]
    if reading.chart is not None:
        lines.append(_since_when(view))
        lines.append(
            _("%(chart)s: %(reason)s")
            % {
                "chart": _capital(str(CHART_NAMES.get(reading.kind, reading.kind))),
                "reason": reason(reading.reason, reading.figures),
            }
        )
        lines += season.caption(view)
        lines += [text for text in (_skewed(reading), _autocorrelated(reading), false_alarms(view)) if text]
    return tuple(lines)


def false_alarms(view: View) -> str:
    """What the chosen rules cost, in words: for limits learned from as many periods as these were."""
    chart, preset = view.reading.chart, view.preset or view.indicator.preset
    if chart is None or view.reading.kind == "run" or preset not in PRESETS:
        return ""
    phase = chart.phases[-1]
    price = rules.false_alarms(preset, phase.points, frozen=phase.frozen)
    values = {
        "share": number_format(round(price.within_24 * 100)),
        "stretch": counted_periods(24, view.indicator.period),
        "learned": counted_periods(phase.points, view.indicator.period),
    }
    if not phase.points:
        return (
            _(
                "If nothing changes, these rules raise a false alarm in about %(share)s %% of stretches of %(stretch)s."
            )
            % values
        )
    return (
        _(
            "If nothing changes, these rules raise a false alarm in about %(share)s %% of stretches of %(stretch)s, with limits learned from %(learned)s."
        )
        % values
    )


def provisional(view: View) -> str:
    if view.reading.chart is None or not view.window:
        return ""
    _index, weak = _phase_index(view.reading)
    if not weak[view.window[-1]]:
        return ""
    points = view.reading.chart.phases[-1].points
    return ngettext(
        "The limits are provisional: they rest on %(count)s period and become firm at 20.",
        "The limits are provisional: they rest on %(count)s periods and become firm at 20.",
        points,
    ) % {"count": points}


def missing(view: View) -> str:
    """Not enough data is a result; what is missing is part of it."""
    reading = view.reading
    if not len(reading.series):
        where = _("%(unit)s has no data for this indicator.") % {"unit": view.unit.name}
        return where + " " + _("Load a file that names this unit, or choose another one.")
    if not view.window:
        return _("There are no periods between these dates.")
    if reading.chart is None:
        known = int(sum(math.isfinite(v) for v in reading.series.values))
        return ngettext(
            "There is data for %(count)s period only. A chart needs at least two to draw limits, and twenty for firm ones.",
            "There is data for %(count)s periods only. A chart needs at least two to draw limits, and twenty for firm ones.",
            known,
        ) % {"count": known}
    return ""


def table(view: View) -> tuple[TableRow, ...]:
    reading, unit = view.reading, view.indicator.measured_in
    kinds = _kinds(reading)
    rows = []
    for i in reversed(view.window):
        value = _shown(reading, i)
        low, high = _known(reading.lower[i]), _known(reading.upper[i])
        rows.append(
            TableRow(
                period=when(reading.series.periods[i], view.indicator.period),
                value=figure(value, unit),
                n=number_format(cases(reading, i)),
                expected=f"{figure(low)}–{figure(high, unit)}"
                if low is not None and high is not None
                else "–",
                signal=_why_unfinished(view, i)
                if i in reading.series.so_far
                else " · ".join(_reasons_at(reading, i)),
                tone=KIND_TONES.get(kinds.get(i, ""), Tone.NEUTRAL),
            )
        )
    return tuple(rows)


def _from_how_many(view: View) -> str:
    reading, period = view.reading, view.indicator.period
    known = sum(math.isfinite(reading.series.values[i]) for i in view.window)
    periods = reading.series.periods
    values = {
        "count": number_format(int(sum(reading.series.n[i] for i in view.window))),
        "periods": counted_periods(known, period),
        "first": when(periods[view.window[0]], period),
        "last": when(periods[view.window[-1]], period),
    }
    if view.indicator.measure in ADDED_UP:
        return _("From %(count)s rows in %(periods)s, %(first)s to %(last)s.") % values
    return _("n = %(count)s cases in %(periods)s, %(first)s to %(last)s.") % values


def _approximate(view: View) -> list[str]:
    """Said of percentiles whose cases were too many to keep one by one."""
    series = view.reading.series
    if not any(series.periods[i] in series.approximate for i in view.window):
        return []
    return [_("The percentile of a period with many different values is known within 1 %%.") % {}]


def _why_unfinished(view: View, i: int) -> str:
    """Why a period is drawn but not judged."""
    start = view.reading.series.periods[i]
    step = engine.Period(view.indicator.period)
    if engine.next_start(start, step) > timezone.localdate():
        return _("so far; it is not over yet, so it is not judged")
    coverage = view.covered
    if coverage is not None and engine.period_start(coverage.last, step) == start:
        return _("only until %(day)s, where the data end, so it is not judged") % {
            "day": when(coverage.last, "day")
        }
    first = coverage.first if coverage is not None else start
    return _("only from %(day)s, where the data begin, so it is not judged") % {"day": when(first, "day")}


def _unfinished(view: View) -> list[str]:
    """The periods that are drawn apart from the others."""
    lines = []
    for i in view.window:
        if i in view.reading.series.so_far:
            values = {
                "when": _capital(when(view.reading.series.periods[i], view.indicator.period)),
                "value": figure(view.reading.series.so_far[i].value, view.indicator.measured_in),
                "why": _why_unfinished(view, i),
            }
            lines.append(_("%(when)s: %(value)s %(why)s.") % values)
    return lines


def _since_when(view: View) -> str:
    chart = view.reading.chart
    assert chart is not None
    phase = next((p for p in chart.phases if p.start <= view.window[-1] < p.stop), chart.phases[-1])
    since = when(view.reading.series.periods[phase.start], view.indicator.period)
    values = {"since": since, "points": number_format(phase.points)}
    if phase.frozen:
        return (
            _("The dashed limits hold since %(since)s, set by a person and learned from %(points)s periods.")
            % values
        )
    return _("The dashed limits hold since %(since)s, learned from %(points)s periods.") % values


def _skewed(reading: Reading) -> str:
    """Where three sigma below the centre would be less than nothing, the values cannot be symmetric around it."""
    chart = reading.chart
    if chart is None or reading.kind not in {"i", "xbar_s"} or chart.bounds[0] != 0:
        return ""
    known = np.isfinite(chart.lower)
    if not known.any() or (chart.lower[known] > 0).any():
        return ""
    return _(
        "Values cannot fall below 0, so the lower limit stands there; values of this kind are skewed, and high ones pass the upper limit more often than the rules intend."
    )


def _autocorrelated(reading: Reading) -> str:
    found = reading.chart.autocorrelation if reading.chart is not None else None
    if found is None or not found.significant:
        return ""
    return _(
        "Neighbouring periods resemble each other (correlation %(r)s), so signals come more easily than the rules intend."
    ) % {"r": number_format(round(found.r, 2), 2)}


def _phases(view: View) -> list[vega.Event]:
    """Where new limits start, named by the reason that the person gave."""
    if not view.window or view.reading.chart is None or len(view.reading.chart.phases) < 2:
        return []
    periods = view.reading.series.periods
    first, last = periods[view.window[0]], periods[view.window[-1]]
    found = Baseline.objects.filter(
        indicator=view.indicator, unit=view.unit, segment=view.segment, state=Baseline.State.IN_FORCE
    ).order_by("starts")
    return [vega.Event(b.starts, b.reason) for b in found if first < b.starts <= last]


def _phase_index(reading: Reading) -> tuple[list[int], list[bool]]:
    """For each period the number of its phase, and whether that phase's limits are provisional."""
    numbers, weak = [0] * len(reading.series), [False] * len(reading.series)
    for number, phase in enumerate(reading.chart.phases if reading.chart is not None else ()):
        for i in range(phase.start, phase.stop):
            numbers[i], weak[i] = number, phase.provisional
    return numbers, weak


def _limit_words(reading: Reading, end: int | None, unit: str) -> dict[str, str]:
    if end is None or reading.chart is None:
        return {}
    known = [i for i in range(end + 1) if math.isfinite(reading.centre[i])]
    if not known:
        return {}
    at = known[-1]
    # Beside the drawing there is room for “%” or “min”, not for “patients”.
    unit = unit if len(unit) <= SHORT_UNIT else ""
    return {
        "upper": figure(_known(reading.upper[at]), unit) if math.isfinite(reading.upper[at]) else "",
        "centre": figure(_known(reading.centre[at]), unit),
        "lower": figure(_known(reading.lower[at]), unit) if math.isfinite(reading.lower[at]) else "",
    }


def _kinds(reading: Reading) -> dict[int, str]:
    """The kind of the signals that each point is part of, concern before the rest."""
    kinds: dict[int, str] = {}
    for signal in reading.signals:
        for member in signal.members:
            if kinds.get(member) != "concern":
                kinds[member] = signal.kind
    return kinds


def _reasons_at(reading: Reading, i: int) -> list[str]:
    found = [reason_names(s.reasons_at(i)) for s in reading.signals if i in s.members]
    return list(dict.fromkeys(text for text in found if text))


def _told(view: View, signal: Found) -> str:
    periods = view.reading.series.periods
    return describe(
        reasons=signal.reasons,
        direction=signal.direction,
        period=periods[signal.last],
        periods=[periods[m] for m in signal.members],
        value=_known(signal.value),
        lower=_known(signal.lower),
        upper=_known(signal.upper),
        centre=_known(signal.centre),
        indicator=view.indicator,
    )


def _badge(signal: Found) -> Badge:
    words = {"improvement": _("Improvement"), "concern": _("Concern"), "change": _("Change")}
    return Badge(words[signal.kind], KIND_TONES[signal.kind])


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


def _known(value: Any) -> float | None:
    number = float(value) if value is not None else math.nan
    return number if math.isfinite(number) else None


def _capital(text: str) -> str:
    # “p′ chart” keeps its letter: it is a name.
    return text if len(text.split(" ")[0]) < 4 else text[:1].upper() + text[1:]
