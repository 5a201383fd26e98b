"""What every kind of record must pass is tested from its factory alone; parts register theirs in tests/factories.py."""

from __future__ import annotations

import inspect
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


# What a kind may say beyond fields, columns, filters and words.
OWN = {
    *("prepare", "saved", "create", "panels", "children", "conditions", "asides", "steps", "moves"),
    "differences",
}
# What a kind may decide for itself about who sees what: whatever asks for a person, and how records hang on units.
DECISIONS = {
    name
    for name, method in vars(Entity).items()
    if inspect.isfunction(method) and {"user", "people"} & set(inspect.signature(method).parameters)
} - {"empty_page", "proposed", "notice"} | {"reach", "unit_path"}


def is_plain(entity: Entity) -> bool:
    """Whether the kind only declares; with a method, rule, step or panel of its own it is not plain."""
    told = _told(entity)
    return not told & OWN and not any(callable(getattr(Entity, name, None)) for name in told)


def decides_itself(entity: Entity) -> bool:
    return bool(_told(entity) & DECISIONS)


def sample() -> list[Entity]:
    """The kinds on which the machine itself is tried: those that decide something, and of the others one of each sort."""
    own = [entity for entity in kinds() if decides_itself(entity)]
    others = [entity for entity in kinds() if entity not in own]
    sorts = (
        [entity for entity in others if entity.scope and not entity.inherited],
        [entity for entity in others if entity.inherited],
        [entity for entity in others if entity.scope is None],
    )
    return [*own, *(max(sort, key=lambda one: len(one.steps)) for sort in sorts if sort)]


def _told(entity: Entity) -> set[str]:
    """What the declaration says, as names."""
    bases = [base for base in type(entity).__mro__ if base not in Entity.__mro__]
    return {name for base in bases for name in vars(base) if not name.startswith("__")}
