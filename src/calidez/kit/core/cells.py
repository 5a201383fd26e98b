"""Values of records become cells: one place decides how a date, a choice or a reference is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.urls import reverse

from calidez.kit.core.any_record import AnyRecord
from calidez.kit.core.registry import catalog
from calidez.kit.platform.display import Badge, Cell, CellKind, Link
from calidez.kit.platform.kept_files.field import KeptFileField
from calidez.kit.platform.sparkline import Sparkline


@dataclass(frozen=True)
class Column:
    """A column that is not simply a field: `value(record)` gives text, number, date, Badge, Link, Sparkline or Cell."""

    name: str
    label: Any
    value: Callable[[Any], Any]
    sort: str = ""
    related: str = ""
    numeric: bool = False


EMPTY = Cell(CellKind.EMPTY)


def column_label(entity: Any, column: Any) -> str:
    if isinstance(column, Column):
        return str(column.label)
    text = str(field_of(entity.model, column).verbose_name)
    return text[:1].upper() + text[1:]


def column_name(column: Any) -> str:
    return column.name if isinstance(column, Column) else column


def column_sort(entity: Any, column: Any) -> str:
    if isinstance(column, Column):
        return column.sort
    field = field_of(entity.model, column)
    unsorted = (models.JSONField, models.FileField, AnyRecord)
    return "" if field.many_to_many or isinstance(field, unsorted) else column


def is_numeric(entity: Any, column: Any) -> bool:
    """Whether the column stands on the right, as figures do."""
    if isinstance(column, Column):
        return column.numeric
    field = field_of(entity.model, column)
    return (
        isinstance(field, (models.IntegerField, models.FloatField, models.DecimalField)) and not field.choices
    )


def cell_of(entity: Any, record: Any, column: Any) -> Cell:
    if isinstance(column, Column):
        return cell(column.value(record))
    if column == "state":
        return cell(entity.state_badge(record))
    return field_cell(record, field_of(entity.model, column))


def field_cell(record: Any, field: Any) -> Cell:
    if field.many_to_many:
        return cell(tuple(_link(r) for r in getattr(record, field.name).all()[:30]))
    if isinstance(field, models.ForeignKey):
        related = getattr(record, field.name)
        return EMPTY if related is None else cell(_link(related))
    if isinstance(field, AnyRecord):
        named = getattr(record, field.name)
        if named is None:
            return EMPTY
        return cell(_link(named.found) if named.found is not None else named.kind)
    if field.choices:
        display = getattr(record, f"get_{field.name}_display")()
        return cell(display)
    value = field.value_from_object(record)
    if isinstance(field, KeptFileField):
        return cell(_file_link(record, field, value)) if value else EMPTY
    if isinstance(field, models.TextField) and value:
        return Cell(CellKind.LONG, value)
    return cell(value)


def cell(value: Any) -> Cell:
    """The cell for a value whose type says how to show it."""
    if isinstance(value, Cell):
        return value
    if value is None or value == "" or value == ():
        return EMPTY
    if isinstance(value, Badge):
        return Cell(CellKind.BADGE, value)
    if isinstance(value, Link):
        return Cell(
            CellKind.LINK if value.url else CellKind.TEXT, value if value.url else value.text, value.url
        )
    if isinstance(value, Sparkline):
        return Cell(CellKind.SPARKLINE, value)
    if isinstance(value, tuple):
        return Cell(CellKind.LINKS, value)
    if isinstance(value, bool):
        return Cell(CellKind.YES_NO, value)
    if isinstance(value, dt.datetime):
        return Cell(CellKind.MOMENT, value)
    if isinstance(value, dt.date):
        return Cell(CellKind.DATE, value)
    if isinstance(value, (int, float, Decimal)):
        return Cell(CellKind.NUMBER, value)
    return Cell(CellKind.TEXT, str(value))


def plain(cell_: Cell) -> Any:
    """The value without its look, for exports as text."""
    value = bare(cell_)
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def bare(cell_: Cell) -> Any:
    """The value without its look: text, number, date, moment or yes and no."""
    value = cell_.value
    if cell_.kind == CellKind.EMPTY:
        return ""
    if isinstance(value, (Badge, Link)):
        return value.text
    if isinstance(value, Sparkline):
        return value.label
    if cell_.kind == CellKind.LINKS:
        return "; ".join(link.text for link in value)
    return value


def field_of(model: type[models.Model], path: str) -> Any:
    """The model field at the end of a path such as `unit__parent`."""
    field: Any = None
    for name in path.split("__"):
        field = model._meta.get_field(name)
        model = field.related_model or model
    return field


def has_field(model: type[models.Model], name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


def _link(record: Any) -> Link:
    entity = catalog.get(type(record))
    return Link(str(record), entity.url(record) if entity else "")


def _file_link(record: Any, field: Any, file: Any) -> Link:
    entity = catalog.get(type(record))
    if entity is None or record.pk is None:
        return Link(file.called, "")
    return Link(file.called, reverse("kit:field-file", args=[entity.slug, record.uid, field.name]))
