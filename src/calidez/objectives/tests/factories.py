"""Objectives for tests, made by the part's own operations."""

from __future__ import annotations

import datetime as dt
from typing import Any

from calidez.kit.conformance import World, create, factory_for
from calidez.monitoring.models import Indicator
from calidez.monitoring.tests.factories import measured
from calidez.objectives import services
from calidez.objectives.models import Objective

PLANNED = {
    "target": 98.0,
    "baseline": 90.0,
    "starts": dt.date(2025, 1, 1),
    "due": dt.date(2026, 12, 31),
    "resources": "Two people for three months.",
    "evaluation": "The head of the clinic looks at the figure every month.",
}


@factory_for(Objective)
def objective(world: World, unit: Any, number: int, **values: Any) -> Objective:
    indicator = Indicator.objects.filter(unit=unit, name="For objectives").first() or measured(
        world, unit, name="For objectives"
    )
    given = {
        "title": f"Seen on time, step {number}",
        "indicator": indicator,
        "unit": unit,
        "owner": world.admin,
        **PLANNED,
    }
    return create(Objective, world.admin, **{**given, **values})


def active(world: World, unit: Any, number: int = 0, **values: Any) -> Objective:
    return services.activate(objective(world, unit, number, **values), by=world.admin)
