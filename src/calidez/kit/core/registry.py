"""Which kinds of record there are: the declarations register here, and everything below them asks here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from django.db import models

E = TypeVar("E")
D = TypeVar("D")


class Catalog(Generic[E]):
    """All registered kinds of record, in order of registration."""

    def __init__(self) -> None:
        self._by_model: dict[type[models.Model], E] = {}
        self._by_slug: dict[str, E] = {}

    def register(self, declaration: type[D]) -> type[D]:
        entity: Any = declaration()
        if entity.slug in self._by_slug:
            raise ValueError(f"two kinds of record want the address /{entity.slug}/")
        self._by_model[entity.model] = entity
        self._by_slug[entity.slug] = entity
        return declaration

    def of(self, model: type[models.Model]) -> E:
        return self._by_model[model]

    def get(self, model: type[models.Model]) -> E | None:
        return self._by_model.get(model)

    def by_slug(self, slug: str) -> E | None:
        return self._by_slug.get(slug)

    def by_key(self, key: str) -> E | None:
        return next((e for e in self if getattr(e, "key", None) == key), None)

    def records(self) -> Iterator[E]:
        """The kinds that people write and look for: all but the program's own logs."""
        return (entity for entity in self if not getattr(entity, "log", False))

    def __iter__(self) -> Iterator[E]:
        return iter(self._by_slug.values())


# `kit.catalog` gives the same object with the type of the declarations.
catalog: Catalog[Any] = Catalog()
