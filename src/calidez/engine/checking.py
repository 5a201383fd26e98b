"""The SQL that tells good rows from bad ones, the same for the quick and for the thorough reading."""

# ruff: noqa: S608 - names are quoted and values are literals of our own making

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from calidez.engine.connection import literal, quoted
from calidez.engine.errors import EngineError
from calidez.engine.parsing import STORAGE, branch_value, is_missing, reason_expression, value_expression
from calidez.engine.schema import Column, ColumnType, Role, Schema
from calidez.engine.sources import Source

# A filter moves below the values it looks at, which are then computed twice; what is volatile stays above.
BARRIER = "_barrier"
# Such a row has no cells, and yet is no blank one.
UNREADABLE = "COALESCE(_shape IN ('bad_json', 'bad_quotes', 'line_too_long'), false)"


@dataclass(frozen=True)
class Cell:
    """One stored column of the dataset and where the file has it; `position` is None where it has not."""

    column: Column
    position: int | None
    value: str
    reason: str
    accepted: str

    @property
    def raw(self) -> str:
        return f"c{self.position}"


@dataclass(frozen=True)
class Checks:
    cells: tuple[Cell, ...]

    @property
    def names(self) -> str:
        return ", ".join(quoted(cell.column.name) for cell in self.cells)

    def good(self, rows: str, *extra: str) -> str:
        """The accepted rows as typed columns under the dataset's names."""
        rows = rows if self.blank_is_refused else self.not_blank(rows)
        kept = [*extra, *self._stored]
        return f"SELECT {', '.join(kept)} FROM ({self._parsed(rows, extra)}) WHERE {self._accepted()}"

    def good_beside(self, rows: str, cells: Collection[str], refuse: str) -> str:
        """The accepted rows as `good` gives them, computing the false expression `refuse` over the cells of every other row."""
        accepted = self._accepted() if self.blank_is_refused else f"NOT ({self.blank}) AND {self._accepted()}"
        return (
            f"SELECT {', '.join(self._stored)} FROM ({self._parsed(rows, cells)}) "
            f"WHERE CASE WHEN {accepted} THEN true ELSE {refuse} END"
        )

    @property
    def _stored(self) -> list[str]:
        return [f"{parsed(cell)} AS {quoted(cell.column.name)}" for cell in self.cells]

    def bad(self, rows: str, width: int) -> str:
        """The rows that were not accepted: number, cells and the list of what is wrong with them."""
        cells = ", ".join(f"c{n}" for n in range(width))
        problems = ", ".join(
            f"{{'column': {literal(cell.column.source or cell.column.name)}, 'code': {cell.reason}, "
            f"'value': {cell.raw if cell.position is not None else 'NULL::VARCHAR'}}}"
            for cell in self.cells
        )
        shape = "{'column': '', 'code': _shape, 'value': _beyond}"
        extra = ("_row", "_shape", "_beyond", *(f"c{n}" for n in range(width)))
        return (
            f"SELECT _row, {cells}, CASE WHEN _shape IS NOT NULL THEN [{shape}] "
            f"ELSE list_filter([{problems}], x -> x.code IS NOT NULL) END AS _problems "
            f"FROM ({self._parsed(self.not_blank(rows, unless=UNREADABLE), extra)}) WHERE _shape IS NOT NULL OR NOT ({self._accepted()})"
        )

    def _parsed(self, rows: str, extra: Collection[str]) -> str:
        used = {cell.raw for cell in self.cells if cell.position is not None}
        carried = [*extra, *sorted(used - set(extra))]
        values = [f"{cell.value} AS {parsed(cell)}" for cell in self.cells]
        values.append(f"random() AS {BARRIER}")
        return f"SELECT {', '.join([*carried, *values])} FROM ({rows})"

    def _accepted(self) -> str:
        return " AND ".join(cell.accepted for cell in self.cells if cell.accepted) or "true"

    @property
    def blank(self) -> str:
        """A row with nothing in any column that is read is no row: spreadsheets leave many at the end."""
        cells = (f"NULLIF({cell.raw}, '')" for cell in self.cells if cell.position is not None)
        return f"COALESCE(NULL::VARCHAR, {', '.join(cells)}) IS NULL"

    def not_blank(self, rows: str, *, unless: str = "false") -> str:
        return f"SELECT * FROM ({rows}) WHERE NOT ({self.blank}) OR {unless}"

    @property
    def blank_is_refused(self) -> bool:
        return any(cell.column.is_required for cell in self.cells)


def parsed(cell: Cell) -> str:
    return quoted(f"v_{cell.column.name}")


def checks_for(
    dataset: Schema,
    mapping: Schema,
    source: Source,
    *,
    known_branches: Collection[str] | None,
    branch_map: Mapping[str, str] | None,
) -> Checks:
    """Match the file's headers with the dataset's columns; refuses what does not agree."""
    given = {column.name: column for column in mapping.stored}
    stored = {column.name for column in dataset.stored}
    for name in given:
        if name not in stored:
            raise EngineError("schema_mismatch", column=name)
    positions = {header: position for position, header in enumerate(source.headers)}
    return Checks(
        tuple(
            _cell(column, given.get(column.name), positions, source, known_branches, branch_map)
            for column in dataset.stored
        )
    )


def _cell(
    column: Column,
    given: Column | None,
    positions: Mapping[str, int],
    source: Source,
    known_branches: Collection[str] | None,
    branch_map: Mapping[str, str] | None,
) -> Cell:
    if given is None:
        if column.is_required or column.is_key:
            raise EngineError("missing_column", name=source.name, column=column.source or column.name)
        return Cell(column, None, f"NULL::{STORAGE[column.type]}", "NULL::VARCHAR", "")
    if given.type is not column.type:
        raise EngineError("schema_mismatch", column=column.name)
    if given.source not in positions:
        raise EngineError("missing_column", name=source.name, column=given.source)
    raw = f"c{positions[given.source]}"
    value = value_expression(given, raw)
    is_branch = column.role is Role.BRANCH
    if is_branch and branch_map:
        value = branch_value(value, branch_map)
    known = known_branches if is_branch else None
    name = quoted(f"v_{column.name}")
    required = given.is_required or column.is_required
    return Cell(
        column=given,
        position=positions[given.source],
        value=value,
        reason=reason_expression(given, raw, name, required=required, known_branches=known),
        accepted=_acceptance(given.type, raw, name, required=required, known_branches=known),
    )


def _acceptance(
    kind: ColumnType, raw: str, value: str, *, required: bool, known_branches: Collection[str] | None
) -> str:
    """True exactly where the reason is NULL, in the form that costs least."""
    parts = []
    if required:
        parts.append(f"({value} IS NOT NULL OR {BARRIER} < 0)")
    elif kind is not ColumnType.TEXT:
        parts.append(f"({value} IS NOT NULL OR {is_missing(raw)} OR {BARRIER} < 0)")
    if known_branches is not None:
        names = ", ".join(literal(name) for name in sorted(known_branches)) or "NULL"
        parts.append(f"({value} IS NULL OR {value}::VARCHAR IN ({names}) OR {BARRIER} < 0)")
    return " AND ".join(parts)
