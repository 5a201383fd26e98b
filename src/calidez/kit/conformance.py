"""What every kind of record must pass is tested from its factory alone; parts register theirs in tests/factories.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db import models

from calidez.kit.catalog import Entity, catalog


@dataclass(frozen=True)
class World:
    """A small organisation to try things in: two branches, and people with and without rights."""

    root: Any
    north: Any
    south: Any
    admin: Any
    auditor: Any  # may read everything
    north_manager: Any  # may do everything, in the north only
    outsider: Any  # holds no role


# A factory makes the n-th record of its kind in `unit`, by the part's own services.
Factory = Callable[[World, Any, int], Any]
_factories: dict[type[models.Model], Factory] = {}


def factory_for(model: type[models.Model]) -> Callable[[Factory], Factory]:
    def register(factory: Factory) -> Factory:
        _factories[model] = factory
        return factory

    return register


def create(model: Any, by: Any, **values: Any) -> Any:
    """A record as the form would make it: with permission, rule, transaction and trail."""
    creation = catalog.of(model).creation
    assert creation is not None
    return creation(by=by, **values)


def load_factories() -> None:
    """The factories of every installed part, those of other people's packages too."""
    for app in apps.get_app_configs():
        if (
            find_spec(f"{app.name}.tests") is not None
            and find_spec(f"{app.name}.tests.factories") is not None
        ):
            import_module(f"{app.name}.tests.factories")


def make(entity: Entity, world: World, unit: Any, number: int) -> Any:
    """The n-th record of a kind; fails for a kind without a factory, so that none escapes the suite."""
    try:
        factory = _factories[entity.model]
    except KeyError:
        raise LookupError(f"{entity.key} has no factory: write one in the tests of its part") from None
    return factory(world, unit, number)


def kinds() -> list[Entity]:
    return list(catalog.records())
