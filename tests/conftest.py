"""What the tests of every kind of record share, in however many files."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="module")
def made(entity: Any, shared_world: Any) -> Iterator[Any]:
    from calidez.config.tests.layers import layer
    from calidez.kit.conformance import make

    with layer():
        yield make(entity, copy.deepcopy(shared_world), shared_world.north, 1)


@pytest.fixture
def record(made: Any) -> Any:
    """One record of the kind, number 1 in the north; parametrize `entity` with scope="module" and it is made once."""
    return copy.deepcopy(made)
