"""The file to fill in: headings in the reader's words, what may stand in each column, and the records that exist."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from calidez.engine.formulas import neutral, original
from calidez.kit.catalog import Entity, catalog
from calidez.kit.core import access
from calidez.kit.core.any_record import AnyRecord, looked_up
from calidez.kit.core.finding import key_of, written
from calidez.kit.desk.exchange import csv_lines
from calidez.kit.desk.intake.matching import UID, columns_of, heading, key_field
from calidez.kit.desk.spreadsheet import shown_as_a_day

FORMATS = ("xlsx", "csv")


def headings(entity: Entity) -> list[str]:
    return [heading(entity, name) for name in columns_of(entity)]


def existing(entity: Entity, user: Any) -> Iterator[list[Any]]:
    """Every record that the person may download, one row each, as the file would bring it in again."""
    names = columns_of(entity)
    fields = [entity.model._meta.get_field(name) for name in names]
    singles = [f.name for f in fields if isinstance(f, models.ForeignKey)]
    many = [f.name for f in fields if f.many_to_many]
    records = entity.queryset(user, access.EXPORT).order_by(*entity.ordering, "pk")
    found = records.select_related(*singles).prefetch_related(*many).iterator(chunk_size=500)
    for record in looked_up(found, entity.model, user):
        yield [_outgoing(record, field) for field in fields]


def as_csv(entity: Entity, rows: Iterator[list[Any]]) -> Iterator[str]:
    def lines() -> Iterator[list[Any]]:
        yield headings(entity)
        for row in rows:
            yield [_plain(value) for value in row]

    return csv_lines(lines())


def as_workbook(entity: Entity, rows: Iterator[list[Any]]) -> bytes:
    """A sheet to fill in and one that explains it; real dates and numbers, nothing that runs as a formula."""
    buffer = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(entity.label_plural[:31].capitalize())
        for place, text in enumerate(headings(entity)):
            sheet.write_string(0, place, text, bold)
            sheet.set_column(place, place, max(14, len(text) + 2))
        sheet.freeze_panes(1, 1)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                if value is None or value == "":
                    continue
                _write(sheet, number, place, value, day)
        _explain(book, entity, bold)
    return buffer.getvalue()


def _write(sheet: Any, row: int, place: int, value: Any, look: Any) -> None:
    if isinstance(value, str):
        # A cell of text runs nothing; one that looks as if we had made it harmless would lose its apostrophe on return.
        sheet.write_string(row, place, value if original(value) == value else neutral(value))
    elif not hasattr(value, "isoformat"):
        sheet.write(row, place, value)
    elif shown_as_a_day(value):
        sheet.write_datetime(row, place, value, look)
    else:
        sheet.write_string(row, place, value.isoformat())


def _explain(book: Any, entity: Entity, bold: Any) -> None:
    sheet = book.add_worksheet(_("How to fill it in")[:31])
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for place, (text, width) in enumerate(((_("Column"), 24), (_("What to write"), 60), (_("Needed"), 10))):
        sheet.write_string(0, place, text, bold)
        sheet.set_column(place, place, width)
    for number, name in enumerate(columns_of(entity), start=1):
        field: Any = entity.model._meta.get_field(name)
        needed = name != UID and field.editable and not field.blank and not field.has_default()
        sheet.write_string(number, 0, heading(entity, name), wrapped)
        sheet.write_string(number, 1, explanation(entity, field), wrapped)
        sheet.write_string(number, 2, _("yes") if needed else "", wrapped)


def what_rows_do(entity: Entity) -> str:
    """Which rows change a record and which make a new one: by what records of the kind are told apart by."""
    key = key_field(entity)
    words = {"key": heading(entity, key or UID)}
    if key and entity.model._meta.get_field(key).editable:
        return (
            _(
                "One row per record. A row whose “%(key)s” exists changes that record; one that is new here makes a new record."
            )
            % words
        )
    return (
        _(
            "One row per record. A row with the “%(key)s” of a record changes it; leave it empty for a new one."
        )
        % words
    )


def explanation(entity: Entity, field: Any) -> str:
    """What may stand in one column, in a sentence or two."""
    if field.name == UID:
        return _("Leave it empty for a new record; it names an existing one for certain.")
    if field.name == key_field(entity) and not field.editable:
        return _("Leave it empty for a new record: the system gives the next one.")
    said = [str(field.help_text)] if field.help_text else []
    if field.choices:
        said.append(", ".join(str(label) for _value, label in field.flatchoices))
    elif field.is_relation:
        said.append(_reference(field))
    elif isinstance(field, AnyRecord):
        said.append(_("The code of a record of any kind, or the address of its page."))
    elif isinstance(field, models.BooleanField):
        said.append(_("yes or no"))
    elif isinstance(field, models.DateField):
        said.append(_("A date, such as 2026-03-12."))
    elif isinstance(field, (models.FloatField, models.DecimalField, models.IntegerField)):
        said.append(_("A number."))
    elif not said:
        said.append(_("A text."))
    return " ".join(said)


def _reference(field: Any) -> str:
    entity = catalog.get(field.related_model)
    kind = entity.label if entity is not None else str(field.related_model._meta.verbose_name)
    key = key_field(entity) if entity is not None else ""
    by = str(field.related_model._meta.get_field(key).verbose_name) if key else _("name or identifier")
    if field.many_to_many:
        return _("%(by)s of each %(kind)s, with semicolons between them.") % {
            "by": by.capitalize(),
            "kind": kind,
        }
    return _("%(by)s of one %(kind)s.") % {"by": by.capitalize(), "kind": kind}


def _outgoing(record: Any, field: Any) -> Any:
    if field.many_to_many:
        return "; ".join(key_of(related) for related in getattr(record, field.name).all())
    value = getattr(record, field.name)
    if value is None:
        return None
    if field.is_relation:
        return key_of(value)
    if isinstance(field, AnyRecord):
        return written(value)
    if field.choices:
        return str(getattr(record, f"get_{field.name}_display")())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, models.DateTimeField):
        return timezone.localtime(value).replace(tzinfo=None)
    return value if isinstance(value, (int, float, Decimal)) or hasattr(value, "isoformat") else str(value)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
