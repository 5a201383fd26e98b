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


# What a compiled call names more than once, so that a few of them within each other come to millions of pieces.
TWICE = frozenset({"%", "round", "nullif"})


def size(node: Node) -> tuple[int, int]:
    """About how many pieces the compiled statement has, and how deep it is; told without compiling, however long a chain is."""
    known: dict[int, tuple[int, int]] = {}
    open_ = [node]
    while open_:
        part = open_[-1]
        if not isinstance(part, Call):
            known[id(open_.pop())] = 1, 1
            continue
        missing = [one for one in part.arguments if id(one) not in known]
        if missing:
            open_ += missing
            continue
        times = 2 if part.function in TWICE else 1
        inside = [known[id(one)] for one in part.arguments]
        known[id(open_.pop())] = (
            1 + times * sum(n for n, _depth in inside),
            1 + max(depth for _n, depth in inside),
        )
    return known[id(node)]


def columns_of(node: Node) -> frozenset[str]:
    return frozenset(part.name for part in walk(node) if isinstance(part, ColumnRef))


def walk(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, Call):
        for argument in node.arguments:
            yield from walk(argument)
