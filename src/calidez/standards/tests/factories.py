"""Standards for tests, written, proposed and put in force by the part's own operations, as two people do it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from calidez.kit.conformance import World, factory_for
from calidez.kit.core.children import Row
from calidez.people.models import User
from calidez.people.tests.factories import create, person
from calidez.standards.models import QualityDimension, Standard
from calidez.standards.services import propose, put_in_force

BASIS = Row({"kind": "need", "reference": "Survey of 2023", "explanation": "Waiting is the first complaint."})


@factory_for(Standard)
def standard(world: World, unit: Any, number: int, **values: Any) -> Standard:
    given = {
        "title": f"Seen within {number + 10} minutes",
        "requirement": f"Patients are seen within {number + 10} minutes.",
        "target": 90.0,
        "tolerance": 2.0,
        "owner": world.admin,
        "unit": unit,
        "starts": dt.date(2024, 1, 1),
        "child_rows": {"rows_standardbasis": [BASIS]},
    }
    return create(Standard, world.admin, **{**given, **values})


def second_person(world: World) -> User:
    """Somebody besides the administrator who may put standards in force."""
    found = User.objects.filter(email="second@example.org").first()
    return found or person(
        world.admin, world.root, "second@example.org", "Sofia Second", role="quality_manager"
    )


def in_force(draft: Standard, world: World, *, starts: dt.date | None = None) -> Standard:
    """Proposed by who wrote it, put in force by a second person."""
    proposed = propose(draft, by=world.admin)
    done: Standard = put_in_force(
        proposed, by=second_person(world), **({"starts": starts} if starts is not None else {})
    )
    return done


def standard_in_force(world: World, unit: Any, number: int = 0, **values: Any) -> Standard:
    return in_force(standard(world, unit, number, **values), world, starts=dt.date(2024, 1, 1))


@factory_for(QualityDimension)
def dimension(world: World, unit: Any, number: int) -> QualityDimension:
    return create(QualityDimension, world.admin, name=f"Warmth {unit.code} {number}", meaning="A smile.")
