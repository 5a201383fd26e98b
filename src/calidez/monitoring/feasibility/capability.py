"""Which of the measured periods say what the service can do as it works now, and what they say of a target."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from calidez.monitoring.measuring.charting import Reading
from calidez.monitoring.measuring.present import Since, as_it_works_now
from calidez.monitoring.measuring.promises import promise_of
from calidez.monitoring.models import Indicator, Standing
from calidez.monitoring.rules import ENOUGH_CASES
from calidez.people.models import Unit
from calidez.standards.models import Standard
from calidez.stats.feasibility import ENOUGH, Feasibility, Verdict, feasibility, reach

LATEST = 60  # older periods say what the service was; five years of months hold every season often enough
# Where few events are good news and not a thin base.
_COUNTED = {Indicator.Measure.COUNT, Indicator.Measure.SUM, Indicator.Measure.RATE}


@dataclass(frozen=True, eq=False)
class Counted:
    """The periods of a reading that count, by their positions, and why the others do not."""

    places: tuple[int, ...]
    values: tuple[float, ...]
    good: float | None  # cases that count towards a share, of `cases`, in these periods
    cases: float | None
    begins: dt.date | None  # the first period that may count, where earlier ones do not
    since: Since  # and why they do not
    thin: int  # periods left out for too few cases
    stable: bool | None
    correlation: float | None  # of neighbouring periods, where it is more than chance


@dataclass(frozen=True)
class Ability:
    """What a standing keeps of it."""

    values: list[float]
    reachable: float | None
    beyond: bool | None


def counted(indicator: Indicator, reading: Reading) -> Counted:
    """Since the service changed for good only: what it could do before is not what it can do now."""
    series, chart = reading.series, reading.chart
    present = as_it_works_now(reading)
    start = present.start
    known = [i for i in range(start, len(series)) if np.isfinite(series.values[i]) and i not in reading.aside]
    if indicator.measure in _COUNTED:
        places = known[-LATEST:]
    else:
        places = [i for i in known if series.n[i] >= ENOUGH_CASES][-LATEST:]
    share = indicator.is_share and series.numerator is not None and series.denominator is not None
    # A change of level makes neighbours alike on either side of it, which says nothing of the periods since.
    found = chart.autocorrelation if chart is not None and present.since is not Since.LEVEL else None
    return Counted(
        places=tuple(places),
        values=tuple(float(series.values[i]) for i in places),
        good=float(np.nansum(series.numerator[places])) if share and series.numerator is not None else None,
        cases=float(np.nansum(series.denominator[places]))
        if share and series.denominator is not None
        else None,
        begins=series.periods[start] if start else None,
        since=present.since,
        thin=0 if indicator.measure in _COUNTED else sum(series.n[i] < ENOUGH_CASES for i in known),
        stable=present.stable,
        correlation=float(found.r) if found is not None and found.significant else None,
    )


def judged(these: Counted, target: float | None, *, at_least: bool) -> Feasibility:
    return feasibility(
        these.values, target, at_least=at_least, good=these.good, cases=these.cases, stable=these.stable
    )


def ability(indicator: Indicator, unit: Unit, reading: Reading) -> Ability:
    """What is kept with the standing, so that comparisons of branches and lists of standards compute nothing."""
    these = counted(indicator, reading)
    at_least = upwards(indicator)
    values = [float(f"{value:.9g}") for value in these.values]
    if at_least is None:
        return Ability(values, None, None)
    reachable = reach(these.values, at_least=at_least).value if len(these.values) >= ENOUGH else None
    newest = reading.series.periods[-1] if len(reading.series) else None
    target = promised_target(indicator, unit, newest) if newest is not None else None
    return Ability(values, reachable, beyond(these, target, at_least=at_least))


def beyond(these: Counted, target: float | None, *, at_least: bool) -> bool | None:
    """Whether a target is more than was shown; not where only single periods miss what all cases together keep."""
    if target is None:
        return None
    found = judged(these, target, at_least=at_least)
    if found.verdict is Verdict.NOT_ENOUGH:
        return None
    kept = found.cases is not None and found.cases.meets is True
    return found.verdict is Verdict.BEYOND and not kept


def upwards(indicator: Indicator) -> bool | None:
    """Whether more is better: the standard says it, else the indicator; None where neither does."""
    if indicator.standard is not None:
        return indicator.standard.direction == Standard.Direction.AT_LEAST
    return {Indicator.Better.UP: True, Indicator.Better.DOWN: False}.get(Indicator.Better(indicator.better))


def target_of(standard: Standard, unit: Unit) -> float | None:
    """The target in a unit as the standard is written now, also before it is in force: then is when one wants to know."""
    local = [(path, target) for path, target in _local_targets(standard) if unit.path.startswith(path)]
    return max(local, key=lambda pair: len(pair[0]))[1] if local else standard.target


def promised_target(indicator: Indicator, unit: Unit, on: dt.date) -> float | None:
    """The target that holds; while a revision is being written it is still that of the version in force."""
    promised = promise_of(indicator, unit)
    if promised is not None:
        return promised.spoken_of_on(on).target
    standard = indicator.standard
    return target_of(standard, unit) if standard is not None and standard.latest_id is None else None


def _local_targets(standard: Standard) -> tuple[tuple[str, float], ...]:
    """Read once per standard, since many units ask."""
    cached: tuple[tuple[str, float], ...] | None = getattr(standard, "_local_targets", None)
    if cached is None:
        cached = tuple(standard.local_targets.values_list("unit__path", "target"))
        standard._local_targets = cached  # type: ignore[attr-defined]
    return cached


def indicators_of(standards: Iterable[Standard]) -> dict[int, list[Indicator]]:
    """The active indicators that prove each standard, in one query."""
    found: dict[int, list[Indicator]] = {}
    active = Indicator.objects.filter(standard__in=list(standards), state=Indicator.State.ACTIVE)
    for indicator in active.select_related("standard__unit", "unit").order_by("code"):
        found.setdefault(indicator.standard_id or 0, []).append(indicator)
    return found


def place_of(indicator: Indicator, standard: Standard) -> Unit:
    """Where an indicator proves a standard as a whole: in the lower of their units, where both hold."""
    below = standard.unit.path.startswith(indicator.unit.path)
    return standard.unit if below else indicator.unit


def standings_of(standards: Sequence[Standard]) -> Mapping[int, list[Standing]]:
    """How the indicators of each standard stand where it belongs, in two queries."""
    proving = indicators_of(standards)
    by_key = {standard.pk: standard for standard in standards}
    wanted = {
        (indicator.pk, place_of(indicator, by_key[key]).pk): key
        for key, indicators in proving.items()
        for indicator in indicators
    }
    rows = Standing.objects.filter(
        indicator__in={indicator for indicator, _unit in wanted},
        unit__in={unit for _indicator, unit in wanted},
    ).defer("trace")
    found: dict[int, list[Standing]] = {}
    for row in rows.select_related("indicator__standard", "unit"):
        key = wanted.get((row.indicator_id, row.unit_id))
        if key is not None:
            found.setdefault(key, []).append(row)
    return found


def of_standing(row: Standing, target: float | None, *, at_least: bool) -> Feasibility:
    """From the kept values; what a page tells of many units at once needs no capability."""
    return feasibility(row.demonstrated, target, at_least=at_least, capability=False)
