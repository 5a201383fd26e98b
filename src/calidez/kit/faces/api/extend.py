"""Where a part adds what its declaration cannot say: endpoints of its own, and another way to create a kind of record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ninja import Router, Schema

from calidez.kit.catalog import Entity


@dataclass(frozen=True)
class SpecialCreation:
    """Records that the generic form cannot make: `body` says what is asked, `make(body, by)` does it."""

    body: type[Schema]
    make: Callable[[Any, Any], Any]
    help: Any = ""

    def create(self, given: dict[str, Any], by: Any) -> Any:
        return self.make(self.body.model_validate(given), by)


_routers: list[tuple[str, Router]] = []
_creations: dict[str, SpecialCreation] = {}


def add_router(prefix: str, router: Router) -> None:
    """Endpoints below /api/v1/<prefix>; they stand before the generic ones."""
    _routers.append((prefix, router))


def add_creation(subject: str, creation: SpecialCreation) -> None:
    """`subject` is a kind of record, as "monitoring.dataset"."""
    _creations[subject] = creation


def routers() -> list[tuple[str, Router]]:
    return list(_routers)


def creation_of(entity: Entity) -> SpecialCreation | None:
    return _creations.get(entity.model._meta.label_lower)
