"""Measuring: facts become sufficient statistics, and those become charts, signals and standings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from calidez import engine
from calidez.kit.jobs import report_progress
from calidez.monitoring import rollup, selectors
from calidez.monitoring.charting import Reading, Series, read
from calidez.monitoring.models import Dataset, Indicator, IndicatorVersion, Standing
from calidez.monitoring.services.indicators import keep_version
from calidez.monitoring.services.signals import keep_signals
from calidez.monitoring.store import store

TRACE_POINTS = 24


def measure(indicators: Iterable[Indicator], *, periods: Sequence[Any] | None = None) -> int:
    """Measure some indicators, all periods or only those that were touched; returns the rows written.

    Indicators over the same dataset are computed together, in one scan of the facts.
    """
    found = list(indicators)
    by_dataset: dict[int, list[Indicator]] = {}
    for indicator in found:
        by_dataset.setdefault(indicator.dataset_id, []).append(indicator)
    written = 0
    for group in by_dataset.values():
        written += _measure_dataset(group[0].dataset, group, periods)
    return written


def measure_indicator(indicator: Indicator) -> int:
    return measure([indicator])


def _measure_dataset(dataset: Dataset, indicators: list[Indicator], touched: Sequence[Any] | None) -> int:
    versions = {}
    for indicator in indicators:
        version = keep_version(indicator)
        versions[version.fingerprint] = version
    held = store().open(dataset.code)
    definitions = [engine.IndicatorDefinition.from_json(v.definition) for v in versions.values()]
    tables = engine.aggregate(held, definitions, touched=touched)
    written = 0
    for done, (fingerprint, version) in enumerate(versions.items()):
        report_progress(done, len(versions), str(version.indicator))
        with transaction.atomic():
            units = rollup.write(version, tables[fingerprint], dataset, periods=touched)
            refresh_standings(version, units)
            Indicator.objects.filter(pk=version.indicator_id).update(measured_at=timezone.now())
        written += len(units)
    return written


def refresh_standings(version: IndicatorVersion, units: Iterable[int] | None = None) -> None:
    """Draw the charts of some units again and keep what home and comparisons read."""
    indicator = version.indicator
    baselines = selectors.baselines_by_unit(indicator, units)
    readings = [
        (unit, read(series, selectors.options_of(indicator, baselines.get(unit, ()))))
        for unit, series in selectors.series_by_unit(version, units).items()
    ]
    keep_signals(version, readings)
    standings = [_standing(indicator, unit, reading) for unit, reading in readings]
    Standing.objects.bulk_create(
        standings,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["indicator", "unit"],
        update_fields=["state", "period_start", "value", "n", "since", "changed", "variation", "assurance", "trace"],
    )


def _standing(indicator: Indicator, unit: int, reading: Reading) -> Standing:
    series, last = reading.series, reading.last
    since = None if reading.since is None else series.periods[reading.since]
    newest = max(reading.signals, key=lambda s: s.last, default=None)
    return Standing(
        indicator=indicator,
        unit_id=unit,
        state=str(_state(reading)),
        period_start=None if last is None else series.periods[last],
        value=None if last is None else float(series.values[last]),
        n=0 if last is None else int(series.n[last]),
        since=since,
        changed=None if newest is None else series.periods[newest.members[0] if newest.members else newest.index],
        variation=reading.variation,
        assurance=reading.assurance,
        trace=_trace(reading),
    )


def _state(reading: Reading) -> str:
    from calidez.monitoring.rules import STALE_PERIODS, Verdict

    last = reading.last
    if last is None or len(reading.series) - 1 - last >= STALE_PERIODS:
        without = bool(reading.verdicts) and reading.verdicts[-1] == Verdict.NO_TARGET
        return Verdict.NO_TARGET if without else Verdict.UNKNOWN
    return reading.verdict


def _trace(reading: Reading) -> dict[str, Any]:
    start = max(0, len(reading.series) - TRACE_POINTS)
    marked = sorted({m - start for s in reading.signals for m in s.members if m >= start})

    def tail(values: Any) -> list[float | None]:
        return [None if v != v else float(f"{v:.6g}") for v in values[start:]]

    return {
        "start": reading.series.periods[start].isoformat() if len(reading.series) else "",
        "values": tail(reading.series.values),
        "centre": tail(reading.centre),
        "lower": tail(reading.lower),
        "upper": tail(reading.upper),
        "marked": marked,
        "kinds": [_kind_at(reading, m + start) for m in marked],
    }


def _kind_at(reading: Reading, index: int) -> str:
    kinds = [s.kind for s in reading.signals if index in s.members]
    return "concern" if "concern" in kinds else (kinds[0] if kinds else "")
