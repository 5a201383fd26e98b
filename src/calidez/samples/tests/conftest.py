"""An organisation into which packs are loaded, and a way to empty the database for another one."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from calidez.people.models import User
from calidez.people.services import found_organisation

Begin = Callable[[], User]


@pytest.fixture
def begin(db: Any) -> Begin:
    """Founds an organisation, always with the same names."""
    return found


@pytest.fixture(scope="module")
def shared_ana(shared: None) -> User:
    return found()


@pytest.fixture
def ana(shared_ana: User, db: None) -> User:
    """Who founded an organisation in which nothing is yet."""
    return copy.deepcopy(shared_ana)


def found() -> User:
    return found_organisation(
        name="Casa Azul",
        code="AZUL",
        language="es",
        email="ana@example.org",
        person="Ana",
        password="seven quiet harbour lamps",
    )
