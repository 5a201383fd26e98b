"""What stands under a control chart: from how many, which chart and why, and what its rules cost."""

from __future__ import annotations

import math

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez import engine
from calidez.kit.platform.spoken import spoken
from calidez.monitoring.chart_names import CHART_NAMES
from calidez.monitoring.defining.words import cases_of, rows_of, sentence_of
from calidez.monitoring.indicator_pages import opening, season
from calidez.monitoring.indicator_pages.address import View
from calidez.monitoring.indicator_pages.points import ADDED_UP, phase_index, why_unfinished
from calidez.monitoring.measuring.charting import Reading
from calidez.monitoring.measuring.findings import cycle_words, when
from calidez.monitoring.measuring.periods import counted_periods, since_period
from calidez.monitoring.measuring.price import at_its_floor, price_of, resembling, skewed
from calidez.monitoring.measuring.series import COUNTED_UP
from calidez.monitoring.models import Indicator
from calidez.monitoring.selectors import coverage_of
from calidez.monitoring.sentences import figure, reason
from calidez.stats import charts

MOST_SILENCES = 3  # told, the newest


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
    lines = [
        *_defined(view),
        _from_how_many(view),
        *_unfinished(view),
        *_silences(view),
        *_complete(view),
        *_set_aside(view),
        *opening.caption(view),
        *_explained(view),
        *_approximate(view),
    ]
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
        if reading.constant:
            lines.append(
                _("Every period is the same, so the limits have no width and any change will stand out.")
            )
        else:
            said = (_skewed(reading), _autocorrelated(reading), false_alarms(view))
            lines += [text for text in said if text]
    return tuple(lines)


def false_alarms(view: View) -> str:
    """What the chosen rules cost, in words: for limits learned from as many periods as these were.

    Silent where the caption says why signals come more often than that.
    """
    chart = view.reading.chart
    if chart is not None and chart.kind in charts.MEMORY:
        length = charts.CUSUM_RUN_LENGTH if chart.below is not None else charts.EWMA_RUN_LENGTH
        return _(
            "If nothing changes, this chart raises a false alarm about every %(stretch)s once its limits are known; with limits from few periods, more often."
        ) % {"stretch": counted_periods(round(length / 10) * 10, view.indicator.period)}
    price = price_of(view.reading, view.preset or view.indicator.preset)
    if price is None:
        return ""
    values = {
        "share": number_format(round(price.within_24 * 100)),
        "stretch": counted_periods(24, view.indicator.period),
        "learned": counted_periods(price.points, view.indicator.period),
    }
    if not price.points:
        return (
            _(
                "If nothing changes, these rules raise a false alarm in about %(share)s%% of stretches of %(stretch)s."
            )
            % values
        )
    return (
        _(
            "If nothing changes, these rules raise a false alarm in about %(share)s%% of stretches of %(stretch)s, with limits learned from %(learned)s."
        )
        % values
    )


def provisional(view: View) -> str:
    if view.reading.chart is None or not view.window:
        return ""
    _index, weak = phase_index(view.reading)
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


def _defined(view: View) -> list[str]:
    """The definition that holds, as a sentence."""
    if view.old or not view.indicator.dataset.schema:
        return []
    return [sentence_of(view.indicator, engine.Schema.from_json(view.indicator.dataset.schema)) + "."]


def _from_how_many(view: View) -> str:
    reading, period = view.reading, view.indicator.period
    whole = [i for i in view.window if math.isfinite(reading.series.values[i])] or list(view.window)
    periods = reading.series.periods
    values = {
        "count": number_format(int(sum(reading.series.n[i] for i in view.window))),
        "periods": counted_periods(sum(math.isfinite(reading.series.values[i]) for i in whole), period),
        "first": since_period(periods[whole[0]], period),
        "last": since_period(periods[whole[-1]], period),
    }
    if view.indicator.measure in ADDED_UP:
        values["rows"] = rows_of(view.indicator.dataset)
        return spoken(_("From %(count)s %(rows)s in %(periods)s, %(first)s to %(last)s.") % values)
    values["rows"] = cases_of(view.indicator)
    return spoken(_("n = %(count)s %(rows)s in %(periods)s, %(first)s to %(last)s.") % values)


def _approximate(view: View) -> list[str]:
    """Said of percentiles whose cases were too many to keep one by one."""
    series = view.reading.series
    if not any(series.periods[i] in series.approximate for i in view.window):
        return []
    return [_("The percentile of a period with many different values is known within 1%%.") % {}]


