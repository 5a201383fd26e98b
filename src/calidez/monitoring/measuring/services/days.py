"""On which days a dataset has rows: as a whole, and of each unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calidez import engine
from calidez.kit.platform.turns import turn
from calidez.monitoring.measuring.coverage import Coverage
from calidez.monitoring.measuring.services import rollup
from calidez.monitoring.models import Dataset, UnitDays


def lacks_days(dataset: Dataset) -> bool:
    """Whether it was measured before they were kept."""
    if not dataset.days:
        return True
    by_unit = engine.Schema.from_json(dataset.schema).branch is not None
    return by_unit and not UnitDays.objects.filter(dataset=dataset).exists()


def keep_days(dataset: Dataset, held: engine.Dataset, loads: Sequence[engine.LoadReport] | None) -> bool:
    """Keep on which days the dataset has rows: of all of it, or anew on the days of some loads.

    Returns whether days have none any more, as where a load was taken back.
    """
    time, branch = held.schema.time, held.schema.branch
    if time is None:
        return False
    by_day = engine.IndicatorDefinition(
        dataset=dataset.code,
        measure=engine.Count(),
        period=engine.Period.DAY,
        time=time.name,
        branch=branch.name if branch else None,
        zone=time.zone,
    )
    known = Coverage.from_json(dataset.days)
    touched = None if loads is None or known is None else touched_periods(by_day, loads, held.schema)
    table = engine.aggregate(held, [by_day], periods=touched)[by_day.fingerprint]
    found = Coverage.of(table["period_start"].unique().to_pylist())
    if touched is not None and known is not None and (left := known.without(touched)) is not None:
        found = left | found
    by_unit = _by_unit(table, dataset) if branch else {}
    dataset.days = {} if found is None else found.to_json()
    with turn(f"days of {dataset.code}"):
        Dataset.objects.filter(pk=dataset.pk).update(days=dataset.days)
        _keep_by_unit(dataset, by_unit, touched)
    return known is not None and (found is None or (found | known) != found)


def touched_periods(
    definition: engine.IndicatorDefinition, loads: Sequence[engine.LoadReport], schema: engine.Schema
) -> list[dt.date]:
    """The periods that some loads changed, in order."""
    found = {start for load in loads for start in engine.touched_periods(definition, load, schema.time)}
    return sorted(found)


def _by_unit(table: pa.Table, dataset: Dataset) -> dict[int, Coverage]:
    """The days of every unit at or below the dataset's with rows of its own or below it."""
    if not table.num_rows or table["branch"].null_count == table.num_rows:
        return {}
    tree = rollup.tree_of(table, dataset, dataset.unit)
    names = tree["branch"].unique()
    place = pc.index_in(rollup.named(table), names)
    inside = place.is_valid()
    days = table["period_start"].filter(inside).cast(pa.date32()).cast(pa.int32()).to_numpy()
    if not len(days):
        return {}
    first = int(days.min())
    there = np.zeros((len(names), int(days.max()) - first + 1), dtype=bool)
    there[place.filter(inside).to_numpy(), days - first] = True
    units = tree["unit"].to_numpy()
    rows = pc.index_in(tree["branch"], names).to_numpy()
    start = dt.date(1970, 1, 1) + dt.timedelta(days=first)
    return {int(unit): _coverage(there[rows[units == unit]].any(axis=0), start) for unit in np.unique(units)}


def _coverage(there: np.ndarray, start: dt.date) -> Coverage:
    skipped = int(there.argmax())
    bits = np.packbits(there[skipped:], bitorder="little").tobytes()
    return Coverage(start + dt.timedelta(days=skipped), int.from_bytes(bits, "little"))


def _keep_by_unit(dataset: Dataset, found: dict[int, Coverage], touched: Sequence[dt.date] | None) -> None:
    kept = UnitDays.objects.filter(dataset=dataset)
    known = dict(kept.values_list("unit", "days"))
    if touched is not None:
        left = {unit: Coverage.from_json(days) for unit, days in known.items()}
        found = dict(_with_others(found, left, touched))
    kept.filter(unit__in=known.keys() - found.keys()).delete()
    changed = [
        UnitDays(dataset=dataset, unit_id=unit, days=days)
        for unit, coverage in found.items()
        if (days := coverage.to_json()) != known.get(unit)
    ]
    UnitDays.objects.bulk_create(
        changed,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["dataset", "unit"],
        update_fields=["days"],
    )


def _with_others(
    found: Mapping[int, Coverage], known: Mapping[int, Coverage | None], touched: Sequence[dt.date]
) -> Iterator[tuple[int, Coverage]]:
    """By unit, what was found on the days touched together with what is known of the others."""
    for unit in {**known, **found}:
        before, now = known.get(unit), found.get(unit)
        left = before.without(touched) if before is not None else None
        together = left | now if left is not None else now
        if together is not None:
            yield unit, together
