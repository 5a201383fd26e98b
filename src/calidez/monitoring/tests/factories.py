"""Datasets, indicators and what follows from them, for tests: a small network with two years of months."""

from __future__ import annotations

import datetime as dt
from typing import Any

from calidez import engine
from calidez.kit.conformance import World, factory_for
from calidez.monitoring import services
from calidez.monitoring.measuring.definitions import NEEDS
from calidez.monitoring.measuring.services.indicators import keep_version
from calidez.monitoring.measuring.services.measuring import refresh_standings
from calidez.monitoring.models import Annotation, Baseline, Dataset, Exclusion, Import, Indicator, Signal
from calidez.people.tests.factories import create

SCHEMA = engine.Schema(
    (
        engine.Column("month", "month", engine.ColumnType.DATE, engine.Role.TIME, date_order="ymd", key=True),
        engine.Column("clinic", "clinic", engine.ColumnType.TEXT, engine.Role.BRANCH, key=True),
        engine.Column("kind", "kind", engine.ColumnType.TEXT, engine.Role.SEGMENT, key=True),
        engine.Column("visits", "visits", engine.ColumnType.NUMBER, engine.Role.VALUE),
        engine.Column("late", "late", engine.ColumnType.NUMBER, engine.Role.VALUE),
    )
)


@factory_for(Dataset)
def dataset(world: World, unit: Any, number: int) -> Dataset:
    code = f"visits_{unit.code.lower().replace('-', '_')}_{number}"
    return services.create_dataset(
        code=code, name=f"Visits {number} of {unit}", unit=unit, schema=SCHEMA, by=world.admin
    )


@factory_for(Indicator)
def indicator(world: World, unit: Any, number: int, **values: Any) -> Indicator:
    data = Dataset.objects.filter(unit=unit).first() or dataset(world, unit, 0)
    given = {
        "name": f"On time {number}",
        "dataset": data,
        "unit": unit,
        "owner": world.admin,
        "measure": Indicator.Measure.COUNTED,
    }
    needed = NEEDS[values.get("measure", Indicator.Measure.COUNTED)]
    parts = {"numerator": "visits - late", "denominator": "visits"}
    given |= {name: text for name, text in parts.items() if name in needed}
    return create(Indicator, world.admin, **{**given, **values})


def measured(world: World, unit: Any, number: int = 0, *, shares: Any = None, **values: Any) -> Indicator:
    """An indicator with 24 months at `unit`, falling at the end unless `shares` say otherwise."""
    from calidez.monitoring.models import Measurement

    found = indicator(world, unit, number, **values)
    version = keep_version(found)
    shares = shares or [0.95 + 0.01 * (month % 3) for month in range(23)] + [0.6]
    Measurement.objects.bulk_create(
        Measurement(
            version=version,
            unit=unit,
            period_start=dt.date(2024 + month // 12, month % 12 + 1, 1),
            n=1000,
            weight=1000,
            total=1000 * share,
            met=1000 * share,
            unmet=1000 * (1 - share),
        )
        for month, share in enumerate(shares)
    )
    refresh_standings(version, [unit.pk])
    return found


@factory_for(Baseline)
def baseline(world: World, unit: Any, number: int) -> Baseline:
    found = Indicator.objects.filter(unit=unit, name="For baselines").first() or measured(
        world, unit, name="For baselines"
    )
    starts = dt.date(2024, 1 + number % 12, 1)
    return services.rebase(
        by=world.admin,
        indicator=found,
        unit=unit,
        starts=starts,
        learned_until=dt.date(2025, 12, 1),
        reason="A second desk opened and stays.",
    )


@factory_for(Exclusion)
def exclusion(world: World, unit: Any, number: int) -> Exclusion:
    found = Indicator.objects.filter(unit=unit, name="For exclusions").first() or measured(
        world, unit, name="For exclusions"
    )
    day = dt.date(2024, 1 + number % 12, 1)
    return services.leave_out(
        by=world.admin, indicator=found, unit=unit, starts=day, ends=day, reason="The desk was flooded."
    )


@factory_for(Signal)
def signal(world: World, unit: Any, number: int) -> Signal:
    found = measured(world, unit, number)
    return Signal.objects.filter(indicator=found, rule="beyond_limits").get()


@factory_for(Annotation)
def annotation(world: World, unit: Any, number: int) -> Annotation:
    return create(
        Annotation, world.admin, unit=unit, on=dt.date(2025, 3, 1 + number % 28), text=f"Strike {number}"
    )


@factory_for(Import)
def import_(world: World, unit: Any, number: int) -> Import:
    return Import.objects.create(
        code=f"IMP-{unit.code}-{number}", file_name=f"visits-{number}.csv", unit=unit, created_by=world.admin
    )
