"""Is the promise kept: the error budget of a share, and the capability of anything with a target."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.kit.platform.display import Link, Tone
from calidez.monitoring import vega
from calidez.monitoring.indicator_pages.address import View
from calidez.monitoring.measuring.findings import meets, when
from calidez.monitoring.measuring.periods import per_year
from calidez.monitoring.rules import Promise
from calidez.monitoring.sentences import figure
from calidez.standards.sentences import target_words
from calidez.stats import budget, capability

PER_CENT = 100.0


@dataclass(frozen=True)
class Figure:
    """One number with its unit, from how many, and its tone."""

    label: str
    value: str
    note: str = ""
    tone: Tone | str = ""


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


@dataclass(frozen=True)
class PromisePage:
    target: str
    spans: tuple[Link, ...]
    budget: BudgetPart | None
    no_budget: str
    capability_title: str
    capability: tuple[Figure, ...]
    capability_words: tuple[str, ...]
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
    title, figures, words = _capability(view, promise)
    return PromisePage(
        target=direction % {"target": target_words(promise.target, view.indicator.measured_in)},
        spans=_spans(view) if spent else (),
        budget=spent,
        no_budget=why_not,
        capability_title=title,
        capability=figures,
        capability_words=words,
        missing="",
    )


def cases_of(view: View, promise: Promise) -> tuple[np.ndarray, np.ndarray, float]:
    """Cases and bad cases of every period, and the objective as the share of good ones, all under one promise."""
    series = view.reading.series
    assert series.numerator is not None
    total = np.nan_to_num(series.n)
    met = np.nan_to_num(series.numerator)
    bad = total - met if promise.at_least else met
    return total, np.minimum(bad, total), _objective(promise)


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
    return PromisePage("", (), None, "", "", (), (), sentence)


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
    length = per_year(view.indicator.period)
    total, bad, objectives = cases_promised(view, last)
    start = _start(view, last, length)
    found = budget.spend(total, bad, objectives, periods=max(length, last + 1 - start), start=start)
    if found.spent_share is None or found.remaining_share is None:
        return None, _("There are no cases in this time.")
    fired = budget.alerts(total, bad, objectives, period=length) if length > 1 else ()
    tone = Tone.BAD if found.spent_share > 1 else Tone.CONCERN if _too_fast(found) else Tone.GOOD
    return (
        BudgetPart(
            title=_budget_title(found),
            span=_span_words(view, start, last),
            figures=_budget_figures(found),
            used=min(found.spent_share * PER_CENT, PER_CENT),
            used_words=_("%(share)s %% of the margin is spent")
            % {"share": number_format(round(found.spent_share * PER_CENT))},
            tone=tone,
            spec=_burn_chart(view, found, start),
            chart_title=_burn_title(found),
            chart_subtitle=_("Burn of each period: the share that failed over the share that may fail."),
            burn_rows=_burn_rows(view, found, start),
            alerts=tuple(_alert(view, alert, last) for alert in fired),
            greatest=_greatest(float(objectives[-1]), fired),
        ),
        "",
    )


def _start(view: View, last: int, length: int) -> int:
    """The first period of the time the budget is for: the last year, or the year since the promise was first made."""
    begun = _first_made(view)
    if view.span == "rolling" or begun is None:
        return max(0, last + 1 - length)
    newest = view.reading.series.periods[last]
    anniversary = _on_year(begun, newest.year)
    if anniversary > newest:
        anniversary = _on_year(begun, newest.year - 1)
    periods = view.reading.series.periods
    return next((i for i in range(last + 1) if periods[i] >= anniversary), last)


def _first_made(view: View) -> dt.date | None:
    return view.promised.promises[0].starts if view.promised is not None else None


def _on_year(day: dt.date, year: int) -> dt.date:
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return day.replace(year=year, day=28)


def _too_fast(found: budget.Budget) -> bool:
    return found.projected_share is not None and found.projected_share > 1


def _budget_title(found: budget.Budget) -> str:
    assert found.spent_share is not None
    assert found.remaining_share is not None
    if found.spent_share > 1:
        return _("The margin is spent %(times)s times over") % {
            "times": number_format(round(found.spent_share, 1), 1)
        }
    left = {"share": number_format(round(found.remaining_share * PER_CENT))}
    if _too_fast(found):
        return _("%(share)s %% of the margin is left, but it goes too fast") % left
    return _("%(share)s %% of the margin is left") % left


def _budget_figures(found: budget.Budget) -> tuple[Figure, ...]:
    assert found.remaining_share is not None
    over = found.spent > found.allowed
    left = abs(found.allowed - found.spent)
    return (
        Figure(
            _("Cases that may fail"),
            number_format(round(found.allowed)),
            _("of %(n)s cases") % {"n": number_format(round(found.total))},
        ),
        Figure(_("Cases that failed"), number_format(round(found.spent))),
        Figure(
            _("Too many") if over else _("Left"),
            number_format(round(left)),
            tone=Tone.BAD if over else Tone.GOOD,
        ),
        Figure(
            _("Average burn"),
            number_format(round(found.average_burn or 0.0, 1), 1),
            _("1 spends the margin exactly by the end"),
        ),
    )


def _span_words(view: View, start: int, last: int) -> str:
    periods = view.reading.series.periods
    return _("%(first)s to %(last)s") % {
        "first": when(periods[start], view.indicator.period),
        "last": when(periods[last], view.indicator.period),
    }


def _burn_chart(view: View, found: budget.Budget, start: int) -> vega.Spec:
    periods = view.reading.series.periods
    rows = []
    for i, burn in enumerate(found.burn):
        value = float(burn) if math.isfinite(burn) else None
        period = when(periods[start + i], view.indicator.period)
        label = _("%(when)s: burn %(burn)s") % {
            "when": period,
            "burn": number_format(round(value or 0, 2), 2),
        }
        rows.append((periods[start + i], value, value is not None and value > 1, label))
    return vega.bars(rows, period=view.indicator.period, line=1.0, word=_("allowed"))


def _burn_title(found: budget.Budget) -> str:
    over = int(np.sum(found.burn > 1))
    total = int(np.isfinite(found.burn).sum())
    return _("The margin burned faster than allowed in %(over)s of %(total)s periods") % {
        "over": over,
        "total": total,
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
        "periods": number_format(window.long),
    }
    text = (
        ngettext(
            "burn above %(burn)s over %(periods)s period",
            "burn above %(burn)s over %(periods)s periods",
            window.long,
        )
        % values
    )
    if bool(alert.firing[last]):
        begun = next((a for a, b in alert.intervals if a <= last < b), last)
        since = when(view.reading.series.periods[begun], view.indicator.period)
        return AlertLine(text, _("alerts since %(since)s") % {"since": since}, Tone.CONCERN)
    if alert.intervals:
        ended = when(view.reading.series.periods[alert.intervals[-1][1] - 1], view.indicator.period)
        return AlertLine(text, _("last in %(when)s") % {"when": ended}, Tone.NEUTRAL)
    return AlertLine(text, _("never so far"), Tone.GOOD)


def _greatest(objective: float, fired: tuple[budget.Alert, ...]) -> str:
    values = {
        "target": target_words(round(objective * PER_CENT, 6), "%"),
        "burn": target_words(round(budget.greatest_burn(objective), 1), ""),
    }
    if any(alert.threshold.capped for alert in fired):
        return (
            _(
                "With %(target)s promised, the greatest possible burn is %(burn)s; thresholds that could never be reached are lowered."
            )
            % values
        )
    return (
        _("With %(target)s promised, the greatest possible burn is %(burn)s; every alert here can fire.")
        % values
    )


def _spans(view: View) -> tuple[Link, ...]:
    links = [Link(_("Last twelve months"), view.url(span=""), current=view.span == "rolling")]
    if _first_made(view) is not None:
        links.append(Link(_("The promise's year"), view.url(span="year"), current=view.span == "year"))
    return tuple(links)


def _capability(view: View, promise: Promise) -> tuple[str, tuple[Figure, ...], tuple[str, ...]]:
    """What can be expected of the service as it works now: over the latest year, cases and periods."""
    last = view.reading.last
    assert last is not None
    start = max(0, last + 1 - per_year(view.indicator.period))
    chosen = range(start, last + 1)
    stable = view.reading.variation == "common_cause"
    figures: list[Figure] = []
    words: list[str] = []
    title = _("What the service can do as it works now")
    if view.indicator.is_share:
        total, bad, objective = cases_of(view, promise)
        n, failed = (
            float(total[start : last + 1].sum()),
            float(bad[start : last + 1].sum()),
        )
        if n >= 1:
            found = capability.proportion(failed, n, allowed=max(0.0, 1 - objective), stable=stable)
            title = _share_title(found.meets)
            figures.append(
                Figure(
                    _("Cases that kept the promise"),
                    figure((1 - found.share) * PER_CENT, "%"),
                    _("of %(n)s; 95 %% sure: %(low)s–%(high)s")
                    % {
                        "n": number_format(int(n)),
                        "low": figure((1 - found.interval.upper) * PER_CENT, digits=2),
                        "high": figure((1 - found.interval.lower) * PER_CENT, "%", digits=2),
                    },
                )
            )
    else:
        figures += _index(view, promise, chosen, stable)
    figures.append(_periods_met(view, chosen))
    if not stable:
        words.append(
            _("The service is changing at present, so these figures say what was, not what can be expected.")
        )
    return title, tuple(figures), tuple(words)


def _share_title(met: bool | None) -> str:
    if met is None:
        return _("It is open whether the service can keep the promise as it works now")
    if met:
        return _("The service can keep the promise as it works now")
    return _("The service cannot keep the promise as it works now")


def _periods_met(view: View, chosen: range) -> Figure:
    """Each by the target in force then."""
    reading = view.reading
    values = [
        (float(reading.series.values[i]), promise)
        for i in chosen
        if math.isfinite(reading.series.values[i]) and (promise := reading.promises[i]) is not None
    ]
    kept = sum(meets(value, promise) for value, promise in values)
    note = ""
    if values:
        share = capability.proportion(len(values) - kept, len(values))
        note = _("95 %% sure that it is between %(low)s and %(high)s of all periods") % {
            "low": figure((1 - share.interval.upper) * PER_CENT, digits=0),
            "high": figure((1 - share.interval.lower) * PER_CENT, "%", digits=0),
        }
    value = _("%(kept)s of %(total)s") % {"kept": kept, "total": len(values)}
    return Figure(_("Periods that met the target"), value, note)


def _index(view: View, promise: Promise, chosen: range, stable: bool) -> list[Figure]:
    values = view.reading.series.values[chosen.start : chosen.stop]
    lower, upper = (promise.target, None) if promise.at_least else (None, promise.target)
    try:
        found = capability.capability(values, stable=stable, lower=lower, upper=upper)
    except ValueError:
        return []
    if found.ppk is None:
        unknown = _("no index: the values follow no known shape, and there are too few to do without one")
        return [Figure("Ppk", "–", unknown)]
    interval = found.ppk.interval
    note = _("of the values of the periods; 1 or more leaves room")
    shapes = {
        "lognormal": _("lognormal"),
        "shifted_lognormal": _("lognormal"),
        "weibull": _("Weibull"),
        "gamma": _("gamma"),
    }
    if found.percentiles is not None and found.percentiles.source in shapes:
        note = _("the values are not normal but %(shape)s, and so it is computed; 1 or more leaves room") % {
            "shape": shapes[found.percentiles.source]
        }
    elif found.percentiles is not None:
        note = _("the values are not normal: from their own outermost ones; 1 or more leaves room")
    if interval is not None:
        note = _("95 %% sure: %(low)s–%(high)s; 1 or more leaves room") % {
            "low": number_format(round(interval.lower, 2), 2),
            "high": number_format(round(interval.upper, 2), 2),
        }
    return [Figure("Ppk", number_format(round(found.ppk.value, 2), 2), note)]
