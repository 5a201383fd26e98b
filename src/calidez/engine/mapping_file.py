"""How a file is read, as a file that people and programs write: every mistake in it is named by its place.

{"reading": {"encoding": "cp1252", "delimiter": ";"},
 "columns": [{"name": "day", "source": "Fecha", "type": "date", "role": "time", "date_order": "dmy"}],
 "units": {"Sucursal Norte": "NORTH"}}
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields, is_dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from calidez.engine.errors import EngineError
from calidez.engine.schema import Column, Schema
from calidez.engine.sources import ReadOptions

PARTS = ("reading", "columns", "units")


class PlaceError(EngineError):
    """A refusal of what stands at `place`, such as columns[3].date_order (counted from 0)."""

    def __init__(self, place: str, code: str, **params: object) -> None:
        self.place = place
        super().__init__(code, **params)


@dataclass(frozen=True)
class MappingFile:
    """The columns, how the cells are told apart, and which unit (by code) each name in the file means."""

    schema: Schema
    options: ReadOptions = field(default_factory=ReadOptions)
    units: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """What differs from what is taken for granted; `from_json` gives the same back."""
        reading = {name: value for name, value in asdict(self.options).items() if value is not None}
        return {
            **({"reading": reading} if reading else {}),
            "columns": [_without_defaults(column) for column in self.schema.columns],
            **({"units": dict(self.units)} if self.units else {}),
        }

    @classmethod
    def from_json(cls, data: object) -> MappingFile:
        given = _object(data, "")
        _known(given, PARTS, "")
        if "columns" not in given:
            raise PlaceError("columns", "place_missing")
        return cls(
            _schema(given["columns"]), _reading(given.get("reading", {})), _units(given.get("units", {}))
        )


def _reading(data: object) -> ReadOptions:
    options = _made(ReadOptions, _object(data, "reading"), "reading")
    try:
        return ReadOptions.from_json(options.to_json())
    except EngineError as error:
        name = str(error.params.get("name", ""))
        raise PlaceError(f"reading.{name}" if name else "reading", error.code, **error.params) from error


def _schema(data: object) -> Schema:
    if not isinstance(data, list | tuple):
        raise PlaceError("columns", "place_no_list")
    columns = [_column(given, f"columns[{number}]") for number, given in enumerate(data)]
    try:
        return Schema(tuple(columns))
    except EngineError as error:
        raise PlaceError("columns", error.code, **error.params) from error


def _column(data: object, place: str) -> Column:
    given = _object(data, place)
    if "name" in given:
        given = {"source": given["name"], **given}
    return _made(Column, given, place)


T = typing.TypeVar("T", Column, ReadOptions)


def _made(kind: type[T], given: Mapping[str, Any], place: str) -> T:
    hints = _hints(kind)
    _known(given, hints, place)
    for one in fields(kind):
        if one.name not in given and one.default is MISSING and one.default_factory is MISSING:
            raise PlaceError(f"{place}.{one.name}", "place_missing")
    values = {name: _checked(value, hints[name], f"{place}.{name}") for name, value in given.items()}
    try:
        return kind(**values)
    except EngineError as error:
        at = {"bad_name": "name", "unknown_zone": "zone"}.get(error.code, "")
        raise PlaceError(f"{place}.{at}" if at else place, error.code, **error.params) from error


def _units(data: object) -> dict[str, str]:
    given = _object(data, "units")
    return {name: _checked(code, str, f"units.{name}") for name, code in given.items()}


def _object(data: object, place: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise PlaceError(place or "{}", "place_no_object")
    return data


def _known(given: Iterable[str], known: Iterable[str], place: str) -> None:
    for name in given:
        if name in known:
            continue
        at = f"{place}.{name}" if place else name
        near = get_close_matches(name, known, n=1)
        if near:
            raise PlaceError(at, "place_unknown_near", nearest=near[0])
        raise PlaceError(at, "place_unknown", known=", ".join(known))


def _checked(value: Any, wanted: Any, place: str) -> Any:
    """The value as the field takes it; of types that are not told apart here, as it is."""
    origin = typing.get_origin(wanted)
    if origin in (typing.Union, types.UnionType):
        others = [kind for kind in typing.get_args(wanted) if kind is not type(None)]
        return None if value is None else _checked(value, others[0], place)
    if origin is typing.Literal:
        return _one_of(value, typing.get_args(wanted), place)
    if isinstance(wanted, type) and issubclass(wanted, StrEnum):
        return wanted(_one_of(value, [str(one) for one in wanted], place))
    if origin is tuple:
        if not isinstance(value, list | tuple):
            raise PlaceError(place, "place_no_list")
        inner = typing.get_args(wanted)[0]
        return tuple(_checked(one, inner, f"{place}[{number}]") for number, one in enumerate(value))
    if isinstance(wanted, type) and is_dataclass(wanted):
        return _made(wanted, _object(value, place), place)  # type: ignore[type-var]
    return _plain(value, wanted, place)


def _plain(value: Any, wanted: Any, place: str) -> Any:
    if wanted is bool and not isinstance(value, bool):
        raise PlaceError(place, "place_no_boolean")
    if wanted is str and not isinstance(value, str):
        raise PlaceError(place, "place_no_text")
    if wanted is int and (isinstance(value, bool) or not isinstance(value, int)):
        raise PlaceError(place, "place_no_whole_number")
    return value


def _one_of(value: Any, known: Iterable[Any], place: str) -> Any:
    known = list(known)
    if value in known:
        return value
    near = get_close_matches(str(value), [str(one) for one in known], n=1)
    if near:
        raise PlaceError(place, "place_value_near", value=value, nearest=near[0])
    raise PlaceError(place, "place_value", value=value, known=", ".join(map(str, known)))


def _hints(kind: Any) -> Mapping[str, Any]:
    return typing.get_type_hints(kind)


def _without_defaults(column: Column) -> dict[str, object]:
    plain = {one.name: one.default for one in fields(Column)}
    always = ("name", "source", "type", "role")
    return {
        name: value
        for name, value in column.to_json().items()
        if name in always or (value is not None and value != plain.get(name))
    }
