"""Turns a checked tree into SQL of any engine, with the same meaning of empty values and of zero divisors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlglot import exp

from calidez.engine.dialects import Dialect, double
from calidez.engine.expressions.nodes import Call, ColumnRef, Literal, Node, ValueType

UNITS = {"days_between": 86_400, "hours_between": 3_600, "minutes_between": 60, "seconds_between": 1}
PARTS = frozenset({"year", "quarter", "month", "day", "weekday", "hour", "minute"})
COMPARISONS: dict[str, type[exp.Binary]] = {
    "=": exp.EQ, "<>": exp.NEQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE,
}  # fmt: skip
ARITHMETIC: dict[str, type[exp.Binary]] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}


class Compiler:
    def __init__(self, dialect: Dialect, zone: str) -> None:
        self.dialect = dialect
        self.zone = zone

    def sql(self, node: Node) -> exp.Expr:
        if isinstance(node, ColumnRef):
            return exp.column(node.name, quoted=True)
        if isinstance(node, Literal):
            return self._literal(node)
        return self._call(node)

    def number(self, node: Node) -> exp.Expr:
        """All arithmetic is done on doubles: whole numbers overflow differently on every engine."""
        return double(self.sql(node))

    def _literal(self, node: Literal) -> exp.Expr:
        value = node.value
        if value is None:
            return exp.Null()
        if isinstance(value, bool):
            return exp.Boolean(this=value)
        if isinstance(value, int | float):
            return _number(value)
        if isinstance(value, datetime):
            return self.dialect.moment(value)
        if isinstance(value, str):
            return exp.Literal.string(value)
        return self.dialect.day(value)

    def _call(self, node: Call) -> exp.Expr:
        name, arguments = node.function, node.arguments
        if name in ("and", "or"):
            join = exp.And if name == "and" else exp.Or
            return exp.paren(join(this=self.sql(arguments[0]), expression=self.sql(arguments[1])))
        if name in COMPARISONS:
            return self._comparison(COMPARISONS[name], arguments[0], arguments[1])
        if name in ARITHMETIC:
            left, right = (self.number(argument) for argument in arguments)
            return exp.paren(ARITHMETIC[name](this=left, expression=right))
        if name in PARTS:
            return self.dialect.part(name, self._local(arguments[0]))
        if name in UNITS:
            return self._between(arguments[0], arguments[1], UNITS[name])
        return self._others[name](arguments)

    @property
    def _others(self) -> dict[str, Callable[[tuple[Node, ...]], exp.Expr]]:
        return {
            "not": lambda a: exp.paren(exp.Not(this=exp.paren(self.sql(a[0])))),
            "is null": lambda a: exp.paren(exp.Is(this=self.sql(a[0]), expression=exp.Null())),
            "is true": lambda a: _certain(self.sql(a[0])),
            "is false": lambda a: _certain(exp.Not(this=exp.paren(self.sql(a[0])))),
            "in": self._in,
            "like": self._like,
            "/": lambda a: self._quotient(self.number(a[0]), self.number(a[1])),
            "%": self._remainder,
            "negative": lambda a: exp.paren(exp.Neg(this=self.number(a[0]))),
            "case": self._case,
            "abs": lambda a: exp.Abs(this=self.number(a[0])),
            "floor": lambda a: exp.Floor(this=self.number(a[0])),
            "ceil": lambda a: exp.Ceil(this=self.number(a[0])),
            "round": self._round,
            "coalesce": self._coalesce,
            "nullif": self._nullif,
            "least": lambda a: self._extreme("least", a),
            "greatest": lambda a: self._extreme("greatest", a),
            "lower": lambda a: self.dialect.lower(self.sql(a[0])),
            "upper": lambda a: self.dialect.upper(self.sql(a[0])),
            "trim": lambda a: exp.Trim(this=self.sql(a[0])),
            "length": lambda a: self.dialect.length(self.sql(a[0])),
        }

    def _comparison(self, operator: type[exp.Binary], left: Node, right: Node) -> exp.Expr:
        sides = [self.sql(left), self.sql(right)]
        if {left.type, right.type} == {ValueType.DATE, ValueType.TIMESTAMP}:
            sides = [
                self.dialect.as_moment(side) if node.type is ValueType.DATE else side
                for side, node in zip(sides, (left, right), strict=True)
            ]
        return exp.paren(operator(this=sides[0], expression=sides[1]))

    def _in(self, arguments: tuple[Node, ...]) -> exp.Expr:
        options = [self.sql(option) for option in arguments[1:]]
        return exp.paren(exp.In(this=self.sql(arguments[0]), expressions=options))

    def _like(self, arguments: tuple[Node, ...]) -> exp.Expr:
        text, pattern = arguments
        assert isinstance(pattern, Literal)
        return exp.paren(self.dialect.like(self.sql(text), str(pattern.value)))

    def _quotient(self, dividend: exp.Expr, divisor: exp.Expr) -> exp.Expr:
        """Nothing divided by zero is known, on any engine."""
        nonzero = exp.Nullif(this=divisor, expression=exp.Literal.number(0))
        return exp.paren(exp.Div(this=dividend, expression=nonzero, typed=True, safe=False))

    def _remainder(self, arguments: tuple[Node, ...]) -> exp.Expr:
        """The remainder of rounding down: engines disagree about % of fractions and of negatives."""
        left, right = self.number(arguments[0]), self.number(arguments[1])
        times = exp.Floor(this=self._quotient(left.copy(), right.copy()))
        return exp.paren(exp.Sub(this=left, expression=exp.Mul(this=right, expression=times)))

    def _round(self, arguments: tuple[Node, ...]) -> exp.Expr:
        """Half away from zero: some engines round half to even."""
        value = self.number(arguments[0])
        digits = arguments[1].value if len(arguments) > 1 and isinstance(arguments[1], Literal) else 0
        scale = exp.cast(exp.Literal.number(10 ** int(float(str(digits)))), exp.DataType.Type.DOUBLE)
        half = exp.cast(exp.Literal.number(0.5), exp.DataType.Type.DOUBLE)
        scaled = exp.Mul(this=exp.Abs(this=value), expression=scale)
        whole = exp.Floor(this=exp.Add(this=scaled, expression=half))
        size = exp.paren(exp.Div(this=whole, expression=scale.copy(), typed=True, safe=False))
        return exp.paren(exp.Mul(this=exp.Sign(this=value.copy()), expression=size))

    def _coalesce(self, arguments: tuple[Node, ...]) -> exp.Expr:
        first, *rest = (self._common(argument) for argument in arguments)
        return exp.Coalesce(this=first, expressions=rest)

    def _nullif(self, arguments: tuple[Node, ...]) -> exp.Expr:
        """Compared as they are, so that large whole numbers are not rounded to the same double."""
        left, right = arguments
        case = exp.Case().when(self._comparison(exp.EQ, left, right), exp.Null(), copy=False)
        return case.else_(self._common(left), copy=False)

    def _extreme(self, name: str, arguments: tuple[Node, ...]) -> exp.Expr:
        """The least or greatest of those that are known."""
        return self.dialect.extreme(name, [self.number(argument) for argument in arguments])

    def _case(self, arguments: tuple[Node, ...]) -> exp.Expr:
        case = exp.Case()
        for condition, result in zip(arguments[:-1:2], arguments[1:-1:2], strict=True):
            case = case.when(self.sql(condition), self._common(result), copy=False)
        return case.else_(self._common(arguments[-1]), copy=False)

    def _common(self, node: Node) -> exp.Expr:
        """Branches of a choice agree in type, also where some are whole numbers."""
        return self.number(node) if node.type is ValueType.NUMBER else self.sql(node)

    def _local(self, node: Node) -> exp.Expr:
        value = self.sql(node)
        return self.dialect.local(value, self.zone) if node.type is ValueType.TIMESTAMP else value

    def _between(self, start: Node, end: Node, unit: int) -> exp.Expr:
        first, last = (self.dialect.seconds(self._moment(node)) for node in (start, end))
        seconds = exp.paren(exp.Sub(this=last, expression=first))
        if unit == 1:
            return seconds
        divisor = exp.cast(exp.Literal.number(unit), exp.DataType.Type.DOUBLE)
        return exp.paren(exp.Div(this=seconds, expression=divisor, typed=True, safe=False))

    def _moment(self, node: Node) -> exp.Expr:
        value = self.sql(node)
        return self.dialect.as_moment(value) if node.type is ValueType.DATE else value


def _certain(condition: exp.Expr) -> exp.Expr:
    return exp.Coalesce(this=condition, expressions=[exp.false()])


def _number(value: float) -> exp.Expr:
    size = abs(value)
    text = str(int(size)) if isinstance(size, int) or (size.is_integer() and size < 2**53) else repr(size)
    literal = exp.Literal.number(text)
    return exp.paren(exp.Neg(this=literal)) if value < 0 else literal
