"""Panels that monitoring shows on its own records and adds to those of other parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from calidez.kit import cells
from calidez.kit.catalog import catalog
from calidez.kit.display import Cell, Empty, Header, Link, Row
from calidez.monitoring.models import Dataset, Import

@dataclass(frozen=True)
class Table:
    """What kit/panels/table.html draws."""

    headers: tuple[Header, ...]
    rows: tuple[Row, ...]
    empty: Empty | None = None
    more: Link | None = None


def columns_table(dataset: Dataset, user: Any, request: Any) -> Table:
    """The declared columns: what each is called here, in the file, and what it is for."""
    columns = dataset.schema.get("columns", [])
    rows = tuple(
        Row(
            "",
            (
                cells.cell(column["name"]),
                cells.cell(column["source"]),
                cells.cell(type_name(column["type"])),
                cells.cell(role_name(column["role"])),
                cells.cell(column.get("unit") or ""),
            ),
        )
        for column in columns
        if column["role"] != "ignore"
    )
    headers = tuple(Header(t) for t in (_("Column"), _("In the file"), _("Type"), _("Role"), _("Unit of measure")))
    empty = None if rows else Empty(_("The columns are known once a first file is loaded."))
    return Table(headers, rows, empty)


def imports_table(dataset: Dataset, user: Any, request: Any) -> Table:
    """The newest files that went into a dataset."""
    entity = catalog.of(Import)
    imports = entity.queryset(user).filter(dataset=dataset).select_related("created_by").order_by("-created_at")[:10]
    rows = tuple(
        Row(
            entity.url(item),
            (
                cells.cell(Link(item.code, entity.url(item))),
                cells.cell(item.file_name),
                cells.cell(entity.state_badge(item)),
                cells.cell(rows_loaded(item)),
                cells.cell(item.created_at),
            ),
        )
        for item in imports
    )
    headers = (
        Header(_("Code")),
        Header(_("File")),
        Header(_("State")),
        Header(_("Rows loaded"), numeric=True),
        Header(_("When")),
    )
    return Table(headers, rows, None if rows else Empty(_("No file has been loaded into it yet.")))


def rows_loaded(item: Import) -> Any:
    return item.report.get("rows_loaded", "") if item.state == Import.State.LOADED else Cell(cells.CellKind.EMPTY)


def import_report(item: Import, user: Any, request: Any) -> Any:
    return item.report or None


def type_name(code: str) -> str:
    names = {
        "text": _("text"),
        "integer": _("whole number"),
        "number": _("number"),
        "boolean": _("yes or no"),
        "date": _("date"),
        "timestamp": _("date and time"),
    }
    return names.get(code, code)


def role_name(code: str) -> str:
    names = {
        "key": _("key"),
        "time": _("time"),
        "branch": _("unit (branch)"),
        "segment": _("segment"),
        "value": _("value"),
        "text": _("text"),
        "ignore": _("not loaded"),
    }
    return names.get(code, code)
