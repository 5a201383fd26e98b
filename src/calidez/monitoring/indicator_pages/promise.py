"""Is the promise kept: the error budget of a share, and what anything with a target can do as it works now."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from calidez import engine
from calidez.kit.platform.display import Link, Tone
from calidez.kit.platform.spoken import spoken
from calidez.monitoring import vega
from calidez.monitoring.indicator_pages.ability import Ability, Figure, ability, first_promised, span_words
from calidez.monitoring.indicator_pages.address import View
from calidez.monitoring.measuring.findings import when
from calidez.monitoring.measuring.periods import (
    counted_periods,
    in_period,
    per_year,
    same_day,
    since_period,
    year_before,
)
from calidez.monitoring.rules import Promise
from calidez.standards.sentences import target_words
from calidez.stats import budget

PER_CENT = 100.0
WEEK = 7
DAYS_OF_A_YEAR = 365.25
ALMOST_ALL = 0.98  # of a year, beyond which there is nothing to forecast


@dataclass(frozen=True)
class AlertLine:
    text: str
    state: str
    tone: Tone


@dataclass(frozen=True)
class BudgetPart:
    title: str
    span: str
    figures: tuple[Figure, ...]
    used: float  # per cent of the budget, for the bar
    used_words: str
    tone: Tone
    spec: vega.Spec
    chart_title: str
    chart_subtitle: str
    burn_rows: tuple[tuple[str, str], ...]
    alerts: tuple[AlertLine, ...]
    greatest: str
    forecast: str


@dataclass(frozen=True)
class PromisePage:
    target: str
    spans: tuple[Link, ...]
    budget: BudgetPart | None
    no_budget: str
    ability: Ability | None
    missing: str


def promise_page(view: View) -> PromisePage:
    promise = view.promise
    if promise is None:
        return _empty(view, _no_promise(view))
    if view.reading.last is None:
        return _empty(
            view, _("Nothing has been measured here yet, so nobody can say whether the promise is kept.")
        )
    direction = _("at least %(target)s") if promise.at_least else _("at most %(target)s")
    spent, why_not = _budget(view, promise)
    return PromisePage(
        target=direction % {"target": target_words(promise.target, view.indicator.measured_in)},
        spans=_spans(view) if spent else (),
        budget=spent,
        no_budget=why_not,
        ability=ability(view, promise),
        missing="",
    )


def cases_promised(view: View, last: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All cases, bad ones and the share promised until `last`, each period by the promise in force then; without one, nothing counts."""
    series = view.reading.series
    assert series.numerator is not None
    assert view.promised is not None
    newest = view.promised.spoken_of_on(series.periods[last])
    held = view.reading.promises[: last + 1]
    promises = [promise or newest for promise in held]
    promised = np.array([promise is not None for promise in held])
    total = np.where(promised, np.nan_to_num(series.n[: last + 1]), 0.0)
    met = np.where(promised, np.nan_to_num(series.numerator[: last + 1]), 0.0)
    upwards = np.array([promise.at_least for promise in promises])
    bad = np.minimum(np.where(upwards, total - met, met), total)
    return total, bad, np.array([_objective(promise) for promise in promises])


def _objective(promise: Promise) -> float:
    return promise.target / PER_CENT if promise.at_least else 1 - promise.target / PER_CENT


def _empty(view: View, sentence: str) -> PromisePage:
    return PromisePage("", (), None, "", None, sentence)


def _no_promise(view: View) -> str:
    standard = view.indicator.standard
    if standard is None:
        return _(
            "This indicator proves no standard, so there is no promise to keep. It gives context to others."
        )
    return _("“%(standard)s” has no target in force yet.") % {"standard": standard}


