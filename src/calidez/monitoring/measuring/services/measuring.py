"""Measuring: facts become sufficient statistics, and those become charts, signals and standings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from calidez import engine
from calidez.kit.platform.jobs import report_progress
from calidez.kit.platform.turns import turn
from calidez.monitoring import selectors
from calidez.monitoring.feasibility import capability as feasibility
from calidez.monitoring.measuring.change import read
from calidez.monitoring.measuring.charting import READING, Reading
from calidez.monitoring.measuring.coverage import ALWAYS, OpenDays
from calidez.monitoring.measuring.definitions import damage_told
from calidez.monitoring.measuring.followers import measured as tell_followers
from calidez.monitoring.measuring.services import rollup
from calidez.monitoring.measuring.services.days import keep_days, lacks_days, touched_periods
from calidez.monitoring.measuring.services.indicators import keep_version
from calidez.monitoring.measuring.services.signals import keep_signals
from calidez.monitoring.measuring.sides import in_turns, target_stretch
from calidez.monitoring.models import Dataset, Import, Indicator, IndicatorVersion, Standing
from calidez.monitoring.rules import STALE_PERIODS, Verdict
from calidez.monitoring.store import measured_alone, store
from calidez.people.models import Unit

TRACE_POINTS = 24


@dataclass(frozen=True)
class Drawn:
    """The chart of one unit as it was read, and what is kept of it."""

    unit: Unit
    reading: Reading
    standing: Standing


def measure(indicators: Iterable[Indicator], *, loads: Sequence[engine.LoadReport] | None = None) -> int:
    """Measure some indicators: all periods, or only those that the `loads` touched; returns the units measured.

    Indicators over the same dataset are computed together, in one scan of the facts.
    """
    by_dataset: dict[int, list[Indicator]] = {}
    for indicator in indicators:
        by_dataset.setdefault(indicator.dataset_id, []).append(indicator)
    return sum(_measure_dataset(group[0].dataset, group, loads) for group in by_dataset.values())


def measure_new(indicators: Iterable[Indicator]) -> int:
    """Measure what was loaded or taken back since each indicator was last measured, and nothing else."""
    done = 0
    for indicator in indicators:
        if indicator.measured_at is None:
            done += measure([indicator])
            continue
        since = indicator.measured_at
        loads = Import.objects.filter(Q(loaded_at__gt=since) | Q(taken_back_at__gt=since))
        loads = loads.filter(dataset=indicator.dataset_id)
        reports = [engine.LoadReport.from_json(item.report) for item in loads]
        if reports:
            done += measure([indicator], loads=reports)
    return done


def indicators_with_rows_of(units: Iterable[Unit]) -> list[Indicator]:
    """Those over a dataset that holds rows under the names of these units already."""
    codes, words = set(), set()
    for unit in units:
        codes.add(unit.code)
        words |= {unit.code.casefold(), unit.name.casefold()}
    active = Indicator.objects.filter(state=Indicator.State.ACTIVE, dataset__rows__gt=0)
    found: list[Indicator] = []
    for dataset in Dataset.objects.filter(pk__in=active.values("dataset")):
        mapped = {name.casefold() for name, code in dataset.branch_map.items() if code in codes}
        with damage_told():
            named = {name.strip().casefold() for name in engine.branches_in(store().open(dataset.code))}
        if named & (words | mapped):
            found += active.filter(dataset=dataset)
    return found


def _measure_dataset(
    dataset: Dataset, indicators: list[Indicator], loads: Sequence[engine.LoadReport] | None
) -> int:
    for indicator in indicators:
        indicator.dataset = dataset  # what is found out about its days holds for all of them
    versions = [keep_version(indicator) for indicator in indicators]
    with measured_alone(dataset.code), damage_told():
        return _measure_versions(dataset, versions, loads)


def _measure_versions(
    dataset: Dataset, versions: list[IndicatorVersion], loads: Sequence[engine.LoadReport] | None
) -> int:
    held = store().open(dataset.code)
    fewer = keep_days(dataset, held, loads)
    measured = 0
    for period, group in _by_period(versions).items():
        definitions = {d.fingerprint: d for d in (_definition(version) for version in group)}
        touched = (
            None if loads is None else touched_periods(next(iter(definitions.values())), loads, held.schema)
        )
        tables = engine.aggregate(held, list(definitions.values()), periods=touched)
        for done, version in enumerate(group):
            report_progress(done, len(group), f"{version.indicator} ({period})")
            measured += _keep(version, tables[version.fingerprint], dataset, touched, all_drawn=fewer)
    return measured


def _keep(
    version: IndicatorVersion,
    table: Any,
    dataset: Dataset,
    touched: Sequence[dt.date] | None,
    *,
    all_drawn: bool,
) -> int:
    """In two turns, and what takes long in none of them; only the second says that it was measured.

    With `all_drawn` the charts of all units are drawn again, as where the day has gone on which they ended together.
    """
    now = timezone.now()
    rows = rollup.rolled_up(version, table, dataset)
    with turn(f"measurements of {version.indicator.code}"):
        units = rollup.replace(version, rows, periods=touched)
    drawn = _drawn(version, None if all_drawn else units)
    gone = units - {one.unit.pk for one in drawn}
    with turn(f"signals of {version.indicator.code}"):
        _keep_drawn(version, drawn, gone)
        Indicator.objects.filter(pk=version.indicator_id).update(measured_at=now)
    return len(units)


def _by_period(versions: Iterable[IndicatorVersion]) -> dict[str, list[IndicatorVersion]]:
    groups: dict[str, list[IndicatorVersion]] = {}
    for version in versions:
        groups.setdefault(version.indicator.period, []).append(version)
    return groups


def _definition(version: IndicatorVersion) -> engine.IndicatorDefinition:
    return engine.IndicatorDefinition.from_json(version.definition)


def read_again() -> int:
    """Read the charts anew that time or a new version of Calidez made old; returns how many indicators.

    A period that ran when it was measured is over by now, or the same figures are read otherwise than they were.
    """
    found = IndicatorVersion.objects.filter(
        current=True, indicator__state=Indicator.State.ACTIVE, indicator__measured_at__isnull=False
    ).select_related("indicator__dataset", "indicator__standard__unit", "indicator__unit")
    done = 0
    for version in found:
        if version.read_as < READING or _over_since(version.indicator):
            _read_again(version)
            done += 1
    return done


def read_by_calendar(unit: Unit) -> int:
    """Read the charts anew that have a figure of this unit or one below it; returns how many indicators.

    A chart is read whole: the units of an indicator share the end of their axes.
    """
    touched = Standing.objects.filter(
        unit__path__startswith=unit.path, indicator__state=Indicator.State.ACTIVE
    ).values("indicator")
    found = IndicatorVersion.objects.filter(current=True, indicator__in=touched).select_related(
        "indicator__dataset", "indicator__standard__unit", "indicator__unit"
    )
    for version in found:
        refresh_standings(version)
    return len(found)


def _read_again(version: IndicatorVersion) -> None:
    dataset = version.indicator.dataset
    if lacks_days(dataset) and store().exists(dataset.code):
        with measured_alone(dataset.code), damage_told():
            keep_days(dataset, store().open(dataset.code), None)
    refresh_standings(version)
    IndicatorVersion.objects.filter(pk=version.pk).update(read_as=READING)


def _over_since(indicator: Indicator) -> bool:
    """Whether the newest period with rows has ended since it was read, and is not judged yet."""
    coverage = selectors.coverage_of(indicator.dataset)
    if coverage is None:
        return False
    period = engine.Period(indicator.period)
    newest = engine.period_start(coverage.last, period)
    running = engine.next_start(newest, period) > timezone.localdate()
    if running:
        return False
    opening: OpenDays = selectors.openings(indicator, [indicator.unit])[indicator.unit_id] or ALWAYS
    if coverage.ends_early(newest, period, opening.without(coverage.never)):
        return False
    judged = Standing.objects.filter(indicator=indicator, unit=indicator.unit, period_start__lt=newest)
    return judged.exists()


def refresh_standings(version: IndicatorVersion, units: Iterable[int] | None = None) -> None:
    """Draw the charts of some units again and keep what home and comparisons read."""
    drawn = _drawn(version, units)
    with turn(f"signals of {version.indicator.code}"):
        _keep_drawn(version, drawn)


def _drawn(version: IndicatorVersion, units: Iterable[int] | None) -> list[Drawn]:
    indicator = version.indicator
    baselines = selectors.baselines_by_unit(indicator, units)
    found = selectors.series_by_unit(version, units)
    places = Unit.objects.in_bulk(list(found))
    exclusions = selectors.exclusions_of(indicator)
    drawn = []
    for unit, series in found.items():
        options = selectors.options_of(
            indicator,
            places[unit],
            baselines.get(unit, ()),
            set_aside=selectors.set_aside_in(places[unit], exclusions),
        )
        reading = read(series, options)
        drawn.append(Drawn(places[unit], reading, _standing(indicator, places[unit], reading)))
    return drawn


def _keep_drawn(version: IndicatorVersion, drawn: Sequence[Drawn], gone: Collection[int] = ()) -> None:
    keep_signals(version, [(one.unit, one.reading) for one in drawn], without=gone)
    Standing.objects.filter(indicator=version.indicator, unit__in=gone).delete()
    Standing.objects.bulk_create(
        [one.standing for one in drawn],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["indicator", "unit"],
        update_fields=[
            "state",
            "period_start",
            "value",
            "n",
            "since",
            "missed_since",
            "changed",
            "unacceptable",
            "variation",
            "assurance",
            "trace",
            "demonstrated",
            "reachable",
            "beyond",
        ],
    )
    tell_followers(version)


def _standing(indicator: Indicator, unit: Unit, reading: Reading) -> Standing:
    able = feasibility.ability(indicator, unit, reading)
    series, last = reading.series, reading.last
    # Where periods meet and miss the target in turns, no day tells since when.
    turns = reading.promised is not None and in_turns(reading, reading.promised) is not None
    since = None if reading.since is None or turns else series.periods[reading.since]
    newest = max(reading.signals, key=lambda s: s.last, default=None)
    return Standing(
        indicator=indicator,
        unit=unit,
        state=str(_state(reading)),
        period_start=None if last is None else series.periods[last],
        value=None if last is None else float(series.values[last]),
        n=0 if last is None else int(series.n[last]),
        since=since,
        missed_since=None if turns else _missed_since(reading),
        changed=None
        if newest is None
        else series.periods[newest.members[0] if newest.members else newest.index],
        unacceptable=last is not None and reading.unacceptable[last] and not _is_stale(reading, last),
        variation=reading.variation,
        assurance=reading.assurance,
        trace=_trace(reading),
        demonstrated=able.values,
        reachable=able.reachable,
        beyond=able.beyond,
    )


def _missed_since(reading: Reading) -> dt.date | None:
    if reading.promised is None or (stretch := target_stretch(reading, reading.promised)) is None:
        return None
    return None if stretch.met else reading.series.periods[stretch.index]


def _state(reading: Reading) -> str:
    last = reading.last
    if last is None or _is_stale(reading, last):
        without = bool(reading.verdicts) and reading.verdicts[-1] == Verdict.NO_TARGET
        return Verdict.NO_TARGET if without else Verdict.UNKNOWN
    return reading.verdict


def _is_stale(reading: Reading, last: int) -> bool:
    """Whether nothing was measured in the newest periods that are over."""
    series = reading.series
    over = sum(period not in series.axis.unfinished for period in series.periods[last + 1 :])
    return over >= STALE_PERIODS


def _trace(reading: Reading) -> dict[str, Any]:
    length = len(reading.series)
    while length and reading.series.periods[length - 1] in reading.series.axis.unfinished:
        length -= 1
    start = max(0, length - TRACE_POINTS)
    marked = sorted({m - start for s in reading.signals for m in s.members if m >= start})

    def tail(values: Any) -> list[float | None]:
        return [None if v is None or v != v else float(f"{v:.6g}") for v in values[start:length]]

    return {
        "start": reading.series.periods[start].isoformat() if length else "",
        "values": tail(reading.series.values),
        "centre": tail(reading.centre),
        "lower": tail(reading.lower),
        "upper": tail(reading.upper),
        "targets": tail([None if p is None else p.target for p in reading.promises]),
        "marked": marked,
        "kinds": [_kind_at(reading, m + start) for m in marked],
    }


def _kind_at(reading: Reading, index: int) -> str:
    kinds = [s.kind for s in reading.signals if index in s.members]
    return "concern" if "concern" in kinds else (kinds[0] if kinds else "")
