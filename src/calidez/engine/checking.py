"""The SQL that tells good rows from bad ones, the same for the quick and for the thorough reading."""

# ruff: noqa: S608 - names are quoted and values are literals of our own making

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from calidez.engine.connection import literal, quoted
from calidez.engine.errors import EngineError
from calidez.engine.parsing import (
    STORAGE,
    branch_value,
    is_missing,
    reason_expression,
    value_expression,
    value_of_parts,
    with_missing,
)
from calidez.engine.schema import Column, ColumnType, Role, Schema
from calidez.engine.sources import Source

# A filter moves below the values it looks at, which are then computed twice; what is volatile stays above.
BARRIER = "_barrier"
# Such a row has no cells, and yet is no blank one.
UNREADABLE = "COALESCE(_shape IN ('bad_json', 'bad_quotes', 'line_too_long'), false)"


@dataclass(frozen=True)
class Cell:
    """One stored column of the dataset and where the file has it: `positions` of its parts, none where it has it not.

    `text` is what is read, `value` what it is, `reason` what is wrong with it. What is not `accepted` costs the row; a
    cell that is `emptied` is left empty, and its row is taken.
    """

    column: Column
    positions: tuple[int, ...]
    text: str
    value: str
    reason: str
    accepted: str
    emptied: str = ""

    @property
    def told(self) -> str:
        """What stood there, for a person to find it."""
        return self.text if self.positions else "NULL::VARCHAR"


@dataclass(frozen=True)
class Checks:
    cells: tuple[Cell, ...]

    @property
    def names(self) -> str:
        return ", ".join(quoted(cell.column.name) for cell in self.cells)

    def good(self, rows: str, *extra: str, note: str = "") -> str:
        """The accepted rows as typed columns under the dataset's names; the true expression `note` is computed over each of
        those with a cell left empty, and needs their cells among `extra`."""
        rows = rows if self.blank_is_refused else self.not_blank(rows)
        noted = f" AND {self._noted(note)}" if note and self.emptied else ""
        stored = ", ".join([name for name in extra if name == "_row"] + self._stored)
        return f"SELECT {stored} FROM ({self._parsed(rows, extra)}) WHERE {self._accepted()}{noted}"

    def good_beside(self, rows: str, cells: Collection[str], refuse: str, note: str) -> str:
        """The accepted rows as `good` gives them, computing the false expression `refuse` over the cells of every other
        row, and the true one `note` over those of rows with a cell left empty."""
        accepted = self._accepted() if self.blank_is_refused else f"NOT ({self.blank}) AND {self._accepted()}"
        taken = self._noted(note) if self.emptied else "true"
        return (
            f"SELECT {', '.join(self._stored)} FROM ({self._parsed(rows, cells)}) "
            f"WHERE CASE WHEN {accepted} THEN {taken} ELSE {refuse} END"
        )

    def _noted(self, note: str) -> str:
        return f"CASE WHEN {self.emptied} THEN {note} ELSE true END"

    @property
    def _stored(self) -> list[str]:
        return [f"{parsed(cell)} AS {quoted(cell.column.name)}" for cell in self.cells]

    def bad(self, rows: str, width: int) -> str:
        """The rows that were not accepted: number, cells and the list of what is wrong with them."""
        shape = "{'column': '', 'code': _shape, 'value': _beyond}"
        problems = f"CASE WHEN _shape IS NOT NULL THEN [{shape}] ELSE {self._problems(self.strict)} END"
        which = f"_shape IS NOT NULL OR NOT ({self._accepted()})"
        return self._listed(rows, width, problems, which)

    def with_gaps(self, rows: str, width: int) -> str:
        """The accepted rows with a cell left empty, as `bad` gives the others."""
        lenient = tuple(cell for cell in self.cells if cell.emptied)
        which = f"_shape IS NULL AND {self._accepted()} AND {self.emptied or 'false'}"
        return self._listed(rows, width, self._problems(lenient), which)

    @property
    def strict(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if not cell.emptied)

    def _problems(self, cells: Collection[Cell]) -> str:
        listed = ", ".join(
            f"{{'column': {literal(cell.column.source or cell.column.name)}, 'code': {cell.reason}, 'value': {cell.told}}}"
            for cell in cells
        )
        if not listed:
            return '[]::STRUCT("column" VARCHAR, code VARCHAR, "value" VARCHAR)[]'
        return f"list_filter([{listed}], x -> x.code IS NOT NULL)"

    def _listed(self, rows: str, width: int, problems: str, which: str) -> str:
        cells = ", ".join(f"c{n}" for n in range(width))
        extra = ("_row", "_shape", "_beyond", *(f"c{n}" for n in range(width)))
        return (
            f"SELECT _row, {cells}, {problems} AS _problems "
            f"FROM ({self._parsed(self.not_blank(rows, unless=UNREADABLE), extra)}) WHERE {which}"
        )

    def _parsed(self, rows: str, extra: Collection[str]) -> str:
        used = {f"c{n}" for cell in self.cells for n in cell.positions}
        carried = [*extra, *sorted(used - set(extra))]
        values = [f"{cell.value} AS {parsed(cell)}" for cell in self.cells]
        values.append(f"random() AS {BARRIER}")
        return f"SELECT {', '.join([*carried, *values])} FROM ({rows})"

    @property
    def emptied(self) -> str:
        """True where some cell is left empty; empty where that happens to none."""
        return " OR ".join(cell.emptied for cell in self.cells if cell.emptied)

    def _accepted(self) -> str:
        return " AND ".join(cell.accepted for cell in self.cells if cell.accepted) or "true"

    @property
    def blank(self) -> str:
        """A row with nothing in any column that is read is no row: spreadsheets leave many at the end."""
        cells = (f"NULLIF(c{n}, '')" for n in dict.fromkeys(n for cell in self.cells for n in cell.positions))
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
    needed: Collection[str] = (),
) -> Checks:
    """Match the file's headers with the dataset's columns; refuses what does not agree.

    A cell that cannot be read is left empty, unless its column is time, unit, key, required, or among the `needed`.
    """
    given = {column.name: column for column in mapping.stored}
    stored = {column.name for column in dataset.stored}
    for name in given:
        if name not in stored:
            raise EngineError("schema_mismatch", column=name)
    # Rows that are the same in everything are told by all of their cells, and what is empty in both is the same too.
    by_all = all(column.is_key for column in dataset.stored)
    matching = _Matching(source, known_branches, branch_map, frozenset(needed), by_all)
    return Checks(tuple(matching.cell(column, given.get(column.name)) for column in dataset.stored))


