"""Policies and commitments for tests, made by the part's own operations."""

from __future__ import annotations

from typing import Any

from calidez.kit.conformance import World, create, factory_for
from calidez.policy.models import Commitment, Policy


@factory_for(Policy)
def policy(world: World, unit: Any, number: int) -> Policy:
    return create(
        Policy,
        world.admin,
        title=f"Service policy {number}",
        introduction="We look after people who do not feel well.",
        language="en",
        owner=world.admin,
        unit=unit,
    )


@factory_for(Commitment)
def commitment(world: World, unit: Any, number: int, *, within: Policy | None = None) -> Commitment:
    return create(
        Commitment,
        world.admin,
        policy=within or policy(world, unit, number),
        statement=f"We see every patient within {number + 10} minutes after they arrive at the desk.",
        for_whom="Patients",
        owner=world.admin,
        process="Reception",
    )
