"""A file ready to be read, and how DuckDB reads it as columns of text."""

# ruff: noqa: S608 - names are quoted and values are literals of our own making

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from calidez.engine.connection import literal, quoted
from calidez.engine.errors import EngineError
from calidez.engine.formats import Format
from calidez.engine.numbering import Numbering
from calidez.engine.profile import Found, Problem
from calidez.engine.reach import COLUMN_LIMIT

HEADING_LIMIT = 1_000  # letters
NEVER = "\x01"  # no file has it, so an empty cell stays different from a missing one


@dataclass(frozen=True)
class Turn:
    """Columns made into rows: each row becomes one for every heading named here, with the heading and the value beside it.

    `names` are those of the two columns that take their place; a heading that is a month without a year gets `year`.
    """

    headings: tuple[str, ...]
    names: tuple[str, str]
    year: int | None = None


@dataclass(frozen=True)
class ReadOptions:
    """How the caller says that a file is to be read; what is None is detected.

    `heading_rows` are the numbers that a spreadsheet shows beside the rows of headings, `leave_out` those of rows that
    are none of the table: “22”, or “Enero!22” where several sheets are read as one. `sheet_column` names a column for the
    name of the sheet.
    """

    encoding: str | None = None
    delimiter: str | None = None
    header: bool | None = None
    sheet: str | None = None
    heading_rows: tuple[int, ...] | None = None
    leave_out: tuple[str, ...] | None = None
    sheets: tuple[str, ...] | None = None
    sheet_column: str | None = None
    turn: Turn | None = None

    @property
    def wanted_sheets(self) -> tuple[str, ...] | None:
        return self.sheets or ((self.sheet,) if self.sheet else None)

    @property
    def wanted_headings(self) -> tuple[int, ...] | None:
        """The rows said to be headings; none at all where the table was said to have none."""
        return () if self.header is False else self.heading_rows

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ReadOptions:
        """EngineError names what is no way of reading a file."""
        given = {name: value for name, value in _known(cls, data).items() if value is not None}
        for name, check in _CHECKS.items():
            if name in given:
                given[name] = _checked(name, given[name], check)
        return cls(**given)


def _known(cls: type, data: object) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        raise EngineError("bad_reading", name="reading", value=str(data)[:60])
    names = {field.name for field in fields(cls)}
    for name in data:
        if name not in names:
            raise EngineError("unknown_reading", name=str(name)[:60], names=", ".join(sorted(names)))
    return dict(data)


def _checked(name: str, value: Any, check: Callable[[Any], Any]) -> Any:
    try:
        return check(value)
    except (TypeError, ValueError, KeyError) as error:
        raise EngineError("bad_reading", name=name, value=str(value)[:60]) from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("neither true nor false")
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError("no number of a row")
    return value


def _each(check: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    def checked(value: Any) -> tuple[Any, ...]:
        if isinstance(value, str):
            raise TypeError("no list")
        return tuple(check(one) for one in value)

    return checked


def _row_name(value: Any) -> str:
    return str(_number(value)) if isinstance(value, int) else _text(value)


def _turn(value: Any) -> Turn:
    given = _known(Turn, value)
    headings, names = _each(_text)(given["headings"]), _each(_text)(given["names"])
    if not headings or len(names) != 2:
        raise ValueError("a turn takes headings and two names")
    return Turn(headings, (names[0], names[1]), _number(given["year"]) if given.get("year") else None)


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "encoding": _text,
    "delimiter": _text,
    "header": _flag,
    "sheet": _text,
    "heading_rows": _each(_number),
    "leave_out": _each(_row_name),
    "sheets": _each(_text),
    "sheet_column": _text,
    "turn": _turn,
}


