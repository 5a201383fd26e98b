"""Rows of a record that are written in its own form: the steps of a procedure, the lines of a list.

They are saved by the record's own operation, in its transaction and under its version, and its trail tells them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from calidez.kit.core.admission import settle
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.formats import day
from calidez.kit.platform.formats import number as figure

_BETWEEN = " · "


@dataclass(frozen=True)
class Child:
    """`order` names the whole-number field that keeps the rows as the person put them; without it they have no order.

    `later` says that most people leave the rows for later: while there are none, the form shows their title only.
    """

    model: type[models.Model]
    fields: tuple[str, ...]
    label: Any
    min: int = 0
    max: int = 50
    order: str = ""
    later: bool = False

    @property
    def name(self) -> str:
        return f"rows_{self.model._meta.model_name}"


@dataclass(frozen=True)
class Row:
    """One row as given: `pk` of the one that it replaces, and its place in the form, for what is wrong with it."""

    values: Mapping[str, Any]
    pk: int | None = None
    place: int = 0


def accessor(child: Child, parent: type[models.Model]) -> str:
    """What the rows are called on their record, as programs know them."""
    field: Any = child.model._meta.get_field(link(child.model, parent))
    return str(field.remote_field.get_accessor_name())


def link(rows: type[models.Model], parent: type[models.Model]) -> str:
    """The field by which a row belongs to its record."""
    found = [f.name for f in rows._meta.concrete_fields if f.is_relation and f.related_model is parent]
    if len(found) != 1:
        raise ValueError(f"{rows.__name__} must point at {parent.__name__} once, not {len(found)} times")
    return found[0]


def rows_of(child: Child, record: Any) -> list[Any]:
    """The rows as they stand, in their order."""
    if record.pk is None:
        return []
    owner = link(child.model, type(record))
    return list(child.model._default_manager.filter(**{owner: record}).order_by(child.order or "pk", "pk"))


def texts_of(child: Child, record: Any) -> list[str]:
    """Each row as one text, with all of its values: what the trail keeps and the history tells."""
    return [_text(child, row) for row in rows_of(child, record)]


def in_words(child: Child, text: str) -> str:
    """A row's text of the trail in the reader's language: it keeps codes, dates and figures, which never change."""
    labels = {
        str(code): str(label)
        for name in child.fields
        for code, label in getattr(child.model._meta.get_field(name), "flatchoices", None) or ()
    }
    kinds = [child.model._meta.get_field(name) for name in child.fields]
    dates = any(isinstance(kind, models.DateField) for kind in kinds)
    figures = any(isinstance(kind, models.FloatField) for kind in kinds)

    def said(piece: str) -> str:
        if piece in labels:
            return labels[piece]
        if dates and (date := _date(piece)) is not None:
            return day(date)
        if figures and re.fullmatch(r"-?\d+\.\d+", piece):
            return figure(float(piece))
        return piece

    return _BETWEEN.join(said(piece) for piece in text.split(_BETWEEN))


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def text_of_values(child: Child, values: Mapping[str, Any]) -> str:
    return _joined(values.get(name) for name in child.fields)


def write(children: Sequence[Child], record: Any, given: Mapping[str, Sequence[Row]]) -> None:
    """Make the rows what was given; within the record's transaction. Rows of a child that is not named stay."""
    for child in children:
        if child.name in given:
            _write(child, record, given[child.name])


def _write(child: Child, record: Any, given: Sequence[Row]) -> None:
    if not child.min <= len(given) <= child.max:
        raise RuleBroken(
            _("“%(rows)s” takes between %(least)s and %(most)s rows; these are %(count)s.")
            % {"rows": child.label, "least": child.min, "most": child.max, "count": len(given)},
            field=child.name,
        )
    owner, present = link(child.model, type(record)), {row.pk: row for row in rows_of(child, record)}
    kept = {row.pk for row in given if row.pk in present}
    for pk, row in present.items():
        if pk not in kept:
            row.delete()
    for number, one in enumerate(given, start=1):
        row = present.get(one.pk) or child.model(**{owner: record})
        for name in child.fields:
            if name in one.values:
                setattr(row, name, one.values[name])
        if child.order:
            setattr(row, child.order, number)
        try:
            settle(row, created=row.pk is None)
            row.full_clean()
        except ValidationError as error:
            raise _beside(child, one, error) from error
        row.save()


def _beside(child: Child, row: Row, error: ValidationError) -> RuleBroken:
    for field, messages in error.message_dict.items():
        named = field if field in child.fields else ""
        return RuleBroken(" ".join(messages), field=f"{child.name}-{row.place}-{named}")
    return RuleBroken(" ".join(error.messages), field=child.name)


def _text(child: Child, row: Any) -> str:
    return _joined(getattr(row, name) for name in child.fields)


def _joined(values: Any) -> str:
    return _BETWEEN.join(str(value) for value in values if value not in (None, ""))
