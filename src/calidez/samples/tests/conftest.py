"""An organisation with one administrator, into which packs are loaded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings

from calidez.people.models import User
from calidez.people.services import found_organisation


@pytest.fixture
def found(db: Any, tmp_path: Any, monkeypatch: Any) -> Callable[[], User]:
    def make() -> User:
        return found_organisation(
            name="Casa Azul",
            code="AZUL",
            language="es",
            email="ana@example.org",
            person="Ana",
            password="seven quiet harbour lamps",
        )

    assert settings.DATA_DIR
    return make


@pytest.fixture
def ana(found: Callable[[], User]) -> User:
    return found()