@dataclass(frozen=True)
class Source:
    """A file ready to be read. `headers` are unique; `lines` bounds the number of rows, where text tells it.

    `lines_above` are empty lines before the first row, `rows_above` those of a sheet that its copy has not. Where more
    was left out, `numbering` knows the rows of the file. With `start_only` just the beginning of the file was unpacked,
    and `lines` is estimated from it. `found` is where the table lies, `way` what of it makes two readings differ.
    """

    format: Format
    name: str
    path: Path
    headers: tuple[str, ...]
    raw_headers: tuple[str, ...]
    encoding: str = "utf-8"
    delimiter: str = ","
    has_header: bool = True
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    digest: str = ""
    lines: int | None = None
    bytes: int = 0
    odd_quotes: bool = False
    lines_above: int = 0
    rows_above: int = 0
    start_only: bool = False
    numbering: Numbering | None = None
    found: Found = field(default_factory=Found)
    way: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def first_row(self) -> int:
        """The number that a spreadsheet shows beside the first row of data."""
        return 2 if self.has_header else 1

    def plain(self) -> str:
        """The fastest way to read the good rows: columns c0, c1 … as text; ragged rows are left out."""
        if self.format is Format.CSV:
            return f"SELECT * FROM {self._read_csv(len(self.headers), 'store_rejects=true')}"
        return self._typed_as_text()

    def numbered(self) -> str:
        """Every row with its number and, where it is not whole, the code of what is wrong in `_shape`."""
        if self.format is not Format.CSV:
            inner = self._typed_as_text(shape=True)
            return f"SELECT row_number() OVER () - 1 + {self.first_row} AS _row, * FROM ({inner})"
        width = len(self.headers)
        options = "null_padding=true, parallel=false, store_rejects=true"
        shape = (
            f"CASE WHEN c{width} IS NOT NULL THEN 'too_many_cells' "
            f"WHEN c{width - 1} IS NULL THEN 'too_few_cells' END"
        )
        return (
            f"SELECT row_number() OVER () - 1 + {self.first_row} AS _row, {shape} AS _shape, "
            f"c{width} AS _beyond, * EXCLUDE (c{width}) FROM {self._read_csv(width + 1, options)}"
        )

    def _read_csv(self, width: int, more: str) -> str:
        columns = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(width))
        return (
            f"read_csv({literal(self.path)}, columns={{{columns}}}, header={str(self.has_header).lower()}, "
            f"compression='none', skip={self.lines_above}, delim={literal(self.delimiter)}, quote='\"', escape='\"', auto_detect=false, "
            f"nullstr='{NEVER}', ignore_errors=true, {more})"
        )

    def _typed_as_text(self, *, shape: bool = False) -> str:
        if self.format is Format.PARQUET:
            cells = ", ".join(
                f"{_kept(f'CAST({quoted(header)} AS VARCHAR)')} AS c{n}"
                for n, header in enumerate(self.raw_headers)
            )
            lead = "NULL::VARCHAR AS _shape, NULL::VARCHAR AS _beyond, " if shape else ""
            return f"SELECT {lead}{cells} FROM read_parquet({literal(self.path)})"
        cells = ", ".join(
            f"{_kept(f'(object ->> {literal(json_path(header))})')} AS c{n}"
            for n, header in enumerate(self.raw_headers)
        )
        lead = (
            "CASE WHEN object IS NULL THEN 'bad_json' END AS _shape, NULL::VARCHAR AS _beyond, "
            if shape
            else ""
        )
        only = "" if shape else " WHERE object IS NOT NULL"
        lines = (
            f"SELECT TRY_CAST(line AS JSON) AS value FROM read_csv("
            f"{literal(self.path)}, compression='none', columns={{'line': 'VARCHAR'}}, header=false, delim='{NEVER}', quote='', "
            f"escape='', auto_detect=false, max_line_size=20000000, nullstr='') WHERE line IS NOT NULL"
        )
        objects = f"SELECT CASE WHEN json_type(value) = 'OBJECT' THEN value END AS object FROM ({lines})"
        return f"SELECT {lead}{cells} FROM ({objects}){only}"


def _kept(text: str) -> str:
    """Without the null character, which is a letter in JSON and Parquet and in no database."""
    return f"replace({text}, chr(0), '')"


def json_path(header: str) -> str:
    return '$."' + header.replace("\\", "\\\\").replace('"', '\\"') + '"'


def with_headers(source: Source, raw: list[str]) -> Source:
    if len(raw) > COLUMN_LIMIT:
        raise EngineError("too_many_columns", name=source.name, columns=len(raw), limit=COLUMN_LIMIT)
    for column, heading in enumerate(raw, start=1):
        if len(heading) > HEADING_LIMIT:
            raise EngineError("heading_too_long", name=source.name, column=column, limit=HEADING_LIMIT)
        if "\x00" in heading:
            raise EngineError("heading_unreadable", name=source.name, column=column)
    return replace(source, headers=unique_headers(raw), raw_headers=tuple(raw))


def unique_headers(raw: list[str]) -> tuple[str, ...]:
    """Headers that can be told apart: a second 'Amount' becomes 'Amount (2)', an empty one 'Column 3'."""
    taken: set[str] = set()
    next_number: dict[str, int] = {}
    result = []
    for position, text in enumerate(raw, start=1):
        base = " ".join(text.replace("\ufeff", "").split()) or f"Column {position}"
        name, number = base, next_number.get(base, 2)
        while name in taken:
            name, number = f"{base} ({number})", number + 1
        next_number[base] = number
        taken.add(name)
        result.append(name)
    return tuple(result)
