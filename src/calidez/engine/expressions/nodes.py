"""The tree of an expression: columns, literals and calls, each with its type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from calidez.engine.schema import ColumnType


class ValueType(StrEnum):
    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    NULL = "null"

    @classmethod
    def of(cls, column: ColumnType) -> ValueType:
        return cls.NUMBER if column is ColumnType.INTEGER else cls(str(column))


@dataclass(frozen=True)
class ColumnRef:
    name: str
    type: ValueType


@dataclass(frozen=True)
class Literal:
    value: str | int | float | bool | date | datetime | None
    type: ValueType


@dataclass(frozen=True)
class Call:
    """An operator or a function; `case` has its conditions and results in pairs and the default last."""

    function: str
    arguments: tuple[Node, ...]
    type: ValueType


Node = ColumnRef | Literal | Call


def columns_of(node: Node) -> frozenset[str]:
    return frozenset(part.name for part in walk(node) if isinstance(part, ColumnRef))


def walk(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, Call):
        for argument in node.arguments:
            yield from walk(argument)
