"""Reads of monitoring: series, readings, standings; everything a page shows starts here."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import BigIntegerField, DateField, FloatField, Q, QuerySet, Value
from django.utils import timezone

from calidez.kit.catalog import catalog
from calidez.monitoring.measuring import series as build
from calidez.monitoring.measuring.axis import Circumstances
from calidez.monitoring.measuring.between import Between, between
from calidez.monitoring.measuring.change import read
from calidez.monitoring.measuring.charting import Reading
from calidez.monitoring.measuring.coverage import Coverage
from calidez.monitoring.measuring.drawing import BY_DATA, FrozenPhase, Options, Series, SetAside
from calidez.monitoring.measuring.promises import promise_of
from calidez.monitoring.measuring.season import Adjust, possible
from calidez.monitoring.models import (
    Annotation,
    Baseline,
    Dataset,
    Exclusion,
    Indicator,
    IndicatorVersion,
    Measurement,
    Standing,
    UnitDays,
)
from calidez.people.models import Unit
from calidez.people.opening_hours import Together
from calidez.people.selectors import opening_known
from calidez.standards.models import Standard
from calidez.stats.charts import FrozenLimits

_STATISTICS = (
    "period_start",
    "n",
    "weight",
    "total",
    "sum_squares",
    "met",
    "unmet",
    "minimum",
    "maximum",
    "histogram",
    "centred",
    "left_out",
)

# As many columns with the days of a unit in them.
_DAYS_ALONE: tuple[Any, ...] = (
    Value(None, DateField()),
    Value(None, BigIntegerField()),
    *(Value(None, FloatField()) for _name in _STATISTICS[2:9]),
    "days",
    Value(None, FloatField()),
    Value(None, BigIntegerField()),
)


def current_version(indicator: Indicator) -> IndicatorVersion | None:
    return indicator.versions.filter(current=True).first()


def version_numbered(indicator: Indicator, number: int | None) -> IndicatorVersion | None:
    """The version asked for, else the current one; for a page, which lists them all anyway."""
    found = versions_of(indicator)
    asked = (version for version in found if version.number == number)
    return next(asked, None) or next((version for version in found if version.current), None)


def versions_of(indicator: Indicator) -> tuple[IndicatorVersion, ...]:
    """All definitions, the newest first; several parts of one page ask, and they are read once."""
    known: tuple[IndicatorVersion, ...] | None = indicator.__dict__.get("_versions")
    if known is None:
        known = indicator.__dict__["_versions"] = tuple(indicator.versions.order_by("-number"))
    return known


def series_of(
    indicator: Indicator,
    unit: Unit,
    *,
    segment: str = "",
    version: IndicatorVersion | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Series:
    """The measured periods of one unit, gaps included."""
    version = version or current_version(indicator)
    if version is None:
        return build.empty()
    rows = Measurement.objects.filter(version=version, unit=unit, segment=segment)
    if since is not None:
        rows = rows.filter(period_start__gte=since)
    if until is not None:
        rows = rows.filter(period_start__lte=until)
    # On which days the unit has rows comes along, in the place of a distribution: one query for a page.
    own = UnitDays.objects.filter(dataset=indicator.dataset_id, unit=unit).order_by()
    read = rows.order_by().values_list(*_STATISTICS).union(own.values_list(*_DAYS_ALONE), all=True)
    found = {row[0]: row for row in read}
    days = found.pop(None, None)
    kept = {} if days is None else {unit.pk: days[_STATISTICS.index("histogram")]}
    in_order = [found[start] for start in sorted(found)]
    return build.from_rows(in_order, indicator, circumstances(indicator, unit, own=kept))


def series_by_unit(
    version: IndicatorVersion, units: Iterable[int] | None = None, *, segment: str = ""
) -> dict[int, Series]:
    """The series of many units in a fixed number of queries; units without a measurement are absent."""
    rows = Measurement.objects.filter(version=version, segment=segment)
    if units is not None:
        rows = rows.filter(unit__in=list(units))
    grouped: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for unit, *row in rows.order_by("unit", "period_start").values_list("unit_id", *_STATISTICS):
        grouped[unit].append(tuple(row))
    latest = max((rows_[-1][0] for rows_ in grouped.values()), default=None)
    places = Unit.objects.in_bulk(list(grouped))
    opening = openings(version.indicator, places.values())
    own = own_days(version.indicator.dataset, places)
    return {
        unit: build.from_rows(
            rows_,
            version.indicator,
            circumstances(version.indicator, places[unit], until=latest, opening=opening, own=own),
        )
        for unit, rows_ in grouped.items()
    }


def circumstances(
    indicator: Indicator,
    unit: Unit,
    *,
    until: dt.date | None = None,
    opening: Mapping[int, Together | None] | None = None,
    own: Mapping[int, Any] | None = None,
) -> Circumstances:
    """What the axis of a series in a unit follows from, besides its own rows; `opening` and `own` where known already."""
    served = openings(indicator, [unit]) if opening is None else opening
    days = own_days(indicator.dataset, [unit.pk]) if own is None else own
    coverage = coverage_of(indicator.dataset)
    return Circumstances(
        today=timezone.localdate(),
        coverage=coverage,
        own=Coverage.from_json(days.get(unit.pk), dated=coverage.stamp if coverage else None),
        # Where nothing is counted any more, nothing may have happened.
        own_end=indicator.measure not in {Indicator.Measure.COUNT, Indicator.Measure.SUM},
        opening=served[unit.pk],
        until=until,
    )


def coverage_of(dataset: Dataset) -> Coverage | None:
    """Of which days the whole dataset knows what happened; None where nothing was measured yet."""
    return Coverage.from_json(dataset.days, complete=dataset.complete_until)


def own_days(dataset: Dataset, units: Iterable[int]) -> dict[int, Any]:
    """By unit the days on which the dataset has rows of it, as kept; those of whom nothing is known are absent."""
    found = UnitDays.objects.filter(dataset=dataset, unit__in=list(units))
    return dict(found.values_list("unit", "days"))


def openings(indicator: Indicator, units: Iterable[Unit]) -> dict[int, Together | None]:
    """By unit when those serve that are measured in it; None where no calendar and no closed day is written down.

    The series of a group follows the units that have figures of this indicator, and not others in the group.
    """
    asked = list(units)
    known = opening_known(asked)
    measured: set[str] = set()
    if any(known.below(unit.path) for unit in asked):
        kept = Standing.objects.filter(indicator=indicator).values_list("unit__path", flat=True)
        measured = {*kept, *(unit.path for unit in asked)}
    return {unit.pk: known.together(unit.path, measured) for unit in asked}


def reading_of(
    indicator: Indicator,
    unit: Unit,
    *,
    segment: str = "",
    version: IndicatorVersion | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
    chart: str = "",
    preset: str = "",
    adjust: str = "",
    without_baselines: bool = False,
) -> Reading:
    """The chart of one unit with its signals and verdicts."""
    series = series_of(indicator, unit, segment=segment, version=version, since=since, until=until)
    frozen, aside = set_by_people(indicator, unit, segment=segment)
    options = options_of(
        indicator,
        unit,
        () if without_baselines else frozen,
        chart=chart,
        preset=preset,
        adjust=adjust,
        set_aside=aside,
    )
    return read(series, options)


def options_of(
    indicator: Indicator,
    unit: Unit,
    baselines: Sequence[FrozenPhase],
    *,
    chart: str = "",
    preset: str = "",
    adjust: str = "",
    set_aside: tuple[SetAside, ...] = (),
) -> Options:
    return Options(
        measure=indicator.measure,
        better=indicator.better,
        preset=preset or indicator.preset,
        chart=chart_asked(indicator, chart),
        promised=promise_of(indicator, unit),
        baselines=tuple(baselines),
        period=indicator.period,
        adjust=_adjusted(indicator, adjust),
        set_aside=set_aside,
    )


def between_of(reading: Reading) -> Between | None:
    """The same figures as stretches from one event to the next."""
    return None if reading.options is None else between(reading.series, reading.options)


def chart_asked(indicator: Indicator, asked: str) -> str:
    """The chart asked for in a view, or else the one kept for the indicator; empty: the data decide."""
    return "" if asked == BY_DATA else asked or indicator.chart


def _adjusted(indicator: Indicator, asked: str) -> Adjust:
    """What was asked for or else chosen for the indicator, as far as its periods have such a season."""
    adjust = Adjust(asked or indicator.adjust)
    return adjust if adjust in possible(indicator.period) else Adjust.NONE


def set_by_people(
    indicator: Indicator, unit: Unit, *, segment: str = ""
) -> tuple[tuple[FrozenPhase, ...], tuple[SetAside, ...]]:
    """The limits that were frozen for one unit, and the periods left out there, oldest first: in one query, for a page."""
    numbers = [Value(0.0, FloatField()), Value(None, FloatField()), Value(1.0, FloatField()), Value(0)]
    frozen = Baseline.objects.filter(
        indicator=indicator, unit=unit, segment=segment, state=Baseline.State.IN_FORCE
    ).values_list(Value(0), "starts", "learned_until", "chart", "centre", "sigma", "sigma_z", "points")
    aside = Exclusion.objects.filter(
        indicator=indicator, unit__path__in=_upwards(unit), state=Exclusion.State.IN_FORCE
    ).values_list(Value(1), "starts", "ends", "reason", *numbers)
    rows = sorted(frozen.order_by().union(aside.order_by(), all=True), key=lambda row: row[:4])
    return (
        tuple(_phase(*row) for kind, *row in rows if kind == 0),
        tuple(SetAside(starts, ends, why) for kind, starts, ends, why, *_numbers in rows if kind == 1),
    )


def _phase(
    starts: dt.date,
    learned_until: dt.date,
    chart: str,
    centre: float,
    sigma: float | None,
    sigma_z: float,
    points: int,
) -> FrozenPhase:
    limits = FrozenLimits(centre, float("nan") if sigma is None else sigma, sigma_z, points)
    return FrozenPhase(starts, learned_until, chart, limits)


def baselines_by_unit(
    indicator: Indicator, units: Iterable[int] | None = None, *, segment: str = ""
) -> dict[int, tuple[FrozenPhase, ...]]:
    found = Baseline.objects.filter(indicator=indicator, segment=segment, state=Baseline.State.IN_FORCE)
    if units is not None:
        found = found.filter(unit__in=list(units))
    grouped: dict[int, list[FrozenPhase]] = defaultdict(list)
    for one in found.order_by("starts"):
        phase = _phase(
            one.starts, one.learned_until, one.chart, one.centre, one.sigma, one.sigma_z, one.points
        )
        grouped[one.unit_id].append(phase)
    return {unit: tuple(phases) for unit, phases in grouped.items()}


def exclusions_of(indicator: Indicator) -> tuple[Exclusion, ...]:
    """The periods that somebody left out of the limits of this indicator, in whatever unit, oldest first."""
    found = Exclusion.objects.filter(indicator=indicator, state=Exclusion.State.IN_FORCE)
    return tuple(found.select_related("unit").order_by("starts", "pk"))


def set_aside_in(unit: Unit, exclusions: Iterable[Exclusion]) -> tuple[SetAside, ...]:
    """Those that hold in a unit: its own and those of the units above it."""
    return tuple(
        SetAside(one.starts, one.ends, one.reason)
        for one in exclusions
        if unit.path.startswith(one.unit.path)
    )


def _upwards(unit: Unit) -> list[str]:
    """The place of a unit and of those above it."""
    parts = unit.path.strip("/").split("/")
    return ["/" + "/".join(parts[:depth]) + "/" for depth in range(1, len(parts) + 1)]


def annotations_for(indicator: Indicator, unit: Unit) -> QuerySet[Annotation]:
    """What happened in the unit or above it: an event of the whole network touches every branch."""
    return (
        Annotation.objects.filter(unit__path__in=_upwards(unit))
        .filter(Q(indicator=None) | Q(indicator=indicator))
        .order_by("on")
    )


def standings(
    units: Iterable[Unit] | QuerySet[Unit], indicators: Iterable[Indicator] | None = None
) -> QuerySet[Standing]:
    """How indicators stand in some units, in a fixed number of queries."""
    found = Standing.objects.filter(unit__in=units, indicator__state=Indicator.State.ACTIVE)
    if indicators is not None:
        found = found.filter(indicator__in=indicators)
    return found.select_related("indicator__standard__latest", "unit").order_by("indicator__code")


def measured_below(unit: Unit) -> bool:
    """Whether anything is measured in the units below one."""
    found = Standing.objects.filter(unit__path__startswith=unit.path, indicator__state=Indicator.State.ACTIVE)
    return found.exclude(unit=unit).exists()


def segment_values(version: IndicatorVersion, unit: Unit) -> list[str]:
    """The segments that this unit has measurements for, as “column=value”."""
    rows = Measurement.objects.filter(version=version, unit=unit).exclude(segment="")
    return sorted(rows.order_by().values_list("segment", flat=True).distinct())


def proving(standard: Standard, user: Any) -> tuple[Indicator, ...]:
    """The active indicators of a standard that the person may see; several panels of one page ask, and it is read once."""
    known: dict[int, tuple[Indicator, ...]] = standard.__dict__.setdefault("_proving", {})
    if user.pk not in known:
        found = catalog.of(Indicator).queryset(user).filter(standard=standard, state=Indicator.State.ACTIVE)
        indicators = tuple(found.select_related("unit", "dataset__unit").order_by("code"))
        for indicator in indicators:
            # What is read of its versions and local targets is read once for all.
            indicator.standard = standard
        known[user.pk] = indicators
    return known[user.pk]
