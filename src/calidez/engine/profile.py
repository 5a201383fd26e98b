"""What an inspection finds in a file, for a person to confirm before anything is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from calidez.engine.errors import CODES
from calidez.engine.schema import Column, ColumnType, DateOrder, Decimal, Role, Schema, safe_name

SHOWN_LETTERS = 300


@dataclass(frozen=True)
class Problem:
    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return CODES[self.code] % self.params


@dataclass(frozen=True)
class SeenRow:
    """A row as it stands in the file; `part` is what was made of it: title, heading, row or out."""

    name: str
    cells: tuple[str, ...]
    part: str
    reason: str = ""


@dataclass(frozen=True)
class Found:
    """Where the table lies in its file: its first rows as they stand there, and the rows that are none of it.

    `left_out` are the rows that are not read; those in `offered` look as if they belonged to no table, read or not.
    `wide` are headings that are periods or steps, `by` which of them.
    """

    heading_rows: tuple[int, ...] = ()
    rows: tuple[SeenRow, ...] = ()
    offered: tuple[SeenRow, ...] = ()
    left_out: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    sheet_column: str = ""
    turned: tuple[str, ...] = ()
    wide: tuple[str, ...] = ()
    by: str = ""
    year: int | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Found:
        known: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
        }
        for name in ("rows", "offered"):
            known[name] = tuple(
                SeenRow(**{**row, "cells": tuple(row["cells"])}) for row in known.get(name, ())
            )
        return cls(**known)


@dataclass(frozen=True)
class ColumnProfile:
    """One column as found. `date_orders` are the orders that every value fits; `ambiguous` when more than one does, or more
    than one of `forms`. `misfit_samples` are cells that do not fit the type, `markers` what stands in cells taken for
    empty, `nothing` a number that most likely stands for none, and how often. `ways` are examples of dates written in
    several ways, `joined` the columns with the rest of a date; a `clock` holds times of day.
    """

    source: str
    name: str
    type: ColumnType
    suggested_role: Role
    samples: tuple[str, ...] = ()
    empty: int = 0
    distinct: int = 0
    misfits: int = 0
    date_orders: tuple[DateOrder, ...] = ()
    ambiguous: bool = False
    decimal: Decimal = "."
    constant_width: int | None = None
    form: str = ""
    forms: tuple[str, ...] = ()
    unit: str = ""
    misfit_samples: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()
    nothing: tuple[str, int] | None = None
    ways: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    clock: bool = False

    def column(self, **changes: object) -> Column:
        """The column as suggested; a day/month order that is ambiguous stays open."""
        settled = self.date_orders[0] if len(self.date_orders) == 1 else None
        suggestion = {
            "name": self.name,
            "source": self.source,
            "type": self.type,
            "role": self.suggested_role,
            "date_order": settled,
            "decimal": self.decimal,
            "form": self.form,
            "unit": self.unit,
            "joined": self.joined,
        }
        return Column(**{**suggestion, **changes})  # type: ignore[arg-type]


@dataclass(frozen=True)
class FileProfile:
    """`rows` is counted where the whole file was examined (`exact`), otherwise estimated."""

    format: str
    encoding: str
    delimiter: str
    has_header: bool
    sheets: tuple[str, ...]
    sheet: str
    columns: tuple[ColumnProfile, ...]
    preview: tuple[tuple[str, ...], ...]
    rows: int
    exact: bool
    repeated_rows: int
    proposed_key: tuple[str, ...]
    problems: tuple[Problem, ...]
    found: Found = field(default_factory=Found)

    def column(self, source: str) -> ColumnProfile:
        return next(column for column in self.columns if column.source == source)

    def suggested_schema(self) -> Schema:
        """The schema as suggested, the proposed key included; ambiguous dates still need their order."""
        return Schema(tuple(column.column(key=column.source in self.proposed_key) for column in self.columns))

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FileProfile:
        return cls(
            **{
                **data,
                "columns": tuple(_column(column) for column in data["columns"]),
                "preview": tuple(tuple(row) for row in data["preview"]),
                "sheets": tuple(data["sheets"]),
                "proposed_key": tuple(data["proposed_key"]),
                "problems": tuple(Problem(**problem) for problem in data["problems"]),
                "found": Found.from_json(data.get("found", {})),
            }
        )


def shown(cell: object) -> str:
    """A cell as a person is shown it: its beginning, without the null character that no database keeps."""
    text = str(cell)
    text = text if len(text) <= SHOWN_LETTERS else text[:SHOWN_LETTERS] + "…"
    return text.replace("\x00", "\ufffd")


def _column(data: Mapping[str, Any]) -> ColumnProfile:
    return ColumnProfile(
        **{
            **data,
            "type": ColumnType(data["type"]),
            "suggested_role": Role(data["suggested_role"]),
            "samples": tuple(data["samples"]),
            "date_orders": tuple(data["date_orders"]),
            **{
                name: tuple(data.get(name, ()))
                for name in ("forms", "misfit_samples", "markers", "ways", "joined")
            },
            "nothing": tuple(data["nothing"]) if data.get("nothing") else None,
        }
    )


def names_for(headers: tuple[str, ...]) -> tuple[str, ...]:
    taken: list[str] = []
    for header in headers:
        taken.append(safe_name(header, taken))
    return tuple(taken)
