"""Figures as sentences: what a signal shows, what a rule means, why a chart was chosen."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from calidez.kit.platform.display import Badge, Change, Tone
from calidez.kit.platform.formats import with_unit
from calidez.kit.platform.spoken import spoken
from calidez.monitoring.measuring.periods import counted_periods, in_period, period_name, since_period
from calidez.monitoring.models import Indicator, Signal

MOST_DECIMALS = 8
NOTHING = 1e-8  # what is smaller is the noise of binary fractions
RULE_NAMES: dict[str, Any] = {
    "beyond_limits": gettext_lazy("A point beyond the limits"),
    "run_of_nine": gettext_lazy("Nine in a row on one side of the centre"),
    "run_of_eight": gettext_lazy("Eight in a row on one side of the centre"),
    "run_of_seven": gettext_lazy("Seven in a row on one side of the centre"),
    "trend_of_six": gettext_lazy("Six in a row rising or falling"),
    "trend_of_seven": gettext_lazy("Seven in a row rising or falling"),
    "alternating": gettext_lazy("Fourteen in a row going up and down"),
    "two_of_three": gettext_lazy("Two of three near the same limit"),
    "two_of_three_one_side": gettext_lazy("Two of three near the same limit"),
    "four_of_five": gettext_lazy("Four of five away from the centre on the same side"),
    "fifteen_within": gettext_lazy("Fifteen in a row close to the centre"),
    "eight_outside": gettext_lazy("Eight in a row away from the centre on both sides"),
    "longest_run": gettext_lazy("A run longer than chance allows"),
    "long_trend": gettext_lazy("Rising or falling from end to end"),
    "new_level": gettext_lazy("A change of level"),
    "ewma": gettext_lazy("The weighted average beyond its limits"),
    "cusum": gettext_lazy("The sum of the deviations beyond its limits"),
    "few_crossings": gettext_lazy("Too few crossings of the centre"),
}

REASONS: dict[str, Any] = {
    "not_enough_data": gettext_lazy("There are too few periods for limits, so only the values are shown."),
    "rare_events": gettext_lazy(
        "Events are rare, fewer than one in a period, so limits are only a rough guide."
    ),
    "proportion_binomial": gettext_lazy(
        "Shares that vary from one period to the next as much as chance alone would make them vary."
    ),
    "proportion_overdispersed": gettext_lazy(
        "Shares of many cases that vary %(sigma_z)s times as much as chance alone explains, so the limits are widened by that much."
    ),
    "rate_poisson": gettext_lazy(
        "Rates that vary from one period to the next as much as chance alone would make them vary."
    ),
    "rate_overdispersed": gettext_lazy(
        "Rates that vary %(sigma_z)s times as much as chance alone explains, so the limits are widened by that much."
    ),
    "count_poisson": gettext_lazy(
        "Counts that vary from one period to the next as much as chance alone would make them vary."
    ),
    "count_overdispersed": gettext_lazy(
        "Counts that vary more than chance alone explains, so the limits come from the change between periods."
    ),
    "means_within_periods": gettext_lazy(
        "Means whose variation is explained by the spread inside each period."
    ),
    "means_between_periods": gettext_lazy(
        "Means that differ between periods more than the spread inside them explains, so the limits come from the change between periods."
    ),
    "single_values": gettext_lazy(
        "One value per period, so the limits come from the change between periods."
    ),
    "percentile_individuals": gettext_lazy(
        "One percentile per period, so the limits come from the change between periods."
    ),
    "ratio_individuals": gettext_lazy(
        "One ratio per period, so the limits come from the change between periods."
    ),
    "nps_individuals": gettext_lazy(
        "One score per period, so the limits come from the change between periods."
    ),
    "held_by_baseline": gettext_lazy(
        "The chart on which the present limits were set; the data by themselves suggest another."
    ),
    "asked_for": gettext_lazy("Somebody chose this chart; the data by themselves suggest another."),
    "asked_for_memory": gettext_lazy(
        "It adds up what is too little to stand out in one period, so it shows small lasting changes sooner and single far points later."
    ),
}


def figure(value: float | None, measured_in: str = "", *, digits: int | None = None) -> str:
    """A number with its unit: “84.2%”, “17 calls”; one decimal where there is something behind it."""
    if value is None or value != value:
        return "–"
    places = digits if digits is not None else _places(value, measured_in)
    # Adding nothing makes a zero of what is written “−0.0”.
    text = _written(round(float(value), places) + 0.0, places, get_language() or "")
    return with_unit(text, measured_in)


def decimals(values: Iterable[float | None], measured_in: str = "") -> int:
    """How many decimals all figures of one chart have: enough to tell them apart, and no more than one needs."""
    known = [float(v) for v in values if v is not None and math.isfinite(v)]
    if not known or all(v.is_integer() for v in known):
        return 0
    largest = max(known, key=abs)
    places = _places(largest, measured_in) if not largest.is_integer() else int(abs(largest) < 1000)
    spread = max(known) - min(known)
    if len(known) > 1 and 1e-9 * abs(largest) < spread < 10.0**-places:
        places += 1
    return min(places, MOST_DECIMALS)


def range_words(low: float | None, high: float | None, measured_in: str, *, digits: int | None = None) -> str:
    """“85.7–91.3%”: both ends with the same decimals."""
    known = [v for v in (low, high) if v is not None and v == v]
    if digits is None and known:
        digits = _places(max(known, key=abs), measured_in)
    return stretch(figure(low, digits=digits), figure(high, measured_in, digits=digits))


def stretch(low: str, high: str) -> str:
    """“85.7–91.3%”; beside a minus the dash stands apart: “−20.1 – −3.4”."""
    apart = "\N{MINUS SIGN}" in low + high
    return f"{low}\N{NO-BREAK SPACE}–\N{NO-BREAK SPACE}{high}" if apart else f"{low}–{high}"


def whole(number: int) -> str:
    """A number of cases with the reader's separators."""
    return _whole(number, get_language() or "")


