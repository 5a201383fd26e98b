"""What a chart says in one sentence: the title of its page and the line under every small chart."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from calidez.kit.platform.display import Badge, Tone
from calidez.monitoring.measuring.charting import Found, Reading
from calidez.monitoring.measuring.periods import label
from calidez.monitoring.models import Indicator, Standing
from calidez.monitoring.rules import ENOUGH_CASES, Promise, Schedule
from calidez.monitoring.sentences import figure
from calidez.standards.sentences import target_words

TONES = {
    Standing.State.KEPT: Tone.GOOD,
    Standing.State.AT_RISK: Tone.CONCERN,
    Standing.State.BROKEN: Tone.BAD,
    Standing.State.UNKNOWN: Tone.UNKNOWN,
    Standing.State.NO_TARGET: Tone.QUIET,
}


@dataclass(frozen=True)
class Stretch:
    """How long the target has been met, or missed, without a break; `index` is its first period.

    `promise` is the one that the newest period is judged by; `moved`: in earlier periods the target was another one.
    """

    met: bool
    index: int
    periods: int
    always: bool
    promise: Promise
    moved: bool


def finding(reading: Reading, indicator: Indicator, promised: Schedule | None) -> str:
    """The title of a chart: what it shows, since when."""
    last = reading.last
    if last is None:
        return _("%(name)s: nothing has been measured yet") % {"name": indicator.name}
    if promised is not None and (stretch := target_stretch(reading, promised)) is not None:
        return _against_target(reading, indicator, stretch)
    return _without_target(reading, indicator, last)


def target_stretch(reading: Reading, promised: Schedule) -> Stretch | None:
    """The latest unbroken stretch on one side of the target of its time; periods with too few cases do not break it."""
    values, n, periods = reading.series.values, reading.series.n, reading.series.periods
    judged = [
        (i, promise)
        for i in range(len(values))
        if np.isfinite(values[i])
        and n[i] >= ENOUGH_CASES
        and (promise := promised.on(periods[i])) is not None
    ]
    if not judged or judged[-1][0] != reading.last:
        return None
    met = [meets(float(values[i]), promise) for i, promise in judged]
    first = len(met) - 1
    while first > 0 and met[first - 1] == met[-1]:
        first -= 1
    targets = {(promise.target, promise.at_least) for _i, promise in judged[first:]}
    return Stretch(
        met[-1], judged[first][0], len(met) - first, first == 0, judged[-1][1], moved=len(targets) > 1
    )


def meets(value: float, promise: Promise) -> bool:
    slack = abs(promise.target) * 1e-9  # 0.95 * 100 is a hair less than 95
    return value >= promise.target - slack if promise.at_least else value <= promise.target + slack


def present_signal(reading: Reading) -> Found | None:
    """The signal that the newest period belongs to, concern first."""
    held = [s for s in reading.signals if reading.last in s.members]
    return min(held, key=lambda s: (s.kind != "concern", s.rule != "beyond_limits"), default=None)


def when(day: dt.date, period: str) -> str:
    return label(day, period, get_language() or "en")


def unacceptable_badge(*, short: bool = False) -> Badge:
    text = _("Unacceptable") if short else _("Unacceptable: reaction required")
    return Badge(text, Tone.BAD, icon="alert-triangle")


def standing_badge(standing: Standing, *, short: bool = False) -> Badge:
    """`short` where the reaction is said elsewhere and there is little room."""
    if standing.unacceptable:
        return unacceptable_badge(short=short)
    return Badge(str(standing.get_state_display()), TONES[Standing.State(standing.state)])


def standing_sentence(standing: Standing) -> str:
    """“Broken since July 2018 · 86.6 % in March 2019”, from the stored row alone."""
    indicator = standing.indicator
    if standing.period_start is None or standing.value is None:
        return _("Nothing has been measured yet.")
    values = {
        "value": figure(standing.value, indicator.measured_in),
        "when": when(standing.period_start, indicator.period),
        "since": when(standing.since, indicator.period) if standing.since else "",
        "n": number_format(standing.n),
        "enough": ENOUGH_CASES,
    }
    state = Standing.State(standing.state)
    if state == Standing.State.UNKNOWN:
        if standing.n < ENOUGH_CASES:
            return _("Only %(n)s cases in %(when)s; %(enough)s are needed to judge.") % values
        return _("The last data are of %(when)s.") % values
    if state == Standing.State.NO_TARGET or not standing.since:
        return _("%(value)s in %(when)s") % values
    templates = {
        Standing.State.KEPT: _("Kept since %(since)s; %(value)s in %(when)s"),
        Standing.State.AT_RISK: _("At risk since %(since)s; %(value)s in %(when)s"),
        Standing.State.BROKEN: _("Broken since %(since)s; %(value)s in %(when)s"),
    }
    return templates[state] % values


def standing_note(standing: Standing) -> str:
    """What stands under a small chart whose value is written beside it."""
    period = standing.indicator.period
    state = Standing.State(standing.state)
    if state == Standing.State.UNKNOWN or standing.period_start is None:
        return standing_sentence(standing)
    values = {
        "when": when(standing.period_start, period),
        "since": when(standing.since, period) if standing.since else "",
    }
    templates = {
        Standing.State.KEPT: _("in %(when)s; kept since %(since)s"),
        Standing.State.AT_RISK: _("in %(when)s; at risk since %(since)s"),
        Standing.State.BROKEN: _("in %(when)s; broken since %(since)s"),
    }
    if standing.since is None:
        return _("in %(when)s") % values
    return templates.get(state, _("in %(when)s")) % values


def _against_target(reading: Reading, indicator: Indicator, stretch: Stretch) -> str:
    signal, promise = present_signal(reading), stretch.promise
    values = {
        "name": indicator.name,
        "target": target_words(promise.target, indicator.measured_in),
        "since": when(reading.series.periods[stretch.index], indicator.period),
    }
    if stretch.met:
        if signal is not None and signal.kind == "concern":
            return _("%(name)s: on the target of %(target)s since %(since)s, but getting worse") % values
        if stretch.moved:
            return _("%(name)s: on the target of its time since %(since)s, now %(target)s") % values
        return _("%(name)s: on the target of %(target)s since %(since)s") % values
    better = signal is not None and signal.kind == "improvement"
    if stretch.moved:
        return _("%(name)s: short of the target of its time since %(since)s, now %(target)s") % values
    if promise.at_least:
        if better:
            return _("%(name)s: below %(target)s since %(since)s, but improving") % values
        if stretch.always and stretch.periods > 1:
            return _("%(name)s: below %(target)s in every period since %(since)s") % values
        return _("%(name)s: below %(target)s since %(since)s") % values
    if better:
        return _("%(name)s: above %(target)s since %(since)s, but improving") % values
    if stretch.always and stretch.periods > 1:
        return _("%(name)s: above %(target)s in every period since %(since)s") % values
    return _("%(name)s: above %(target)s since %(since)s") % values


def _without_target(reading: Reading, indicator: Indicator, last: int) -> str:
    signal = present_signal(reading)
    values = {
        "name": indicator.name,
        "value": figure(float(reading.series.values[last]), indicator.measured_in),
        "when": when(reading.series.periods[last], indicator.period),
        "centre": figure(float(reading.centre[last]), indicator.measured_in),
    }
    if reading.chart is None:
        return _("%(name)s: %(value)s in %(when)s") % values
    if signal is not None and signal.direction:
        values["since"] = when(reading.series.periods[min(signal.members)], indicator.period)
        if signal.direction > 0:
            return _("%(name)s: higher than the usual %(centre)s since %(since)s") % values
        return _("%(name)s: lower than the usual %(centre)s since %(since)s") % values
    return _("%(name)s: ordinary variation around %(centre)s") % values
