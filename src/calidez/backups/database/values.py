"""A value of a column as JSON, the same from both databases, and back as the database wants it."""

from __future__ import annotations

import base64
import datetime as dt
import json
import math
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models

Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class Column:
    """`name` is the field's, as programs call it; `column` the database's."""

    name: str
    column: str
    kind: str
    field: Any


def column_of(field: Any) -> Column:
    target = field
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    kind = target.get_internal_type()
    if kind not in KINDS:
        raise TypeError(f"backups do not know how to write a {kind} ({field})")
    return Column(field.name, field.column, kind, target)


def plain(value: Any) -> Any:
    return value


def _moment(value: Any) -> str:
    if isinstance(value, str):  # SQLite's own form
        value = dt.datetime.fromisoformat(value)
    if value.tzinfo is None:
        value = value.replace(tzinfo=dt.UTC)
    return value.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _iso(value: Any) -> str:
    return value if isinstance(value, str) else str(value.isoformat())


def _number(value: Any) -> Any:
    value = float(value)
    return value if math.isfinite(value) else repr(value)


def _json(value: Any) -> list[Any]:
    """In a list of its own, so that JSON's null is not the database's."""
    return [json.loads(value) if isinstance(value, (str, bytes)) else value]


def _length(value: Any) -> int:
    return int(value) if isinstance(value, int) else value // dt.timedelta(microseconds=1)


def _amount(column: Column) -> Convert:
    places = Decimal(1).scaleb(-column.field.decimal_places)
    return lambda value: str(Decimal(repr(value) if isinstance(value, float) else value).quantize(places))


_TEXTS = (
    "CharField",
    "TextField",
    "SlugField",
    "FileField",
    "GenericIPAddressField",
    "EmailField",
    "URLField",
)
_WHOLE = (
    *("AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField", "SmallIntegerField"),
    *("PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField"),
)
OUT: dict[str, Convert] = {
    **dict.fromkeys((*_TEXTS, *_WHOLE), plain),
    "BooleanField": bool,
    "DateTimeField": _moment,
    "DateField": _iso,
    "TimeField": _iso,
    "DurationField": _length,
    "FloatField": _number,
    "UUIDField": lambda value: str(value if isinstance(value, uuid.UUID) else uuid.UUID(value)),
    "JSONField": _json,
    "BinaryField": lambda value: base64.b64encode(bytes(value)).decode(),
}
IN: dict[str, Convert] = {
    **dict.fromkeys((*_TEXTS, *_WHOLE), plain),
    "BooleanField": plain,
    "DateTimeField": dt.datetime.fromisoformat,
    "DateField": dt.date.fromisoformat,
    "TimeField": dt.time.fromisoformat,
    "DurationField": lambda value: dt.timedelta(microseconds=value),
    "FloatField": float,
    "UUIDField": uuid.UUID,
    "JSONField": lambda value: json.dumps(value[0], ensure_ascii=False),
    "BinaryField": base64.b64decode,
    "DecimalField": Decimal,
}
KINDS = frozenset(IN)


def writers(columns: Sequence[Column]) -> list[Convert | None]:
    """From what the database's own driver gives; None where it is JSON already."""
    return [
        None if (found := _amount(c) if c.kind == "DecimalField" else OUT[c.kind]) is plain else found
        for c in columns
    ]


def readers(columns: Sequence[Column], connection: Any) -> list[Convert | None]:
    """To what the database's own driver takes."""
    return [None if (found := _into(c, connection)) is plain else found for c in columns]


def _into(column: Column, connection: Any) -> Convert:
    read, ops = IN[column.kind], connection.ops
    if column.kind == "DateTimeField":
        return lambda value: ops.adapt_datetimefield_value(read(value))
    if column.kind == "DateField":
        return lambda value: ops.adapt_datefield_value(read(value))
    if column.kind == "TimeField":
        return lambda value: ops.adapt_timefield_value(read(value))
    if column.kind == "DecimalField":
        field = column.field
        return lambda value: ops.adapt_decimalfield_value(read(value), field.max_digits, field.decimal_places)
    if column.kind == "UUIDField" and not connection.features.has_native_uuid_field:
        return lambda value: read(value).hex
    if column.kind == "DurationField" and not connection.features.has_native_duration_field:
        return plain
    return read


def line(row: Sequence[Any]) -> bytes:
    return json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(
        errors="surrogatepass"
    )


def same_everywhere(row: list[Any], jsons: Sequence[int]) -> list[Any]:
    """PostgreSQL gives 1e20 back as a whole number and 2.0 as it was: for comparing, both are the whole number.

    The very same row where there is nothing to change, as nearly always.
    """
    changed = row
    for place in jsons:
        value = _plain_numbers(row[place])
        if value is not row[place]:
            changed = [*changed]
            changed[place] = value
    return changed


def _plain_numbers(value: Any) -> Any:
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, list):
        made: Any = [_plain_numbers(one) for one in value]
        return value if all(a is b for a, b in zip(made, value, strict=True)) else made
    if isinstance(value, dict):
        made = {name: _plain_numbers(one) for name, one in value.items()}
        return value if all(made[name] is one for name, one in value.items()) else made
    return value
