"""What a service can do as it works now: of the latest year what came since it changed for good, by cases and by periods."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.kit.platform.display import Tone
from calidez.monitoring.feasibility.sentences import before_it_changed, changing
from calidez.monitoring.indicator_pages.address import View
from calidez.monitoring.measuring.charting import Reading
from calidez.monitoring.measuring.findings import when
from calidez.monitoring.measuring.periods import counted_periods, year_before
from calidez.monitoring.measuring.present import Since, as_it_works_now
from calidez.monitoring.measuring.sides import meets
from calidez.monitoring.rules import ENOUGH_CASES, Promise
from calidez.monitoring.sentences import figure
from calidez.stats import capability
from calidez.stats.feasibility import Feasibility, feasibility

PER_CENT = 100.0
BY_CHANCE = 2.0  # standard deviations of one period that chance alone often brings about


@dataclass(frozen=True)
class Figure:
    """One number with its unit, from how many, and its tone."""

    label: str
    value: str
    note: str = ""
    tone: Tone | str = ""


@dataclass(frozen=True)
class Ability:
    title: str
    span: str
    figures: tuple[Figure, ...]
    words: tuple[str, ...]


def ability(view: View, promise: Promise) -> Ability:
    """What can be expected; of figures that ended long ago, what could be expected then."""
    reading, last = view.reading, view.reading.last
    assert last is not None
    present = as_it_works_now(view.kept)  # what the service can do does not depend on how it is looked at
    begun = year_before(reading.series.periods, last)
    start = first_promised(reading, max(begun, present.start), last)
    places = [
        i
        for i in range(start, last + 1)
        if math.isfinite(reading.series.values[i]) and i not in reading.aside
    ]
    title, figures, words = _title(None, divided=False, known=False, until=view.ended), [], []
    found = _of_cases(view, promise, places, present.stable) if view.indicator.is_share else None
    if found is not None and found.cases is not None:
        title = _title(found.cases.meets, divided=found.divided, known=True, until=view.ended)
        figures.append(_cases(found.cases))
        if found.divided:
            words.append(_otherwise(view, promise, places, found.cases))
    elif not view.indicator.is_share:
        figures += _index(view, promise, places, present.stable)
    figures.append(_periods_met(reading, promise, places))
    if present.since is not Since.BEGINNING and present.start > begun:
        begins = reading.series.periods[present.start]
        words.append(before_it_changed(begins, present.since, view.indicator.period))
    words += _left_out(reading, range(start, last + 1))
    if present.stable is False:
        words.append(changing(view.ended))
    return Ability(title, span_words(view, start, last), tuple(figures), tuple(words))


def first_promised(reading: Reading, start: int, last: int) -> int:
    """The first period from `start` on that something was promised for and that has data; `start` where none is."""
    promised = (
        i
        for i in range(start, last + 1)
        if reading.promises[i] is not None and math.isfinite(reading.series.values[i])
    )
    return next(promised, start)


def span_words(view: View, start: int, last: int) -> str:
    periods = view.reading.series.periods
    return _("%(first)s to %(last)s") % {
        "first": when(periods[start], view.indicator.period),
        "last": when(periods[last], view.indicator.period),
    }


def _of_cases(view: View, promise: Promise, places: Sequence[int], stable: bool | None) -> Feasibility | None:
    """All cases together and each period with enough of them, against the target that is spoken of."""
    series = view.reading.series
    assert series.numerator is not None
    chosen = list(places)
    total = float(np.nan_to_num(series.n[chosen]).sum())
    met = min(float(np.nan_to_num(series.numerator[chosen]).sum()), total)
    if total < 1:
        return None
    return feasibility(
        [float(series.values[i]) for i in places if series.n[i] >= ENOUGH_CASES],
        promise.target,
        at_least=promise.at_least,
        good=met,
        cases=total,
        stable=stable,
        capability=False,
    )


def _title(met: bool | None, *, divided: bool, known: bool, until: str) -> str:
    """`known`: cases were counted; `divided`: single periods tell otherwise than all cases together."""
    if not known:
        if until:
            return _("What the service could do as it worked until %(until)s") % {"until": until}
        return _("What the service can do as it works now")
    if until:
        return _past_title(met, divided) % {"until": until}
    if met is None:
        return _("It is open whether the service can keep the promise as it works now")
    if divided:
        if met:
            return _("Over all cases the service can keep the promise as it works now")
        return _("Over all cases the service cannot keep the promise as it works now")
    if met:
        return _("The service can keep the promise as it works now")
    return _("The service cannot keep the promise as it works now")


def _past_title(met: bool | None, divided: bool) -> str:
    if met is None:
        return _("It was open whether the service could keep the promise as it worked until %(until)s")
    if divided:
        if met:
            return _("Over all cases the service could keep the promise as it worked until %(until)s")
        return _("Over all cases the service could not keep the promise as it worked until %(until)s")
    if met:
        return _("The service could keep the promise as it worked until %(until)s")
    return _("The service could not keep the promise as it worked until %(until)s")


def _cases(found: capability.ProportionCapability) -> Figure:
    return Figure(
        _("Cases that kept the promise"),
        figure((1 - found.share) * PER_CENT, "%"),
        _("of %(n)s; 95%% sure: %(low)s–%(high)s")
        % {
            "n": number_format(found.n),
            "low": figure((1 - found.interval.upper) * PER_CENT, digits=2),
            "high": figure((1 - found.interval.lower) * PER_CENT, "%", digits=2),
        },
    )


def _otherwise(
    view: View, promise: Promise, places: Sequence[int], found: capability.ProportionCapability
) -> str:
    kept, total = _met(view.reading, promise, places)
    each = found.n / total
    values = {
        "kept": number_format(kept),
        "periods": counted_periods(total, view.indicator.period),
        "cases": number_format(round(each)),
    }
    by_chance = BY_CHANCE * math.sqrt(found.share * (1 - found.share) / each)
    if abs(found.share - (found.allowed or 0.0)) < by_chance:
        return (
            _(
                "Period by period it looks otherwise: %(kept)s of %(periods)s met the target. With some %(cases)s cases in each, chance moves single ones to either side."
            )
            % values
        )
    if found.meets:
        return (
            _(
                "Period by period it looks otherwise: %(kept)s of %(periods)s met the target, and those make up for the others."
            )
            % values
        )
    return (
        _(
            "Period by period it looks otherwise: %(kept)s of %(periods)s met the target, but the others weigh more."
        )
        % values
    )


def _left_out(reading: Reading, chosen: range) -> list[str]:
    count = sum(i in chosen for i in reading.aside)
    if not count:
        return []
    words = ngettext(
        "%(count)s period that somebody left out of the limits does not count here: it is no part of how the service works.",
        "%(count)s periods that somebody left out of the limits do not count here: they are no part of how the service works.",
        count,
    )
    return [words % {"count": number_format(count)}]


def _met(reading: Reading, promise: Promise, places: Sequence[int]) -> tuple[int, int]:
    """How many met the target in force then, of how many; before anything was promised, the one that is spoken of."""
    judged = [i for i in places if reading.promises[i] is not None]
    asked = [reading.promises[i] or promise for i in judged or places]
    values = [float(reading.series.values[i]) for i in judged or places]
    return sum(meets(value, one) for value, one in zip(values, asked, strict=True)), len(values)


def _periods_met(reading: Reading, promise: Promise, places: Sequence[int]) -> Figure:
    kept, total = _met(reading, promise, places)
    note = ""
    if total:
        share = capability.proportion(total - kept, total)
        note = _("95%% sure that it is between %(low)s and %(high)s of all periods") % {
            "low": figure((1 - share.interval.upper) * PER_CENT, digits=0),
            "high": figure((1 - share.interval.lower) * PER_CENT, "%", digits=0),
        }
    promised = any(reading.promises[i] is not None for i in places)
    label = _("Periods that met the target") if promised else _("Periods that would have met it")
    return Figure(label, _("%(kept)s of %(total)s") % {"kept": kept, "total": total}, note)


def _index(view: View, promise: Promise, places: Sequence[int], stable: bool | None) -> list[Figure]:
    values = view.reading.series.values[list(places)]
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
        note = _("95%% sure: %(low)s–%(high)s; 1 or more leaves room") % {
            "low": number_format(round(interval.lower, 2), 2),
            "high": number_format(round(interval.upper, 2), 2),
        }
    return [Figure("Ppk", number_format(round(found.ppk.value, 2), 2), note)]
