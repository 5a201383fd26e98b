"""A small clinic whose documents are written by one person, approved by others and read by two."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from calidez.config.tests.layers import layer
from calidez.kit.conformance import World
from calidez.people.models import Position, User
from calidez.people.tests.factories import create, person


@dataclass(frozen=True)
class Clinic:
    world: World
    position: Position
    author: User
    boss: User
    second: User
    reader: User
    other: User


@pytest.fixture
def clinic(shared_clinic: Clinic, db: None) -> Clinic:
    return copy.deepcopy(shared_clinic)


@pytest.fixture(scope="module")
def shared_clinic(shared_world: World) -> Iterator[Clinic]:
    with layer():
        yield clinic_in(copy.deepcopy(shared_world))


def clinic_in(around: World) -> Clinic:
    north, root = around.north, around.root
    position = create(Position, around.admin, name="Nurse", unit=north)
    return Clinic(
        around,
        position,
        author=person(around.admin, root, "author@example.org", "Amy Author", role="quality_manager"),
        boss=person(around.admin, root, "boss@example.org", "Bert Boss", role="manager"),
        second=person(around.admin, root, "second@example.org", "Sue Second", role="manager"),
        reader=person(around.admin, north, "reader@example.org", "Rita Reader", role="employee"),
        other=person(around.admin, north, "other@example.org", "Otto Other", role="employee"),
    )