def _complete(view: View) -> list[str]:
    """Said where the last periods are known by somebody's word and not by rows."""
    coverage = coverage_of(view.indicator.dataset)
    if (
        coverage is None
        or coverage.last == coverage.last_row
        or view.indicator.measure not in {Indicator.Measure.COUNT, Indicator.Measure.SUM}
    ):
        return []
    values = {"row": since_period(coverage.last_row, "day"), "until": since_period(coverage.last, "day")}
    return [
        spoken(
            _("The last row is of %(row)s; the record is complete until %(until)s, as was written down.")
            % values
        )
    ]


def _unfinished(view: View) -> list[str]:
    """The periods that are drawn apart from the others."""
    lines = []
    for i in view.window:
        if i in view.reading.series.so_far:
            values = {
                "when": _capital(when(view.reading.series.periods[i], view.indicator.period)),
                "value": figure(view.reading.series.so_far[i].value, view.indicator.measured_in),
                "why": why_unfinished(view, i),
            }
            lines.append(_("%(when)s: %(value)s %(why)s.") % values)
    return lines


def _silences(view: View) -> list[str]:
    """Where rows are missing, so that nobody takes the gap for days on which nothing happened."""
    axis = view.reading.series.axis
    if view.indicator.measure not in COUNTED_UP:
        return []
    return [
        spoken(
            _(
                "There are no rows from %(first)s to %(last)s, which chance would hardly do: load what is missing, or write down that the service was closed."
            )
            % {"first": when(first, "day"), "last": when(last, "day")}
        )
        for first, last in axis.silences[-MOST_SILENCES:]
    ]


def _set_aside(view: View) -> list[str]:
    """The periods shown that limits leave out, together where one reason stands behind them."""
    reading, period = view.reading, view.indicator.period
    by_reason: dict[str, list[int]] = {}
    for i, why in reading.aside.items():
        if i in view.window:
            by_reason.setdefault(why, []).append(i)
    lines = []
    for why, places in by_reason.items():
        first, last = (when(reading.series.periods[i], period) for i in (places[0], places[-1]))
        values = {"reason": why.rstrip("."), "when": first if len(places) == 1 else f"{first} – {last}"}
        lines.append(_("Left out of the limits, crossed in the drawing: %(when)s. %(reason)s.") % values)
    return lines


def _explained(view: View) -> list[str]:
    """Points outside that raise no signal would look like a mistake."""
    pattern = view.reading.pattern
    if pattern is None or not pattern.explained:
        return []
    if pattern.offer is not None:
        why = _("%(cycle)s explains them") % {"cycle": cycle_words(pattern.offer.adjust)}
    elif pattern.kind is charts.PatternKind.LEVEL:
        why = _("The change of its level explains them")
    else:
        why = _("Its level changes again and again, which is said once")
    return [
        ngettext(
            "%(count)s period out of the ordinary is not told by itself. %(why)s.",
            "%(count)s periods out of the ordinary are not told one by one. %(why)s.",
            pattern.explained,
        )
        % {"count": pattern.explained, "why": why[:1].upper() + why[1:]}
    ]


def _since_when(view: View) -> str:
    chart = view.reading.chart
    assert chart is not None
    phase = next((p for p in chart.phases if p.start <= view.window[-1] < p.stop), chart.phases[-1])
    values = view.reading.series.values
    start = next((i for i in range(phase.start, phase.stop) if math.isfinite(values[i])), phase.start)
    told = {
        "since": since_period(view.reading.series.periods[start], view.indicator.period),
        "points": counted_periods(phase.points, view.indicator.period),
    }
    if phase.frozen:
        return (
            _("The dashed limits hold since %(since)s, set by a person and learned from %(points)s.") % told
        )
    return _("The dashed limits hold since %(since)s, learned from %(points)s.") % told


def _skewed(reading: Reading) -> str:
    if at_its_floor(reading):
        return _(
            "Values cannot fall below 0, so the lower limit stands there; values of this kind are skewed, and high ones pass the upper limit more often than the rules intend."
        )
    return {
        1: _(
            "High values lie further from the usual than low ones, so they pass the upper limit more often than the rules intend."
        ),
        -1: _(
            "Low values lie further from the usual than high ones, so they pass the lower limit more often than the rules intend."
        ),
    }.get(skewed(reading), "")


def _autocorrelated(reading: Reading) -> str:
    r = resembling(reading)
    # A season, a trend or changes of level make neighbours alike, and are said already.
    if r is None or reading.pattern is not None or (len(reading.signals) > 0 and reading.seasons):
        return ""
    return _(
        "Neighbouring periods resemble each other (correlation %(r)s), so signals come more easily than the rules intend."
    ) % {"r": figure(r, digits=2)}


def _capital(text: str) -> str:
    # “p′ chart” keeps its letter: it is a name.
    return text if len(text.split(" ")[0]) < 4 else text[:1].upper() + text[1:]