@lru_cache(maxsize=16384)
def _whole(number: int, language: str) -> str:
    return str(number_format(number))


@lru_cache(maxsize=16384)
def _written(value: float, places: int, language: str) -> str:
    """The same figures come again on every page, and writing one takes longer than all its arithmetic."""
    return number_format(value, places, use_l10n=True, force_grouping=abs(value) >= 10000)


def signal_sentence(signal: Signal) -> str:
    """“Above the upper limit in January 2019: 15.6%, expected 9.8–13.1%”."""
    evidence = signal.evidence
    return describe(
        reasons=evidence.get("reasons") or [signal.rule],
        direction=evidence["direction"],
        period=dt.date.fromisoformat(evidence.get("at") or evidence["last"]),
        periods=[dt.date.fromisoformat(p) for p in evidence["periods"]],
        value=evidence["value"],
        lower=evidence["lower"],
        upper=evidence["upper"],
        centre=evidence["centre"],
        indicator=signal.indicator,
    )


def describe(
    *,
    reasons: Sequence[str],
    direction: int,
    period: dt.date,
    periods: list[dt.date],
    value: float | None,
    lower: float | None,
    upper: float | None,
    centre: float | None,
    indicator: Indicator,
) -> str:
    """What a signal shows, by the plainest of its reasons: `period` is the one whose figures are given."""
    return spoken(_described(reasons[0], direction, period, periods, value, lower, upper, centre, indicator))


def _described(
    rule: str,
    direction: int,
    period: dt.date,
    periods: list[dt.date],
    value: float | None,
    lower: float | None,
    upper: float | None,
    centre: float | None,
    indicator: Indicator,
) -> str:
    unit = indicator.measured_in
    values = {
        "when": in_period(period, indicator.period),
        "since": since_period(periods[0] if periods else period, indicator.period),
        "count": len(periods),
        "value": figure(value, unit),
        "range": range_words(lower, upper, unit),
        "centre": figure(centre, unit),
        "periods": counted_periods(len(periods), indicator.period),
    }
    if rule == "beyond_limits":
        if len(periods) > 1:
            if direction > 0:
                return _("Above the usual since %(since)s; %(value)s %(when)s, expected %(range)s") % values
            return _("Below the usual since %(since)s; %(value)s %(when)s, expected %(range)s") % values
        if _hardly(value, upper if direction > 0 else lower, unit):
            if direction > 0:
                return _("Just above the upper limit %(when)s: %(value)s, expected %(range)s") % values
            return _("Just below the lower limit %(when)s: %(value)s, expected %(range)s") % values
        if direction > 0:
            return _("Above the upper limit %(when)s: %(value)s, expected %(range)s") % values
        return _("Below the lower limit %(when)s: %(value)s, expected %(range)s") % values
    if rule in {"run_of_seven", "run_of_eight", "run_of_nine", "longest_run"}:
        if direction > 0:
            return (
                _("Above the usual %(centre)s since %(since)s, %(periods)s in a row; %(value)s %(when)s")
                % values
            )
        return (
            _("Below the usual %(centre)s since %(since)s, %(periods)s in a row; %(value)s %(when)s") % values
        )
    if rule == "new_level":
        return (
            _("Level changed about %(since)s: %(value)s on average from there on, %(centre)s before") % values
        )
    if rule in {"ewma", "cusum"} and len(periods) == 1:
        if direction > 0:
            return _("So far above the usual %(centre)s %(when)s that it moves the chart: %(value)s") % values
        return _("So far below the usual %(centre)s %(when)s that it moves the chart: %(value)s") % values
    if rule in {"ewma", "cusum"}:
        if direction > 0:
            return (
                _("Lastingly above the usual %(centre)s since about %(since)s: %(value)s on average") % values
            )
        return _("Lastingly below the usual %(centre)s since about %(since)s: %(value)s on average") % values
    if rule in {"trend_of_six", "trend_of_seven", "long_trend"}:
        if direction > 0:
            return _("Rising since %(since)s, up to %(value)s %(when)s") % values
        return _("Falling since %(since)s, down to %(value)s %(when)s") % values
    if rule in {"two_of_three", "two_of_three_one_side", "four_of_five"}:
        if direction > 0:
            return _("Near the upper limit since %(since)s: %(value)s %(when)s; usual is %(centre)s") % values
        return _("Near the lower limit since %(since)s: %(value)s %(when)s; usual is %(centre)s") % values
    return _("%(rule)s: %(value)s %(when)s") % {**values, "rule": RULE_NAMES.get(rule, rule)}


