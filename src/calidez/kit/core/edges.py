"""The edges of the thread: which kinds of record lead to which, as their links say; parts may add others."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import models

from calidez.kit.core.any_record import AnyRecord, Named
from calidez.kit.core.links import Link, Missing
from calidez.kit.core.registry import catalog

ANY = "*"  # as subject: records of every kind


class Way(StrEnum):
    UP = "up"  # where it comes from
    DOWN = "down"  # what follows from it


@dataclass(frozen=True)
class Carrier:
    """The field that carries a relation: on this kind (`forward`) or on the one at the other end."""

    name: str
    forward: bool


@dataclass(frozen=True)
class Edge:
    """From a kind of record to another: `records` gives those at the other end, or None where there can be none.

    `target` is the kind at the other end, None where each record says it itself. `filter` is the filter of the other
    kind's list that shows them all; `missing` the sentence where none is there and one is expected. `field` names the
    foreign key or many-to-many field, on either kind, that carries the relation: by it the edge is followed into the
    past. Empty, it is found where only one can be meant; None says that no field carries it. `carrier` says it exactly.
    """

    way: Way
    label: Any
    target: type[models.Model] | None
    records: Callable[[Any], models.QuerySet[Any] | None]
    filter: str = ""
    missing: Any = ""
    field: str | None = ""
    carrier: Carrier | None = None

    def narrowing(self, record: Any) -> dict[str, str]:
        """What the address of the other kind's list says to show all that belong to this record."""
        if not self.filter or self.target is None:
            return {}
        anywhere = isinstance(self.target._meta.get_field(self.filter), AnyRecord)
        return {self.filter: str(Named.of(record) if anywhere else record.uid)}


_edges: dict[str, list[Edge]] = defaultdict(list)


def add_edge(
    subject: str,
    way: Way,
    label: Any,
    target: type[models.Model],
    records: Callable[[Any], models.QuerySet[Any] | None],
    *,
    filter: str = "",
    missing: Any = "",
    field: str | None = "",
) -> None:
    """For what no field of either kind says, as a relation over a third; the rest is a `Link` of the declaration.

    `subject` is a kind of record, as "standards.standard"; `label` says how it stands to the other end.
    """
    _edges[subject].append(Edge(way, label, target, records, filter, missing, field))


def edges_of(model: type[models.Model], way: Way) -> tuple[Edge, ...]:
    return tuple(edge for edge in every_edge_of(model) if edge.way == way)


def every_edge_of(model: type[models.Model]) -> tuple[Edge, ...]:
    mine = (model._meta.label_lower, ANY)
    return tuple(edge for subject, edge in every_edge() if subject in mine)


def every_edge() -> Iterator[tuple[str, Edge]]:
    yield from of_links()
    for subject, edges in _edges.items():
        yield from ((subject, edge) for edge in edges)


def of_links() -> Iterator[tuple[str, Edge]]:
    """Both ways of every link that is declared."""
    for entity in catalog:
        yield from _of_declaration(entity)


@functools.cache
def _of_declaration(entity: Any) -> tuple[tuple[str, Edge], ...]:
    return tuple(found for link in entity.links for found in _both_ways(entity.model, link))


def _both_ways(model: type[models.Model], link: Link) -> Iterator[tuple[str, Edge]]:
    named = link.named_by(model)
    words = {Way.UP: link.up, Way.DOWN: link.down}
    here, there = (Way.DOWN, Way.UP) if link.below else (Way.UP, Way.DOWN)

    def holders(record: Any) -> models.QuerySet[Any]:
        found = link.holders(model, record)
        return found if link.where is None else found.filter(link.where)

    yield (
        model._meta.label_lower,
        Edge(
            here,
            words[here],
            named,
            link.named,
            missing=_sentence(link.missing),
            carrier=Carrier(link.field, True),
        ),
    )
    yield (
        named._meta.label_lower if named is not None else ANY,
        Edge(
            there,
            words[there],
            model,
            holders,
            filter=link.field,
            missing=_sentence(link.missing_there),
            carrier=Carrier(link.field, False),
        ),
    )


def _sentence(missing: Any) -> Any:
    return missing.yet if isinstance(missing, Missing) else missing


def carrier(subject: type[models.Model], edge: Edge) -> Carrier | None:
    """What `field` of the edge names, or the only field that can be meant; None where no field carries it.

    Where both ends have a field of that name, as a tree has, it is the lower one's: this record's own on the way up,
    the other's on the way down; “this.parent” or “other.parent” says it otherwise.
    """
    if edge.carrier is not None or edge.field is None or edge.target is None:
        return edge.carrier
    end, _dot, name = edge.field.rpartition(".")
    found = [Carrier(n, True) for n in _relations(subject, edge.target) if end != "other"]
    found += [Carrier(n, False) for n in _relations(edge.target, subject) if end != "this"]
    if name:
        found = [one for one in found if one.name == name]
        if not found:
            raise ValueError(
                f"no relation {edge.field!r} between {subject.__name__} and {edge.target.__name__}"
            )
        if len(found) > 1:
            found = [one for one in found if one.forward == (edge.way == "up")]
    elif len(found) > 1:
        found = [one for one in found if not one.forward and one.name == edge.filter]
    return found[0] if len(found) == 1 else None


def needed(model: type[models.Model]) -> set[str]:
    """The fields of this kind by which edges of others come to it."""
    carriers = (
        edge.carrier or carrier(apps.get_model(subject), edge)
        for subject, edge in every_edge()
        if edge.target is model
    )
    return {one.name for one in carriers if one is not None and not one.forward}


def _relations(model: type[models.Model], other: type[models.Model]) -> list[str]:
    fields = (*model._meta.concrete_fields, *model._meta.many_to_many)
    return [f.name for f in fields if f.is_relation and f.related_model is other and f.name != "created_by"]
