"""Charters for tests, over a policy that is in force."""

from __future__ import annotations

import datetime as dt
from typing import Any

from calidez.charter.models import Charter
from calidez.kit.conformance import World, create, factory_for
from calidez.kit.core.children import Row
from calidez.monitoring.tests.factories import measured
from calidez.policy.models import Commitment, Policy
from calidez.policy.tests.factories import commitment, policy
from calidez.standards.models import Standard
from calidez.standards.tests.factories import standard_in_force


def promised(world: World, unit: Any, number: int = 0) -> Commitment:
    """A commitment of a policy in force, without the whole way of its document."""
    found = Policy.objects.filter(unit=unit, title="In force").first()
    if found is None:
        found = policy(world, unit, number)
        commitment(world, unit, number, within=found)
        Policy.objects.filter(pk=found.pk).update(
            title="In force", state=Policy.State.IN_FORCE, in_force_from=dt.date(2025, 1, 1)
        )
    return Commitment.objects.get(policy=found)


@factory_for(Charter)
def charter(world: World, unit: Any, number: int, **values: Any) -> Charter:
    given = {
        "title": f"What you can count on {number}",
        "policy": promised(world, unit, number).policy,
        "unit": unit,
        "language": "en",
        "introduction": "We look after you.",
        "complain": "Tell us. We write back.",
        "mail": "complaints@example.org",
        "phone": "+44 20 7946 0000",
    }
    return create(Charter, world.admin, **{**given, **values})


def evidence(world: World, unit: Any, number: int = 0) -> tuple[Commitment, Standard]:
    """A commitment whose standard is in force and measured: 60 % of 1,000 in December 2025, 90 % promised."""
    promise = promised(world, unit, number)
    standard = Standard.objects.filter(commitment=promise).first()
    if standard is None:
        standard = standard_in_force(world, unit, number, commitment=promise)
        measured(
            world, unit, number, name="Seen on time", standard=standard, description="From arrival to desk."
        )
    return promise, standard


def proved(world: World, unit: Any, number: int = 0, *, result: str = "publish", **values: Any) -> Charter:
    """With one commitment that has its evidence."""
    promise, standard = evidence(world, unit, number)
    rows = [Row({"commitment": promise, "result": result, "standard": standard, "objective": None})]
    return charter(world, unit, number, child_rows={"rows_charteritem": rows}, **values)
