"""The columns of a pack's dataset as the engine's schema, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from calidez import engine

DATES = (engine.ColumnType.DATE, engine.ColumnType.TIMESTAMP)


def schema_of_entry(entry: Mapping[str, Any]) -> Any:
    """Of an entry told in one language; EngineError says what the engine refuses. Dates are read year first."""
    return engine.Schema(tuple(_column(column) for column in entry["columns"]))


def _column(column: Mapping[str, Any]) -> Any:
    kind = engine.ColumnType(column["type"])
    return engine.Column(
        name=column["name"],
        source=column.get("heading") or column["name"],
        type=kind,
        role=engine.Role(column["role"]),
        unit=column.get("unit", ""),
        date_order="ymd" if kind in DATES else None,
        required=column.get("required", False),
        key=column.get("key", False),
        zone=settings.TIME_ZONE,
    )


def columns_of_schema(schema: Any) -> list[dict[str, Any]]:
    """The columns as a pack says them, without what goes without saying."""
    found = []
    for column in schema.stored:
        said: dict[str, Any] = {"name": column.name}
        if column.source != column.name:
            said["heading"] = column.source
        said |= {"type": str(column.type), "role": str(column.role)}
        if column.unit:
            said["unit"] = column.unit
        said |= {name: True for name in ("key", "required") if getattr(column, name)}
        found.append(said)
    return found
