"""Conditions as people put them together from lists, “waiting at most 20 and outcome one of …”, and back from an expression."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from calidez.engine.expressions.cursor import EXACT_DOUBLES
from calidez.engine.expressions.nodes import Call, ColumnRef, Literal, Node, ValueType
from calidez.engine.expressions.parser import parse_expression
from calidez.engine.schema import ColumnType, Schema

Value = str | int | float | bool | date


class Is(StrEnum):
    """What a clause says of a column."""

    EQUAL = "="
    OTHER = "<>"
    LESS = "<"
    MOST = "<="
    MORE = ">"
    LEAST = ">="
    BETWEEN = "between"
    ONE_OF = "in"
    NONE_OF = "not in"
    HOLDS = "contains"
    TRUE = "true"
    FALSE = "false"
    EMPTY = "empty"
    FILLED = "filled"


COMPARED = (Is.EQUAL, Is.OTHER, Is.LESS, Is.MOST, Is.MORE, Is.LEAST)
MIRRORED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
WITHOUT_VALUE = frozenset({Is.TRUE, Is.FALSE, Is.EMPTY, Is.FILLED})
_ANY = (Is.FILLED, Is.EMPTY)
_ORDERED = (Is.MOST, Is.LEAST, Is.LESS, Is.MORE, Is.BETWEEN, Is.EQUAL, Is.OTHER)
# What may be said of a column of each type, the usual first. A moment is compared in an expression, which names its zone.
OFFERED: dict[ColumnType, tuple[Is, ...]] = {
    ColumnType.NUMBER: (*_ORDERED, *_ANY),
    ColumnType.INTEGER: (*_ORDERED, Is.ONE_OF, Is.NONE_OF, *_ANY),
    ColumnType.DATE: (Is.LEAST, Is.MOST, Is.BETWEEN, Is.EQUAL, *_ANY),
    ColumnType.TEXT: (Is.EQUAL, Is.OTHER, Is.ONE_OF, Is.NONE_OF, Is.HOLDS, *_ANY),
    ColumnType.BOOLEAN: (Is.TRUE, Is.FALSE, *_ANY),
    ColumnType.TIMESTAMP: _ANY,
}


@dataclass(frozen=True)
class Clause:
    """`values` are two for BETWEEN, any number for ONE_OF and NONE_OF, none for those WITHOUT_VALUE, else one."""

    column: str
    says: Is
    values: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Clauses:
    """All of them hold, or with `either` at least one."""

    clauses: tuple[Clause, ...] = ()
    either: bool = False


def written(said: Clauses) -> str:
    """The expression in the words of the language; empty where nothing is said."""
    return (" or " if said.either else " and ").join(_clause(clause) for clause in said.clauses)


def clauses_of(text: str, schema: Schema) -> Clauses | None:
    """The clauses that say the same; None where an expression says more than clauses can.

    An expression that is none is refused as `parse_expression` does it.
    """
    if not text.strip():
        return Clauses()
    node = parse_expression(text, schema)
    either = isinstance(node, Call) and node.function == "or"
    found = [_read(part) for part in _parts(node, "or" if either else "and")]
    clauses = tuple(clause for clause in found if clause is not None)
    if len(clauses) < len(found) or not all(_offered(clause, schema) for clause in clauses):
        return None
    return Clauses(clauses if either else tuple(_between(clauses)), either)


def _clause(clause: Clause) -> str:
    column, values = clause.column, [_literal(value) for value in clause.values]
    match clause.says:
        case Is.TRUE:
            return column
        case Is.FALSE:
            return f"not {column}"
        case Is.EMPTY:
            return f"{column} is null"
        case Is.FILLED:
            return f"{column} is not null"
        case Is.BETWEEN:
            return f"{column} between {values[0]} and {values[1]}"
        case Is.ONE_OF | Is.NONE_OF:
            return f"{column} {clause.says} ({', '.join(values)})"
        case Is.HOLDS:
            return f"{column} like {_literal(f'%{clause.values[0]}%')}"
    return f"{column} {clause.says} {values[0]}"


def _literal(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < EXACT_DOUBLES
        return str(int(value)) if whole else repr(value)
    if isinstance(value, int):
        return str(value)
    text = value.isoformat() if isinstance(value, date) else value
    return "'" + text.replace("'", "''") + "'"


def _parts(node: Node, word: str) -> Iterator[Node]:
    """What a word joins, in order; two ends of a stretch stay together."""
    if isinstance(node, Call) and node.function == word and not (word == "or" and _stretch(node)):
        for argument in node.arguments:
            yield from _parts(argument, word)
        return
    yield node


def _read(node: Node) -> Clause | None:
    if isinstance(node, ColumnRef):
        return Clause(node.name, Is.TRUE) if node.type is ValueType.BOOLEAN else None
    if not isinstance(node, Call):
        return None
    stretch = _stretch(node)
    if stretch is not None:
        return stretch
    if node.function == "not":
        return _denied(node.arguments[0])
    if node.function in MIRRORED:
        return _compared(node.function, *node.arguments)
    first, *rest = node.arguments
    if not isinstance(first, ColumnRef) or not all(isinstance(one, Literal) for one in rest):
        return None
    values = tuple(one.value for one in rest if isinstance(one, Literal))
    if node.function == "is null":
        return Clause(first.name, Is.EMPTY)
    if node.function == "in":
        return _told(first.name, Is.ONE_OF, values)
    if node.function == "like" and (inside := _inside(str(values[0]))):
        return Clause(first.name, Is.HOLDS, (inside,))
    return None


def _denied(node: Node) -> Clause | None:
    found = _read(node)
    if found is None or _stretch(node) is not None:
        return None
    opposite = {Is.EMPTY: Is.FILLED, Is.ONE_OF: Is.NONE_OF, Is.TRUE: Is.FALSE}.get(found.says)
    return Clause(found.column, opposite, found.values) if opposite else None


def _compared(operator: str, left: Node, right: Node) -> Clause | None:
    if isinstance(left, Literal) and isinstance(right, ColumnRef):
        left, right, operator = right, left, MIRRORED[operator]
    if not (isinstance(left, ColumnRef) and isinstance(right, Literal)):
        return None
    if left.type is ValueType.BOOLEAN:
        return None
    return _told(left.name, Is(operator), (right.value,))


def _told(column: str, says: Is, values: tuple[object, ...]) -> Clause | None:
    """None where a value is unknown: nothing compares with it."""
    known = tuple(value for value in values if isinstance(value, str | int | float | date))
    return Clause(column, says, known) if len(known) == len(values) else None


def _stretch(node: Node) -> Clause | None:
    """“Between” as it was read: not less than one value and not more than another."""
    if not (isinstance(node, Call) and node.function == "and"):
        return None
    ends = [
        _compared(one.function, *one.arguments)
        for one in node.arguments
        if isinstance(one, Call) and one.function in MIRRORED
    ]
    return _joined(ends[0], ends[1]) if len(ends) == 2 and ends[0] and ends[1] else None


def _joined(low: Clause, high: Clause) -> Clause | None:
    if (low.says, high.says, low.column) == (Is.LEAST, Is.MOST, high.column):
        return Clause(low.column, Is.BETWEEN, (*low.values, *high.values))
    return None


def _between(clauses: tuple[Clause, ...]) -> Iterator[Clause]:
    """Two ends of a stretch that stand side by side are one clause."""
    place = 0
    while place < len(clauses):
        both = _joined(clauses[place], clauses[place + 1]) if place + 1 < len(clauses) else None
        yield both or clauses[place]
        place += 2 if both else 1


def _inside(pattern: str) -> str:
    """What stands between two signs for anything; empty where the pattern says more."""
    inside = pattern[1:-1]
    plain = pattern.startswith("%") and pattern.endswith("%") and len(pattern) > 2
    return inside if plain and not set(inside) & set("%_") else ""


def _offered(clause: Clause, schema: Schema) -> bool:
    column = schema.column(clause.column)
    if column is None or clause.says not in OFFERED[column.type]:
        return False
    return not any(isinstance(value, datetime) for value in clause.values)