def _budget(view: View, promise: Promise) -> tuple[BudgetPart | None, str]:
    if not view.indicator.is_share:
        return None, _(
            "An error budget counts single cases that fail; this indicator is not a share of cases."
        )
    last = view.reading.last
    assert last is not None
    full = next((p for p in (promise, *view.reading.promises) if p and not 0 < p.target < PER_CENT), None)
    if full is not None:
        return None, _("With a target of %(target)s nothing may fail, so there is no margin to spend.") % {
            "target": target_words(full.target, "%")
        }
    total, bad, objectives = cases_promised(view, last)
    start = _start(view, last)
    found = budget.spend(total, bad, objectives, start=start)
    if found.spent_share is None:
        return None, _("There are no cases in this time.")
    length = year_of(view)
    fired = budget.alerts(total, bad, objectives, period=length) if length > 1 else ()
    return (
        BudgetPart(
            title=_budget_title(found.spent_share, over=bool(view.ended)),
            span=span_words(view, start, last),
            figures=_budget_figures(found, over=bool(view.ended)),
            used=min(found.spent_share * PER_CENT, PER_CENT),
            used_words=_used_words(found.spent_share, over=bool(view.ended)),
            tone=Tone.BAD if found.spent_share > 1 else Tone.GOOD,
            forecast=_forecast(view, start, last, (total, bad, objectives)),
            spec=_burn_chart(view, found, start),
            chart_title=_burn_title(view, found),
            chart_subtitle=_(
                "Failures over what is allowed: the share that failed over the share that may fail."
            ),
            burn_rows=_burn_rows(view, found, start),
            alerts=tuple(_alert(view, alert, last) for alert in fired),
            greatest=_greatest(float(objectives[-1]), fired),
        ),
        "",
    )


def year_of(view: View) -> int:
    """How many periods make a year of this service: days on which it is closed are none."""
    length = per_year(view.indicator.period)
    if view.indicator.period != "day":
        return length
    periods = view.reading.series.periods
    if not periods:
        return length
    # Any year would do; the newest is that of the calendar in force.
    return view.reading.series.axis.opening.open_days(
        periods[-1] - dt.timedelta(days=length - 1), periods[-1]
    )


def _start(view: View, last: int) -> int:
    """The first period that counts of the time the budget is for: the last year, or the year since the promise was first made."""
    periods = view.reading.series.periods
    begun = _first_made(view)
    if view.span == "rolling" or begun is None:
        return first_promised(view.reading, year_before(periods, last), last)
    newest = periods[last]
    anniversary = same_day(begun, newest.year)
    if anniversary > newest:
        anniversary = same_day(begun, newest.year - 1)
    first = next((i for i in range(last + 1) if periods[i] >= anniversary), last)
    return first_promised(view.reading, first, last)


def _forecast(view: View, start: int, last: int, cases: tuple[np.ndarray, np.ndarray, np.ndarray]) -> str:
    """What the whole year would allow, where only a part of it has passed: a forecast, and named as one."""
    periods = view.reading.series.periods
    end = engine.next_start(periods[last], engine.Period(view.indicator.period))
    passed = (end - periods[start]).days / DAYS_OF_A_YEAR
    total, bad, objectives = cases
    seen = float(total[start:].sum())
    if passed >= ALMOST_ALL or seen <= 0 or view.ended:
        return ""
    expected = seen / passed
    whole = budget.spend(total, bad, objectives, start=start, expected_total=expected)
    return _(
        "Forecast for the whole year, if cases come as until now: %(allowed)s of %(expected)s may fail; "
        "%(spent)s already have, %(share)s%% of them."
    ) % {
        "allowed": number_format(round(whole.allowed)),
        "expected": number_format(round(expected)),
        "spent": number_format(round(whole.spent)),
        "share": number_format(round((whole.spent_share or 0.0) * PER_CENT)),
    }


def _first_made(view: View) -> dt.date | None:
    return view.promised.promises[0].starts if view.promised is not None else None


def _budget_title(used: float, *, over: bool) -> str:
    """`over`: the figures ended long ago, so nothing has happened “so far”."""
    if used > 1 and over:
        return _("%(times)s times as many cases failed as the promise allowed") % {
            "times": number_format(round(used, 1), 1)
        }
    if over:
        return _("%(share)s%% of the failures that the promise allowed happened") % {
            "share": number_format(round(used * PER_CENT))
        }
    if used > 1:
        return _("%(times)s times as many cases failed as the promise allows") % {
            "times": number_format(round(used, 1), 1)
        }
    return _("%(share)s%% of the failures that the promise allows so far have happened") % {
        "share": number_format(round(used * PER_CENT))
    }


