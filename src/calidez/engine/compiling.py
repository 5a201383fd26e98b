"""Indicator definitions as one SQL statement: what shares a scan is computed in one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

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
from calidez.engine.dialects import Dialect, dialect_called, double
from calidez.engine.errors import EngineError
from calidez.engine.expressions import Node, ValueType, parse_expression
from calidez.engine.expressions.compiling import Compiler
from calidez.engine.histogram import OFFSET, log_gamma
from calidez.engine.report import Interval
from calidez.engine.schema import Column, ColumnType, Schema

PERIOD, BRANCH = "period_start", "branch"
ROWS, CELLS = "rows_", "cells_"


@dataclass(frozen=True)
class Plan:
    """A statement and, for each definition, which of its columns holds which statistic."""

    sql: str
    columns: dict[str, dict[str, str]]
    segments: dict[str, str]


def compile_sql(
    definitions: Sequence[IndicatorDefinition],
    schema: Schema,
    dialect: str = "duckdb",
    source: str = "facts",
    since: datetime | None = None,
    until: datetime | None = None,
) -> str:
    """The statement that measures the definitions, which must share dataset, period, branch and segments.

    `source` is the name of a table (dots for schema and catalogue); rows of [since, until) are read.
    """
    ranges = [(since, until)] if since or until else []
    return plan(definitions, schema, dialect, exp.to_table(source), ranges).sql


def plan(
    definitions: Sequence[IndicatorDefinition],
    schema: Schema,
    dialect: str,
    source: exp.Expr | str,
    ranges: Iterable[tuple[datetime | None, datetime | None]] = (),
) -> Plan:
    return _Planner(list(definitions), schema, dialect_called(dialect)).plan(source, list(ranges))


def ranges_of(intervals: Iterable[Interval]) -> list[tuple[datetime | None, datetime | None]]:
    return [(interval.start, interval.end) for interval in intervals]


@dataclass
class _Collected:
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


class _Planner:
    def __init__(self, definitions: list[IndicatorDefinition], schema: Schema, dialect: Dialect) -> None:
        if not definitions:
            raise EngineError("bad_definition", detail="there is none")
        if len({definition.scan for definition in definitions}) > 1:
            raise EngineError("different_dataset")
        self.definitions = definitions
        self.first = definitions[0]
        self.schema = schema
        self.dialect = dialect
        self.compiler = Compiler(dialect, self.first.zone)
        self.rows = _Collected("x", dialect.name)
        self.cells = _Collected("a", dialect.name)
        self.histograms: dict[str, str] = {}
        self.time = self._time()
        self.dimensions = self._dimensions()

    # The statement

    def plan(self, source: exp.Expr | str, ranges: list[tuple[datetime | None, datetime | None]]) -> Plan:
        columns = {d.fingerprint: self._measured(d.measure, self._filter(d)) for d in self.definitions}
        return Plan(self._statement(source, ranges), columns, self.segment_names())

    def segment_names(self) -> dict[str, str]:
        return {f"s{n}": name for n, name in enumerate(self.first.segments)}

    def _statement(
        self, source: exp.Expr | str, ranges: list[tuple[datetime | None, datetime | None]]
    ) -> str:
        rows = exp.select(*self._dimension_columns(), *self.rows.selected()).from_(source)
        rows = rows.where(self._where(ranges))
        keys = [exp.column(name, quoted=True) for name in self.dimensions]
        cells = exp.select(*(key.copy() for key in keys), *self.cells.selected()).from_(
            exp.to_identifier(ROWS) if self.histograms else rows.subquery(ROWS)
        )
        cells = cells.group_by(*(key.copy() for key in keys))
        if not self.histograms:
            return cells.sql(dialect=self.dialect.name, pretty=True)
        return self._with_histograms(rows, cells, keys).sql(dialect=self.dialect.name, pretty=True)

    def _with_histograms(self, rows: exp.Select, cells: exp.Select, keys: list[exp.Column]) -> exp.Select:
        """Where the engine has no histogram of its own: count per bucket, gather, and join to the cells."""
        result = exp.select(exp.Star()).from_(CELLS).with_(ROWS, rows).with_(CELLS, cells)
        names = [key.name for key in keys]
        result = exp.select(*(exp.column(name, table=CELLS, quoted=True) for name in names))
        result = result.select(
            *(exp.column(alias, table=CELLS, quoted=True) for alias, _ in self.cells.found.values())
        )
        result = result.from_(CELLS)
        withs: list[tuple[str, exp.Select]] = [(ROWS, rows), (CELLS, cells)]
        for alias, bucket in self.histograms.items():
            column = exp.column(bucket, quoted=True)
            counted = exp.select(*(key.copy() for key in keys), exp.alias_(column.copy(), "bucket"))
            counted = counted.select(exp.alias_(exp.Count(this=exp.Star()), "n")).from_(ROWS)
            counted = counted.where(_known(column.copy())).group_by(
                *(key.copy() for key in keys), column.copy()
            )
            gathered = self.dialect.histogram(exp.column("bucket"), exp.column("n"))
            maps = exp.select(*(key.copy() for key in keys), exp.alias_(gathered, alias, quoted=True))
            maps = maps.from_(counted.subquery("counted_")).group_by(*(key.copy() for key in keys))
            withs.append((f"{alias}_", maps))
            same = [
                exp.NullSafeEQ(
                    this=exp.column(name, table=CELLS, quoted=True),
                    expression=exp.column(name, table=f"{alias}_", quoted=True),
                )
                for name in names
            ]
            result = result.select(exp.column(alias, table=f"{alias}_", quoted=True))
            result = result.join(f"{alias}_", on=exp.and_(*same), join_type="left")
        for name, query in withs:
            result = result.with_(name, query)
        return result

    def _where(self, ranges: list[tuple[datetime | None, datetime | None]]) -> exp.Expr:
        column = exp.column(self.time.name, quoted=True)
        known = _known(column)
        if not ranges:
            return known
        return exp.and_(known, exp.paren(exp.or_(*(self._range(since, until) for since, until in ranges))))

    def _range(self, since: datetime | None, until: datetime | None) -> exp.Expr:
        column = exp.column(self.time.name, quoted=True)
        parts: list[exp.Expr] = []
        if since:
            parts.append(exp.GTE(this=column.copy(), expression=self._bound(since)))
        if until:
            parts.append(exp.LT(this=column.copy(), expression=self._bound(until)))
        return exp.and_(*parts) if parts else exp.true()

    def _bound(self, moment: datetime) -> exp.Expr:
        if self.time.type is ColumnType.DATE:
            return self.dialect.day(moment.date())
        return self.dialect.moment(moment)

    # Dimensions

    def _time(self) -> Column:
        column = self.schema.column(self.first.time) if self.first.time else self.schema.time
        if not column or column.type not in (ColumnType.DATE, ColumnType.TIMESTAMP):
            raise EngineError("needs_time")
        return column

    def _dimensions(self) -> list[str]:
        return [PERIOD, *([BRANCH] if self.first.branch else []), *self.segment_names()]

    def _dimension_columns(self) -> list[exp.Expr]:
        value = exp.column(self.time.name, quoted=True)
        start = self.dialect.period(value, ValueType.of(self.time.type), self.first.period, self.first.zone)
        columns = [exp.alias_(start, PERIOD, quoted=True)]
        if self.first.branch:
            columns.append(exp.alias_(self._dimension(self.first.branch), BRANCH, quoted=True))
        for alias, name in self.segment_names().items():
            columns.append(exp.alias_(self._dimension(name), alias, quoted=True))
        return columns

    def _dimension(self, name: str) -> exp.Expr:
        column = self.schema.column(name)
        if not column:
            raise EngineError("bad_definition", detail=f"there is no column called {name}")
        value = exp.column(column.name, quoted=True)
        return value if column.type is ColumnType.TEXT else self.dialect.text(value)

    # Measures: what each row contributes, and how it is added up

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
                kept = _all(where, self._condition(measure.where) if measure.where else None)
                return {"n": self._count(_when(kept, exp.Literal.number(1)))}
            case Rate():
                return self._rate(measure, where)
            case Ratio():
                top, bottom = self._number(measure.numerator), self._number(measure.denominator)
                return self._pair(where, top, bottom)
            case Nps():
                return self._nps(measure, where)

    def _proportion(self, measure: Proportion, where: exp.Expr | None) -> dict[str, str]:
        met = self._condition(measure.met)
        kept = _all(where, self._condition(measure.of) if measure.of else None)
        if not measure.weight:
            # Counting a condition counts the rows in which it is known.
            yes = _when(_all(kept, met), exp.Literal.number(1))
            return {"n": self._count(_when(kept, met)), "met": self._count(yes)}
        weight = self._number(measure.weight)
        known = _all(kept, _known(met), _known(weight))
        return {
            "n": self._count(_when(known, weight)),
            "weight": self._sum(_when(known, weight)),
            "met": self._sum(_when(_all(kept, met), weight)),
        }

    def _counted(self, measure: Proportion, where: exp.Expr | None) -> dict[str, str]:
        met, total = self._number(measure.met_total), self._number(measure.total)
        kept = _all(where, _known(met), _known(total))
        return {
            "rows": self._count(_when(kept, total)),
            "weight": self._sum(_when(kept, total)),
            "met": self._sum(_when(kept, met)),
        }

    def _mean(self, measure: Mean, where: exp.Expr | None) -> dict[str, str]:
        value = self._number(measure.value)
        columns = self._moments(value, where, self._number(measure.weight) if measure.weight else None)
        if measure.histogram:
            columns["histogram"] = self._histogram(_when(where, value))
        return columns

    def _percentile(self, measure: Percentile, where: exp.Expr | None) -> dict[str, str]:
        value = self._number(measure.value)
        columns = self._moments(value, where, None)
        if not measure.exactness.exact:
            columns["histogram"] = self._histogram(_when(where, value), measure.exactness.error)
            return columns
        if not self.dialect.exact_percentile:
            raise EngineError("inexact", dialect=self.dialect.name, measure=measure.kind)
        columns["exact"] = self.cells.alias(
            self.dialect.percentile(self._row(_when(where, value)), measure.q)
        )
        return columns

    def _moments(self, value: exp.Expr, where: exp.Expr | None, weight: exp.Expr | None) -> dict[str, str]:
        kept = _all(where, _known(weight)) if weight else where
        plain = _when(kept, value)
        weighted = _when(kept, _times(weight, value)) if weight else plain
        squared = _when(kept, _times(weight, value, value)) if weight else None
        columns = {
            "n": self._count(plain),
            "total": self._sum(weighted),
            "sum_squares": self._sum(squared) if squared else self._squares(plain),
            "minimum": self.cells.alias(exp.Min(this=self._row(plain))),
            "maximum": self.cells.alias(exp.Max(this=self._row(plain))),
        }
        if weight:
            columns["weight"] = self._sum(_when(_all(kept, _known(value)), weight))
        return columns

    def _rate(self, measure: Rate, where: exp.Expr | None) -> dict[str, str]:
        events = self._parsed(measure.events, None)
        if events.type is ValueType.BOOLEAN:
            condition = self.compiler.sql(events)
            hit = exp.Case().when(condition, exp.Literal.number(1)).else_(exp.Literal.number(0))
            number = double(_when(_known(condition), hit))
        else:
            number = self._number(measure.events)
        return self._pair(where, number, self._number(measure.exposure))

    def _pair(self, where: exp.Expr | None, top: exp.Expr, bottom: exp.Expr) -> dict[str, str]:
        """Two sums over the rows in which both numbers are known."""
        kept = _all(where, _known(top), _known(bottom))
        numerator = _when(kept, top)
        return {
            "n": self._count(numerator),
            "total": self._sum(numerator),
            "weight": self._sum(_when(kept, bottom)),
        }

    def _nps(self, measure: Nps, where: exp.Expr | None) -> dict[str, str]:
        score = self._number(measure.score)
        valid = _all(
            where,
            exp.GTE(this=score.copy(), expression=exp.Literal.number(0)),
            exp.LTE(this=score.copy(), expression=exp.Literal.number(10)),
        )
        weight = self._number(measure.weight) if measure.weight else None
        answer = _when(valid, score)
        columns = self._moments(answer, None, weight)
        given = self._row(answer)
        promoter = exp.GTE(this=given.copy(), expression=exp.Literal.number(9))
        detractor = exp.LTE(this=given.copy(), expression=exp.Literal.number(6))
        for name, condition in (("met", promoter), ("unmet", detractor)):
            if weight:
                added: exp.Expr = exp.Sum(this=_when(condition, self._row(weight)))
            else:
                added = exp.Count(this=_when(condition, exp.Literal.number(1)))
            columns[name] = self.cells.alias(added)
        return columns

    # Adding up

    def _row(self, expression: exp.Expr) -> exp.Expr:
        return exp.column(self.rows.alias(expression), quoted=True)

    def _count(self, expression: exp.Expr) -> str:
        return self.cells.alias(exp.Count(this=self._row(expression)))

    def _sum(self, expression: exp.Expr) -> str:
        return self.cells.alias(exp.Sum(this=self._row(expression)))

    def _squares(self, expression: exp.Expr) -> str:
        row = self._row(expression)
        return self.cells.alias(exp.Sum(this=exp.Mul(this=row, expression=row.copy())))

    def _histogram(self, value: exp.Expr, error: float = 0.01) -> str:
        bucket = self._row(_bucket(value, error))
        direct = self.dialect.one_pass_histogram(bucket)
        if direct is not None:
            return self.cells.alias(direct)
        alias = next((alias for alias, name in self.histograms.items() if name == bucket.name), None)
        if alias is None:
            alias = f"h{len(self.histograms)}"
            self.histograms[alias] = bucket.name
        return alias


def _bucket(value: exp.Expr, error: float) -> exp.Expr:
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


def _known(expression: exp.Expr) -> exp.Expr:
    return exp.Not(this=exp.Is(this=expression.copy(), expression=exp.Null()))


def _all(*conditions: exp.Expr | None) -> exp.Expr | None:
    present = [condition.copy() for condition in conditions if condition is not None]
    if not present:
        return None
    return present[0] if len(present) == 1 else exp.and_(*present)


def _when(condition: exp.Expr | None, value: exp.Expr) -> exp.Expr:
    if condition is None:
        return value.copy()
    return exp.Case().when(condition.copy(), value.copy())


def _times(*factors: exp.Expr | None) -> exp.Expr:
    product: exp.Expr | None = None
    for factor in factors:
        if factor is not None:
            product = (
                exp.Mul(this=product, expression=factor.copy()) if product is not None else factor.copy()
            )
    assert product is not None
    return exp.paren(product)
