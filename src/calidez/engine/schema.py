"""What the rows of a dataset are made of: typed columns, and what each column is for."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

from calidez.engine.date_forms import check_form
from calidez.engine.errors import EngineError

DateOrder = Literal["ymd", "dmy", "mdy"]
Decimal = Literal[".", ","]

SAFE_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


# What a column says of its file beyond its type.
WRITTEN = ("form", "missing", "joined", "constant", "label")


class ColumnType(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"


class Role(StrEnum):
    KEY = "key"
    TIME = "time"
    BRANCH = "branch"
    SEGMENT = "segment"
    VALUE = "value"
    TEXT = "text"
    IGNORE = "ignore"


@dataclass(frozen=True)
class Column:
    """One column: `name` as stored, `source` as the file's header calls it.

    `key` marks a column that is part of the key besides its role: a time or a branch often is. How a file writes it:
    `form` where the type does not say it all (of dates written_dates, of numbers parsing), `missing` are words that stand
    for nothing besides the usual ones, `joined` the headers of further columns that belong to a day or moment (its month,
    its time of day), and `constant` what is true of every row of a file that does not say it. `label` is what people call it,
    where neither its name nor its heading will do.
    """

    name: str
    source: str
    type: ColumnType = ColumnType.TEXT
    role: Role = Role.VALUE
    unit: str = ""
    date_order: DateOrder | None = None
    decimal: Decimal = "."
    required: bool = False
    zone: str = "UTC"
    key: bool = False
    form: str = ""
    missing: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    constant: str = ""
    label: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "missing", tuple(self.missing))
        object.__setattr__(self, "joined", tuple(self.joined))
        if not SAFE_NAME.fullmatch(self.name):
            raise EngineError("bad_name", name=self.name)
        object.__setattr__(self, "type", ColumnType(self.type))
        object.__setattr__(self, "role", Role(self.role))
        check_zone(self.zone)
        if self.type in (ColumnType.DATE, ColumnType.TIMESTAMP):
            check_form(self.form)

    @property
    def is_key(self) -> bool:
        return self.key or self.role is Role.KEY

    @property
    def is_required(self) -> bool:
        """A row without time belongs to no period, so it is never accepted."""
        return self.required or self.role is Role.TIME

    def to_json(self) -> dict[str, object]:
        """As it was kept before there were other ways to write a cell: those in use only, so that one reading is one batch."""
        plain = {key: str(v) if isinstance(v, StrEnum) else v for key, v in asdict(self).items()}
        told = {name: list(v) if isinstance(v := plain.pop(name), tuple) else v for name in WRITTEN}
        return plain | {name: value for name, value in told.items() if value}

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Column:
        if not isinstance(data, Mapping):
            raise EngineError("bad_schema", detail="a column is no object")
        try:
            values = {key: data[key] for key in cls.__dataclass_fields__ if key in data}
            return cls(**values)  # type: ignore[arg-type]
        except (TypeError, ValueError) as error:
            raise EngineError("bad_schema", detail=str(error)) from error


@dataclass(frozen=True)
class Schema:
    """The columns of a dataset, in order; columns to ignore may be present and are not stored."""

    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", tuple(self.columns))
        names = [column.name for column in self.columns]
        if twice := next((name for name, count in Counter(names).items() if count > 1), ""):
            raise EngineError("column_twice", column=twice)
        for role in (Role.TIME, Role.BRANCH):
            if len(found := self.with_role(role)) > 1:
                named = ", ".join(column.name for column in found)
                raise EngineError("role_twice", role=str(role), columns=named)
        if self.time and self.time.type not in (ColumnType.DATE, ColumnType.TIMESTAMP):
            raise EngineError("time_no_date", column=self.time.name)

    def with_role(self, role: Role) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.role is role)

    @property
    def stored(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.role is not Role.IGNORE)

    @property
    def key(self) -> tuple[Column, ...]:
        return tuple(column for column in self.stored if column.is_key)

    @property
    def time(self) -> Column | None:
        return next(iter(self.with_role(Role.TIME)), None)

    @property
    def branch(self) -> Column | None:
        return next(iter(self.with_role(Role.BRANCH)), None)

    @property
    def segments(self) -> tuple[Column, ...]:
        return self.with_role(Role.SEGMENT)

    @property
    def values(self) -> tuple[Column, ...]:
        return self.with_role(Role.VALUE)

    def column(self, name: str) -> Column | None:
        return next((column for column in self.stored if column.name == name), None)

    def to_json(self) -> dict[str, object]:
        return {"columns": [column.to_json() for column in self.columns]}

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Schema:
        columns = data.get("columns") if isinstance(data, Mapping) else None
        if not isinstance(columns, list | tuple):
            raise EngineError("bad_schema", detail="it has no list of columns")
        return cls(tuple(Column.from_json(column) for column in columns))


def check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise EngineError("unknown_zone", zone=zone) from error


def safe_name(header: str, taken: Iterable[str] = ()) -> str:
    """A name for a column that every engine accepts: 'Tiempo de espera (s)' becomes 'tiempo_de_espera_s'."""
    plain = unicodedata.normalize("NFKD", header).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:56]
    name = name if name[:1].isalpha() else f"column_{name}".strip("_")
    used = set(taken)
    candidate, number = name, 2
    while candidate in used:
        candidate, number = f"{name}_{number}", number + 1
    return candidate
