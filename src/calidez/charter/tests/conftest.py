"""The evidence of a charter takes longer to make than the charter: once for each file."""

from __future__ import annotations

import pytest

from calidez.charter.tests.factories import evidence
from calidez.kit.conformance import World


@pytest.fixture(scope="module")
def shared_world(shared_world: World) -> World:
    evidence(shared_world, shared_world.north)
    return shared_world
