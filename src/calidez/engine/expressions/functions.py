"""What functions there are, what they take and what they give."""

from __future__ import annotations

from dataclasses import dataclass

from calidez.engine.expressions.nodes import ValueType

N, T, B = ValueType.NUMBER, ValueType.TEXT, ValueType.BOOLEAN
TIMES = frozenset({ValueType.DATE, ValueType.TIMESTAMP})
NUMBERS, TEXTS, ANY = frozenset({N}), frozenset({T}), frozenset(ValueType)


@dataclass(frozen=True)
class Function:
    """`takes` has one set of types per argument, the last one repeated up to `most` arguments.

    `gives` is None where the result has the type of the arguments, which then must agree.
    """

    takes: tuple[frozenset[ValueType], ...]
    gives: ValueType | None
    least: int
    most: int


def _fixed(gives: ValueType | None, *takes: frozenset[ValueType]) -> Function:
    return Function(takes, gives, len(takes), len(takes))


FUNCTIONS: dict[str, Function] = {
    "abs": _fixed(N, NUMBERS),
    "floor": _fixed(N, NUMBERS),
    "ceil": _fixed(N, NUMBERS),
    "round": Function((NUMBERS, NUMBERS), N, 1, 2),
    "coalesce": Function((ANY,), None, 2, 20),
    "nullif": _fixed(None, ANY, ANY),
    "least": Function((NUMBERS,), N, 2, 20),
    "greatest": Function((NUMBERS,), N, 2, 20),
    "lower": _fixed(T, TEXTS),
    "upper": _fixed(T, TEXTS),
    "trim": _fixed(T, TEXTS),
    "length": _fixed(N, TEXTS),
    "year": _fixed(N, TIMES),
    "quarter": _fixed(N, TIMES),
    "month": _fixed(N, TIMES),
    "day": _fixed(N, TIMES),
    "weekday": _fixed(N, TIMES),
    "hour": _fixed(N, frozenset({ValueType.TIMESTAMP})),
    "minute": _fixed(N, frozenset({ValueType.TIMESTAMP})),
    "days_between": _fixed(N, TIMES, TIMES),
    "hours_between": _fixed(N, TIMES, TIMES),
    "minutes_between": _fixed(N, TIMES, TIMES),
    "seconds_between": _fixed(N, TIMES, TIMES),
}