def begun(signal: Signal) -> dt.date:
    """The first day of what a signal is about, which its sentence names; its rule was met only some periods later."""
    periods = signal.evidence.get("periods") or [signal.period_start.isoformat()]
    return dt.date.fromisoformat(periods[0])


def signal_title(signal: Signal) -> str:
    """What it is called on its page, by the period in which its rule was met."""
    when = period_name(signal.period_start, signal.indicator.period)
    return f"{signal.indicator} · {signal.unit} · {when}"


def rule_name(signal: Signal) -> str:
    return reason_names(signal.evidence.get("reasons") or [signal.rule])


def reason_names(reasons: Iterable[str]) -> str:
    """The rules by which a signal was found, the plainest first."""
    return " · ".join(dict.fromkeys(str(RULE_NAMES.get(rule, rule)) for rule in reasons))


def signal_badge(signal: Signal) -> Badge:
    tone = {
        Signal.Kind.IMPROVEMENT: Tone.GOOD,
        Signal.Kind.CONCERN: Tone.CONCERN,
        Signal.Kind.CHANGE: Tone.NEUTRAL,
    }
    return Badge(signal.get_kind_display(), tone[Signal.Kind(signal.kind)])


def past_words(signal: Signal) -> str:
    """Why a signal that somebody acknowledged no longer stands."""
    begun = signal.evidence.get("part_of")
    if begun is None:
        return _("The data no longer show it.")
    when = since_period(dt.date.fromisoformat(begun), signal.indicator.period)
    return spoken(_("It turned out to be part of the signal of %(when)s.") % {"when": when})


def evidence_changes(before: Any, after: Any) -> list[Change]:
    """What the history says of a signal that new data made longer or shorter."""
    was, became = (len((evidence or {}).get("periods", ())) for evidence in (before, after))
    return [] if was == became else [Change(_("periods"), number_format(was), number_format(became))]


def reason(code: str, figures: Any) -> str:
    """Why this chart, in one sentence with its figures."""
    words = {name: number_format(*_told_apart_from_one(value)) for name, value in (figures or {}).items()}
    try:
        return str(REASONS[code]) % words
    except KeyError:
        return str(REASONS.get(code, ""))


def _hardly(value: float | None, limit: float | None, unit: str) -> bool:
    """Whether a value beyond a limit is written like the limit."""
    if value is None or limit is None:
        return False
    places = max(_places(value, unit), _places(limit, unit))
    return round(value, places) == round(limit, places)


def _places(value: float, unit: str = "") -> int:
    """Decimals that tell something: one as a rule, none of large numbers and of whole ones, more of very small ones."""
    size = abs(value)
    if size >= 1000 or size < NOTHING:
        return 0
    # The first digit that is not nought is always written: “0.0004%”, never “0.000%”.
    first = -math.floor(math.log10(size))
    if unit == "%":
        return 1 if size >= 0.05 else min(max(3, first), MOST_DECIMALS)
    if float(value).is_integer():
        return 0
    return 1 if size >= 1 else min(max(3, first), MOST_DECIMALS)


def _told_apart_from_one(value: float) -> tuple[float, int]:
    """A figure with one decimal; with two where one would say that it is one time as much as chance explains."""
    digits = 2 if value != 1 and round(value, 1) == 1 else 1
    return round(value, digits), digits