def _used_words(used: float, *, over: bool) -> str:
    words = (
        _("%(share)s%% of the failures allowed") if over else _("%(share)s%% of the failures allowed so far")
    )
    return words % {"share": number_format(round(used * PER_CENT))}


def _budget_figures(found: budget.Budget, *, over: bool) -> tuple[Figure, ...]:
    exceeded = found.spent > found.allowed
    return (
        Figure(
            _("Cases that could fail") if over else _("Cases that could fail so far"),
            number_format(round(found.allowed)),
            _("of %(n)s cases") % {"n": number_format(round(found.total))},
        ),
        Figure(_("Cases that failed"), number_format(round(found.spent))),
        Figure(
            _("Too many") if exceeded else _("Left"),
            number_format(round(abs(found.allowed - found.spent))),
            tone=Tone.BAD if exceeded else Tone.GOOD,
        ),
    )


def _burn_chart(view: View, found: budget.Budget, start: int) -> vega.Spec:
    periods = view.reading.series.periods
    rows = []
    for i, burn in enumerate(found.burn):
        value = float(burn) if math.isfinite(burn) else None
        period = when(periods[start + i], view.indicator.period)
        label = _("%(when)s: %(burn)s times what is allowed") % {
            "when": period,
            "burn": number_format(round(value or 0, 2), 2),
        }
        rows.append((periods[start + i], value, value is not None and value > 1, label))
    return vega.bars(rows, period=view.indicator.period, line=1.0, word=_("allowed"))


def _burn_title(view: View, found: budget.Budget) -> str:
    over = int(np.sum(found.burn > 1))
    total = int(np.isfinite(found.burn).sum())
    return _("More failed than is allowed in %(over)s of %(periods)s") % {
        "over": number_format(over),
        "periods": counted_periods(total, view.indicator.period),
    }


def _burn_rows(view: View, found: budget.Budget, start: int) -> tuple[tuple[str, str], ...]:
    periods = view.reading.series.periods
    return tuple(
        (
            when(periods[start + i], view.indicator.period),
            number_format(round(float(b), 2), 2) if math.isfinite(b) else "–",
        )
        for i, b in enumerate(found.burn)
    )


def _alert(view: View, alert: budget.Alert, last: int) -> AlertLine:
    window = alert.threshold.window
    values = {
        "burn": number_format(round(alert.threshold.burn, 1), 1),
        "periods": counted_periods(window.long, view.indicator.period),
    }
    text = _("more than %(burn)s times what is allowed, over %(periods)s") % values
    if bool(alert.firing[last]):
        begun = next((a for a, b in alert.intervals if a <= last < b), last)
        since = since_period(view.reading.series.periods[begun], view.indicator.period)
        if view.ended:
            said = _("alerted from %(since)s to %(until)s") % {"since": since, "until": view.ended}
            return AlertLine(text, spoken(said), Tone.NEUTRAL)
        return AlertLine(text, _("alerts since %(since)s") % {"since": since}, Tone.CONCERN)
    if alert.intervals:
        ended = in_period(view.reading.series.periods[alert.intervals[-1][1] - 1], view.indicator.period)
        return AlertLine(text, _("last %(when)s") % {"when": ended}, Tone.NEUTRAL)
    return AlertLine(text, _("never") if view.ended else _("never so far"), Tone.GOOD)


def _greatest(objective: float, fired: tuple[budget.Alert, ...]) -> str:
    values = {
        "target": target_words(round(objective * PER_CENT, 6), "%"),
        "burn": target_words(round(budget.greatest_burn(objective), 1), ""),
    }
    if any(alert.threshold.capped for alert in fired):
        return (
            _(
                "With %(target)s promised, at most %(burn)s times what is allowed can fail; thresholds that could never be reached are lowered."
            )
            % values
        )
    return (
        _(
            "With %(target)s promised, at most %(burn)s times what is allowed can fail; every alert here can fire."
        )
        % values
    )


def _spans(view: View) -> tuple[Link, ...]:
    year = _("Last twelve months with data") if view.ended else _("Last twelve months")
    links = [Link(year, view.url(span=""), current=view.span == "rolling")]
    if _first_made(view) is not None:
        links.append(Link(_("The promise's year"), view.url(span="year"), current=view.span == "year"))
    return tuple(links)
