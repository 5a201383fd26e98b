"""What each row contributes to a measure, and how that is added up."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlglot import exp

from calidez.engine.definitions import (
    Count,
    IndicatorDefinition,
    Mean,
    Measure,
    Nps,
    Percentile,
    Proportion,
    Rate,
    Ratio,
)
from calidez.engine.dialects import Dialect, double
from calidez.engine.errors import EngineError
from calidez.engine.expressions import Node, ValueType, parse_expression
from calidez.engine.expressions.compiling import Compiler
from calidez.engine.histogram import OFFSET, log_gamma
from calidez.engine.schema import Schema


@dataclass
class Collected:
    """Expressions under an alias each, the same expression once."""

    prefix: str
    dialect: str
    found: dict[str, tuple[str, exp.Expr]] = field(default_factory=dict)

    def alias(self, expression: exp.Expr) -> str:
        text = expression.sql(dialect=self.dialect)
        if text not in self.found:
            self.found[text] = (f"{self.prefix}{len(self.found)}", expression)
        return self.found[text][0]

    def selected(self) -> list[exp.Expr]:
        return [
            exp.alias_(expression.copy(), alias, quoted=True) for alias, expression in self.found.values()
        ]


class Contributions:
    """Columns of the rows, and of the cells that add them up; definitions that need the same share it."""

    def __init__(self, schema: Schema, dialect: Dialect, zone: str) -> None:
        self.schema = schema
        self.dialect = dialect
        self.compiler = Compiler(dialect, zone)
        self.rows = Collected("x", dialect.name)
        self.cells = Collected("a", dialect.name)
        self.histograms: dict[str, str] = {}

    def of(self, definition: IndicatorDefinition) -> dict[str, str]:
        """Which of the cells' columns holds which statistic."""
        return self._measured(definition.measure, self._filter(definition))

    def _filter(self, definition: IndicatorDefinition) -> exp.Expr | None:
        return self._condition(definition.filter) if definition.filter else None

    def _parsed(self, text: str, expect: ValueType | None) -> Node:
        return parse_expression(text, self.schema, expect=expect)

    def _condition(self, text: str) -> exp.Expr:
        return self.compiler.sql(self._parsed(text, ValueType.BOOLEAN))

    def _number(self, text: str) -> exp.Expr:
        return self.compiler.number(self._parsed(text, ValueType.NUMBER))

    def _measured(self, measure: Measure, where: exp.Expr | None) -> dict[str, str]:
        match measure:
            case Proportion():
                return (
                    self._counted(measure, where) if measure.is_counted else self._proportion(measure, where)
                )
            case Mean():
                return self._mean(measure, where)
            case Percentile():
                return self._percentile(measure, where)
            case Count():
                kept = all_of(where, self._condition(measure.where) if measure.where else None)
                return {"n": self._count(when(kept, exp.Literal.number(1)))}
            case Rate():
                return self._rate(measure, where)
            case Ratio():
                top, bottom = self._number(measure.numerator), self._number(measure.denominator)
                return self._pair(where, top, bottom)
            case Nps():
                return self._nps(measure, where)

    def _proportion(self, measure: Proportion, where: exp.Expr | None) -> dict[str, str]:
        met = self._condition(measure.met)
        kept = all_of(where, self._condition(measure.of) if measure.of else None)
        if not measure.weight:
            # Counting a condition counts the rows in which it is known.
            yes = when(all_of(kept, met), exp.Literal.number(1))
            return {"n": self._count(when(kept, met)), "met": self._count(yes)}
        weight = self._number(measure.weight)
        possible = at_least(weight, 0)
        both = all_of(kept, known(met), possible)
        return {
            "n": self._count(when(both, weight)),
            "weight": self._sum(when(both, weight)),
            "met": self._sum(when(all_of(kept, met, possible), weight)),
            "left_out": self._left_out(all_of(kept, known(met)), possible),
        }

    def _counted(self, measure: Proportion, where: exp.Expr | None) -> dict[str, str]:
        met, total = self._number(measure.met_total), self._number(measure.total)
        # A hair of rounding is no case more than there were.
        most = exp.Mul(this=exp.paren(total.copy()), expression=exp.Literal.number("1.000000001"))
        possible = all_of(at_least(met, 0), exp.LTE(this=exp.paren(met.copy()), expression=most))
        kept = all_of(where, possible)
        return {
            "rows": self._count(when(kept, total)),
            "weight": self._sum(when(kept, total)),
            "met": self._sum(when(kept, met)),
            "left_out": self._left_out(where, possible),
        }

    def _mean(self, measure: Mean, where: exp.Expr | None) -> dict[str, str]:
        value = self._number(measure.value)
        columns = self._moments(value, where, self._number(measure.weight) if measure.weight else None)
        if measure.histogram:
            columns["histogram"] = self._histogram(when(where, value))
        return columns

    def _percentile(self, measure: Percentile, where: exp.Expr | None) -> dict[str, str]:
        value = self._number(measure.value)
        columns = self._moments(value, where, None)
        if not measure.exactness.exact:
            columns["histogram"] = self._histogram(when(where, value), measure.exactness.error)
            return columns
        if not self.dialect.exact_percentile:
            raise EngineError("inexact", dialect=self.dialect.name, measure=measure.kind)
        columns["exact"] = self.cells.alias(self.dialect.percentile(self._row(when(where, value)), measure.q))
        return columns

    def _moments(self, value: exp.Expr, where: exp.Expr | None, weight: exp.Expr | None) -> dict[str, str]:
        possible = at_least(weight, 0) if weight else None
        kept = all_of(where, possible)
        plain = when(kept, value)
        weighted = when(kept, times(weight, value)) if weight else plain
        columns = {
            "n": self._count(plain),
            "total": self._sum(weighted),
            "centred": self._centred(plain),
            "minimum": self.cells.alias(exp.Min(this=self._row(plain))),
            "maximum": self.cells.alias(exp.Max(this=self._row(plain))),
        }
        if weight:
            counted = when(all_of(kept, known(value)), weight)
            columns |= {
                "left_out": self._left_out(all_of(where, known(value)), possible),
                "weight": self._sum(counted),
                "centred": self._weighted_centred(plain, counted, weighted),
            }
        return columns

    def _rate(self, measure: Rate, where: exp.Expr | None) -> dict[str, str]:
        events = self._parsed(measure.events, None)
        if events.type is ValueType.BOOLEAN:
            condition = self.compiler.sql(events)
            hit = exp.Case().when(condition, exp.Literal.number(1)).else_(exp.Literal.number(0))
            number = double(when(known(condition), hit))
        else:
            number = self._number(measure.events)
        exposure = self._number(measure.exposure)
        possible = all_of(at_least(number, 0), at_least(exposure, 0))
        left_out = self._left_out(where, possible)
        return {**self._pair(all_of(where, possible), number, exposure), "left_out": left_out}

    def _pair(self, where: exp.Expr | None, top: exp.Expr, bottom: exp.Expr) -> dict[str, str]:
        """Two sums over the rows in which both numbers are known."""
        kept = all_of(where, known(top), known(bottom))
        numerator = when(kept, top)
        return {
            "n": self._count(numerator),
            "total": self._sum(numerator),
            "weight": self._sum(when(kept, bottom)),
        }

    def _nps(self, measure: Nps, where: exp.Expr | None) -> dict[str, str]:
        score = self._number(measure.score)
        valid = all_of(
            where,
            exp.GTE(this=score.copy(), expression=exp.Literal.number(0)),
            exp.LTE(this=score.copy(), expression=exp.Literal.number(10)),
        )
        weight = self._number(measure.weight) if measure.weight else None
        answer = when(all_of(valid, at_least(weight, 0)) if weight else valid, score)
        columns = self._moments(answer, None, weight)
        if weight:
            columns["left_out"] = self._left_out(valid, at_least(weight, 0))
        given = self._row(answer)
        promoter = exp.GTE(this=given.copy(), expression=exp.Literal.number(9))
        detractor = exp.LTE(this=given.copy(), expression=exp.Literal.number(6))
        for name, condition in (("met", promoter), ("unmet", detractor)):
            if weight:
                added: exp.Expr = exp.Sum(this=when(condition, self._row(weight)))
            else:
                added = exp.Count(this=when(condition, exp.Literal.number(1)))
            columns[name] = self.cells.alias(added)
        return columns

    # Adding up

    def _row(self, expression: exp.Expr) -> exp.Expr:
        return exp.column(self.rows.alias(expression), quoted=True)

    def _count(self, expression: exp.Expr) -> str:
        return self.cells.alias(exp.Count(this=self._row(expression)))

    def _left_out(self, where: exp.Expr | None, possible: exp.Expr | None) -> str:
        """How many rows hold what cannot be: a weight, an exposure or a count below zero, or more met than there are."""
        assert possible is not None
        broken = all_of(where, exp.Not(this=exp.paren(possible.copy())))
        return self._count(when(broken, exp.Literal.number(1)))

    def _sum(self, expression: exp.Expr) -> str:
        return self.cells.alias(exp.Sum(this=self._row(expression)))

    def _centred(self, value: exp.Expr) -> str:
        """The sum of squares about the mean, as the engine computes it without cancellation."""
        row = self._row(value)
        return self.cells.alias(times(self.dialect.variance(row), exp.Count(this=row.copy())))

    def _weighted_centred(self, value: exp.Expr, weight: exp.Expr, weighted: exp.Expr) -> str:
        """The same with weights w, from how values and weights vary together: m is the plain mean of x.

        Sum w (x - m)² is n (cov(wx, x) - m cov(w, x)); about the weighted mean it is less by (n cov(w, x))² / sum w.
        """
        x, w, wx = self._row(value), self._row(weight), self._row(weighted)
        n = exp.Count(this=x.copy())
        lean = times(n, self.dialect.covariance(w, x))
        about_mean = exp.Sub(
            this=times(n, self.dialect.covariance(wx, x)), expression=times(exp.Avg(this=x.copy()), lean)
        )
        whole = exp.Nullif(this=exp.Sum(this=w.copy()), expression=exp.Literal.number(0))
        shift = exp.Div(this=times(lean, lean), expression=whole, typed=True, safe=False)
        return self.cells.alias(exp.Sub(this=about_mean, expression=shift))

    def _histogram(self, value: exp.Expr, error: float = 0.01) -> str:
        if self.dialect.collects:
            return self.cells.alias(self.dialect.collected(self._row(value)))
        place = self._row(bucket(value, error))
        alias = next((alias for alias, name in self.histograms.items() if name == place.name), None)
        if alias is None:
            alias = f"h{len(self.histograms)}"
            self.histograms[alias] = place.name
        return alias