@dataclass(frozen=True)
class _Matching:
    source: Source
    known_branches: Collection[str] | None
    branch_map: Mapping[str, str] | None
    needed: frozenset[str]
    by_all: bool = False

    def cell(self, column: Column, given: Column | None) -> Cell:
        if given is None:
            return self._absent(column)
        if given.type is not column.type:
            raise EngineError("schema_mismatch", column=column.name)
        positions = () if given.constant else self._positions(given)
        parts = [with_missing(f"c{n}", given.missing) for n in positions]
        text = _joined(parts) if positions else literal(given.constant)
        value = value_of_parts(given, parts) if given.joined else value_expression(given, text)
        is_branch = column.role is Role.BRANCH
        if is_branch and self.branch_map:
            value = branch_value(value, self.branch_map)
        known = self.known_branches if is_branch else None
        name = quoted(f"v_{column.name}")
        required = given.is_required or column.is_required
        keyed = not self.by_all and (given.is_key or column.is_key)
        strict = required or is_branch or keyed or column.name in self.needed
        lenient = not strict and bool(positions) and given.type is not ColumnType.TEXT
        return Cell(
            column=given,
            positions=positions,
            text=text,
            value=value,
            reason=reason_expression(given, text, name, required=required, known_branches=known),
            accepted=""
            if lenient
            else _acceptance(given.type, text, name, required=required, known_branches=known),
            emptied=f"({name} IS NULL AND NOT {is_missing(text)})" if lenient else "",
        )

    def _absent(self, column: Column) -> Cell:
        if column.is_required or column.is_key:
            raise EngineError("missing_column", name=self.source.name, column=column.source or column.name)
        nothing = "NULL::VARCHAR"
        return Cell(column, (), nothing, f"NULL::{STORAGE[column.type]}", nothing, "")

    def _positions(self, given: Column) -> tuple[int, ...]:
        places = {header: place for place, header in enumerate(self.source.headers)}
        for header in (given.source, *given.joined):
            if header not in places:
                raise EngineError("missing_column", name=self.source.name, column=header)
        return tuple(places[header] for header in (given.source, *given.joined))


def _joined(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else "(" + " || ' ' || ".join(parts) + ")"


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
