"""Standards for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from calidez.kit.conformance import World, factory_for
from calidez.people.tests.factories import create
from calidez.standards.models import Standard
from calidez.standards.services import put_in_force


@factory_for(Standard)
def standard(world: World, unit: Any, number: int) -> Standard:
    return create(
        Standard,
        world.admin,
        title=f"Seen within {number + 10} minutes",
        requirement=f"Patients are seen within {number + 10} minutes.",
        target=90.0,
        tolerance=2.0,
        owner=world.admin,
        unit=unit,
        starts=dt.date(2024, 1, 1),
    )


def standard_in_force(world: World, unit: Any, number: int = 0) -> Standard:
    return put_in_force(standard(world, unit, number), by=world.admin, starts=dt.date(2024, 1, 1))