def bucket(value: exp.Expr, error: float) -> exp.Expr:
    zero = exp.Literal.number(0)
    offset = exp.Literal.number(OFFSET)

    def size(number: exp.Expr) -> exp.Expr:
        # As a division by the same double on every engine, so that all find the same bucket.
        width = exp.cast(exp.Literal.number(repr(log_gamma(error))), exp.DataType.Type.DOUBLE)
        share = exp.Div(this=exp.Ln(this=number), expression=width, typed=True, safe=False)
        return exp.Add(this=exp.cast(exp.Ceil(this=share), exp.DataType.Type.INT), expression=offset.copy())

    case = exp.Case()
    case = case.when(exp.GT(this=value.copy(), expression=zero.copy()), size(value.copy()))
    case = case.when(exp.EQ(this=value.copy(), expression=zero.copy()), zero.copy())
    negative = exp.Neg(this=exp.paren(size(exp.Neg(this=exp.paren(value.copy())))))
    return case.when(exp.LT(this=value.copy(), expression=zero.copy()), negative)


def known(expression: exp.Expr) -> exp.Expr:
    return exp.Not(this=exp.Is(this=expression.copy(), expression=exp.Null()))


def at_least(value: exp.Expr, least: float) -> exp.Expr:
    """False below, unknown where the value is; so a condition that asks for it asks for the value too."""
    return exp.paren(exp.GTE(this=value.copy(), expression=exp.Literal.number(least)))


def all_of(*conditions: exp.Expr | None) -> exp.Expr | None:
    present = [condition.copy() for condition in conditions if condition is not None]
    if not present:
        return None
    return present[0] if len(present) == 1 else exp.and_(*present)


def when(condition: exp.Expr | None, value: exp.Expr) -> exp.Expr:
    if condition is None:
        return value.copy()
    return exp.Case().when(condition.copy(), value.copy())


def times(*factors: exp.Expr | None) -> exp.Expr:
    product: exp.Expr | None = None
    for factor in factors:
        if factor is not None:
            product = (
                exp.Mul(this=product, expression=factor.copy()) if product is not None else factor.copy()
            )
    assert product is not None
    return exp.paren(product)
