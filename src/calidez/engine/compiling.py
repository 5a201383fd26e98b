"""Indicator definitions as one SQL statement: what shares a scan is computed in one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlglot import exp

from calidez.engine.contributions import Contributions, known
from calidez.engine.definitions import IndicatorDefinition
from calidez.engine.dialects import Dialect, dialect_called
from calidez.engine.errors import EngineError
from calidez.engine.expressions import ValueType
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
        self.given = Contributions(schema, dialect, self.first.zone)
        self.time = self._time()
        self.dimensions = self._dimensions()

    # The statement

    def plan(self, source: exp.Expr | str, ranges: list[tuple[datetime | None, datetime | None]]) -> Plan:
        columns = {d.fingerprint: self.given.of(d) for d in self.definitions}
        return Plan(self._statement(source, ranges), columns, self.segment_names())

    def segment_names(self) -> dict[str, str]:
        return {f"s{n}": name for n, name in enumerate(self.first.segments)}

    def _statement(
        self, source: exp.Expr | str, ranges: list[tuple[datetime | None, datetime | None]]
    ) -> str:
        rows = exp.select(*self._dimension_columns(), *self.given.rows.selected()).from_(source)
        rows = rows.where(self._where(ranges))
        keys = [exp.column(name, quoted=True) for name in self.dimensions]
        cells = exp.select(*(key.copy() for key in keys), *self.given.cells.selected()).from_(
            exp.to_identifier(ROWS) if self.given.histograms else rows.subquery(ROWS)
        )
        cells = cells.group_by(*(key.copy() for key in keys))
        if not self.given.histograms:
            return cells.sql(dialect=self.dialect.name, pretty=True)
        return self._with_histograms(rows, cells, keys).sql(dialect=self.dialect.name, pretty=True)

    def _with_histograms(self, rows: exp.Select, cells: exp.Select, keys: list[exp.Column]) -> exp.Select:
        """Where the engine has no histogram of its own: count per bucket, gather, and join to the cells."""
        result = exp.select(exp.Star()).from_(CELLS).with_(ROWS, rows).with_(CELLS, cells)
        names = [key.name for key in keys]
        result = exp.select(*(exp.column(name, table=CELLS, quoted=True) for name in names))
        result = result.select(
            *(exp.column(alias, table=CELLS, quoted=True) for alias, _ in self.given.cells.found.values())
        )
        result = result.from_(CELLS)
        withs: list[tuple[str, exp.Select]] = [(ROWS, rows), (CELLS, cells)]
        for alias, bucket in self.given.histograms.items():
            column = exp.column(bucket, quoted=True)
            counted = exp.select(*(key.copy() for key in keys), exp.alias_(column.copy(), "bucket"))
            counted = counted.select(exp.alias_(exp.Count(this=exp.Star()), "n")).from_(ROWS)
            counted = counted.where(known(column.copy())).group_by(
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
        dated = known(column)
        if not ranges:
            return dated
        return exp.and_(dated, exp.paren(exp.or_(*(self._range(since, until) for since, until in ranges))))

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
