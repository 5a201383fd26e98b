"""A link leads only where its reader may go: what lies outside stays a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from calidez.kit.core import access, cells
from calidez.kit.core.any_record import AnyRecord, look_up
from calidez.kit.core.registry import catalog
from calidez.kit.platform.display import Cell, CellKind


def within(shown: Cell, record: Any, name: Any, user: Any) -> Cell:
    """The cell of a field of one record, for its page: every record it names is looked for through its kind's door."""
    if _names_any(record, name):
        look_up([record], user)
        return cells.field_cell(record, record._meta.get_field(name))
    if shown.kind not in {CellKind.LINK, CellKind.LINKS} or not _is_reference(record, name):
        return shown
    if shown.kind == CellKind.LINK:
        related = getattr(record, name)
        return shown if related.pk in _seen([related], user) else Cell(CellKind.TEXT, shown.value.text)
    many = list(getattr(record, name).all()[: len(shown.value)])
    seen = _seen(many, user)
    links = (
        link if one.pk in seen else replace(link, url="") for one, link in zip(many, shown.value, strict=True)
    )
    return Cell(CellKind.LINKS, tuple(links))


def in_a_list(shown: Cell, record: Any, name: Any, user: Any) -> Cell:
    """The cell of a list, of which there are hundreds, without a query: links to kinds of which the reader sees nothing become words."""
    if shown.kind != CellKind.LINK or not _is_reference(record, name):
        return shown
    entity = _entity(getattr(record, name))
    return shown if entity.may(user, access.VIEW) else Cell(CellKind.TEXT, shown.value.text)


def in_a_column(shown: list[Cell], records: Sequence[Any], name: Any, user: Any) -> list[Cell]:
    """The cells of one field of several records, for a table on a page: one query, whatever their number."""
    if not records or not _is_reference(records[0], name):
        return shown
    if any(cell.kind == CellKind.LINKS for cell in shown):
        return [Cell(CellKind.TEXT, str(cells.bare(cell))) for cell in shown]
    related = [getattr(one, name) for one in records]
    seen = _seen([one for one in related if one is not None], user)
    return [
        cell if cell.kind != CellKind.LINK or one.pk in seen else Cell(CellKind.TEXT, cell.value.text)
        for cell, one in zip(shown, related, strict=True)
    ]


def _seen(records: list[Any], user: Any) -> set[Any]:
    """Their keys, of those that the reader may see; nothing is asked where all are."""
    if not records:
        return set()
    entity, keys = _entity(records[0]), {record.pk for record in records}
    if entity is None:
        return set()
    if entity.scope is None or access.scope(user, entity.key, access.VIEW).everywhere:
        return keys if entity.may(user, access.VIEW) else set()
    return set(entity.queryset(user).filter(pk__in=keys).values_list("pk", flat=True))


def _is_reference(record: Any, name: Any) -> bool:
    """A field that names other records; the file of a record is its own."""
    return (
        isinstance(name, str)
        and cells.has_field(type(record), name)
        and bool(record._meta.get_field(name).is_relation)
    )


def _names_any(record: Any, name: Any) -> bool:
    return (
        isinstance(name, str)
        and cells.has_field(type(record), name)
        and isinstance(record._meta.get_field(name), AnyRecord)
    )


def _entity(record: Any) -> Any:
    return catalog.get(type(record))
