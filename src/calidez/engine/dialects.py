"""The few things that engines say differently, one small class each; everything else SQLGlot writes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from sqlglot import exp

from calidez.engine.definitions import Period
from calidez.engine.errors import EngineError
from calidez.engine.expressions.nodes import ValueType
from calidez.engine.histogram import RANK_SLACK

MICRO = 1_000_000
EPOCH_DAYS = 719_162  # days from 0001-01-01 to 1970-01-01, so that dividing never sees a negative number


def call(name: str, *arguments: exp.Expr | str | float) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=[_argument(argument) for argument in arguments])


def _argument(argument: exp.Expr | str | float) -> exp.Expr:
    if isinstance(argument, exp.Expr):
        return argument
    return exp.Literal.string(argument) if isinstance(argument, str) else exp.Literal.number(argument)


def double(value: exp.Expr) -> exp.Expr:
    return exp.cast(value, exp.DataType.Type.DOUBLE)


class Dialect:
    """What PostgreSQL says; the others change it."""

    name = "postgres"
    exact_percentile = True
    collects = False  # whether it gives the values of a cell as a list, to be counted outside

    def moment(self, value: datetime) -> exp.Expr:
        return exp.cast(exp.Literal.string(_iso(value) + "+00:00"), exp.DataType.Type.TIMESTAMPTZ)

    def day(self, value: date) -> exp.Expr:
        return exp.cast(exp.Literal.string(value.isoformat()), exp.DataType.Type.DATE)

    def as_moment(self, value: exp.Expr) -> exp.Expr:
        """A date as the moment at which it begins in UTC."""
        return call("timezone", "UTC", exp.cast(value, exp.DataType.Type.TIMESTAMP))

    def local(self, moment: exp.Expr, zone: str) -> exp.Expr:
        """What the clock of the zone shows at a moment."""
        return call("timezone", zone, moment)

    def period(self, value: exp.Expr, type_: ValueType, period: Period, zone: str) -> exp.Expr:
        if type_ is ValueType.DATE:
            return self.first_day(value, period)
        if period is Period.HOUR:
            return call("date_trunc", "hour", self.local(value, "UTC"))
        return self.first_day(exp.cast(self.local(value, zone), exp.DataType.Type.DATE), period)

    def first_day(self, day: exp.Expr, period: Period) -> exp.Expr:
        if period in (Period.DAY, Period.HOUR):
            return day
        truncated = call("date_trunc", str(period), exp.cast(day, exp.DataType.Type.TIMESTAMP))
        return exp.cast(truncated, exp.DataType.Type.DATE)

    def part(self, name: str, value: exp.Expr) -> exp.Expr:
        field = {"weekday": "ISODOW"}.get(name, name.upper())
        return exp.Extract(this=exp.var(field), expression=value)

    def seconds(self, moment: exp.Expr) -> exp.Expr:
        """Seconds since 1970 with their fraction."""
        return double(exp.Extract(this=exp.var("EPOCH"), expression=moment))

    def length(self, text: exp.Expr) -> exp.Expr:
        return exp.Length(this=text)

    def lower(self, text: exp.Expr) -> exp.Expr:
        return exp.Lower(this=text)

    def upper(self, text: exp.Expr) -> exp.Expr:
        return exp.Upper(this=text)

    def like(self, text: exp.Expr, pattern: str) -> exp.Expr:
        return exp.Like(this=text, expression=exp.Literal.string(pattern))

    def extreme(self, name: str, values: Sequence[exp.Expr]) -> exp.Expr:
        """The least or greatest of those that are known: what is empty is passed over."""
        return values[0] if len(values) == 1 else call(name, *values)

    def text(self, value: exp.Expr) -> exp.Expr:
        return exp.cast(value, exp.DataType.Type.TEXT)

    def percentile(self, value: exp.Expr, q: float) -> exp.Expr:
        """The value of the nearest rank, ceil(q n)."""
        # A hair less, because the engine rounds 0.07 times 100 up to the eighth.
        inner = exp.PercentileDisc(this=exp.Literal.number(repr(q * (1 - RANK_SLACK))))
        return exp.WithinGroup(this=inner, expression=exp.Order(expressions=[exp.Ordered(this=value)]))

    def variance(self, value: exp.Expr) -> exp.Expr:
        """With the divisor n, by an algorithm that does not cancel."""
        return call("VAR_POP", value.copy())

    def covariance(self, left: exp.Expr, right: exp.Expr) -> exp.Expr:
        return call("COVAR_POP", left.copy(), right.copy())

    def histogram(self, bucket: exp.Expr, count: exp.Expr) -> exp.Expr:
        """The map of bucket to count, from rows that hold one bucket each."""
        return exp.cast(call("jsonb_object_agg", bucket, count), exp.DataType.Type.TEXT)

    def collected(self, value: exp.Expr) -> exp.Expr:
        """The known values of a cell as a list, where the engine `collects`."""
        raise EngineError("unknown_dialect", dialect=self.name)


class DuckDB(Dialect):
    name = "duckdb"
    collects = True

    def local(self, moment: exp.Expr, zone: str) -> exp.Expr:
        if zone == "UTC":
            # The calendar of a time zone costs ten times more than arithmetic, and UTC needs none.
            return call("make_timestamp", call("epoch_us", moment))
        return call("timezone", zone, moment)

    def period(self, value: exp.Expr, type_: ValueType, period: Period, zone: str) -> exp.Expr:
        if type_ is ValueType.TIMESTAMP and zone == "UTC" and period is Period.DAY:
            return self._day_of(value)
        return super().period(value, type_, period, zone)

    def _day_of(self, moment: exp.Expr) -> exp.Expr:
        shifted = exp.Add(
            this=call("epoch_us", moment), expression=exp.Literal.number(EPOCH_DAYS * 86_400 * MICRO)
        )
        days = exp.IntDiv(this=exp.paren(shifted), expression=exp.Literal.number(86_400 * MICRO))
        return exp.Add(
            this=exp.cast(exp.Literal.string("0001-01-01"), exp.DataType.Type.DATE),
            expression=exp.cast(days, exp.DataType.Type.INT),
        )

    def like(self, text: exp.Expr, pattern: str) -> exp.Expr:
        """Its own LIKE tries every place of every %, for hours in a long text, and cannot be stopped meanwhile."""
        if "_" not in pattern and "%" not in pattern.strip("%"):
            return super().like(text, pattern)
        signs = {"%": ".*", "_": "."}
        told = "".join(signs.get(letter) or re.escape(letter) for letter in re.sub("%+", "%", pattern))
        return call("regexp_full_match", text, exp.Literal.string(told), exp.Literal.string("s"))

    def seconds(self, moment: exp.Expr) -> exp.Expr:
        return exp.Div(this=double(call("epoch_us", moment)), expression=exp.Literal.number(MICRO))

    def percentile(self, value: exp.Expr, q: float) -> exp.Expr:
        # The rank is exact here: the share is a decimal.
        return call("quantile_disc", value, q)

    def histogram(self, bucket: exp.Expr, count: exp.Expr) -> exp.Expr:
        return call("map_from_entries", call("list", call("row", bucket, count)))

    def collected(self, value: exp.Expr) -> exp.Expr:
        """Counting a list outside is several times faster than a map inside."""
        return exp.Filter(
            this=call("list", value),
            expression=exp.Where(this=exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null()))),
        )


class Spark(Dialect):
    """Spark SQL with the session's time zone set to UTC, as the engine's own sessions have it."""

    name = "spark"

    def moment(self, value: datetime) -> exp.Expr:
        return exp.cast(
            exp.Literal.string(_iso(value) + "+00:00"), exp.DataType.Type.TIMESTAMP, dialect="spark"
        )

    def as_moment(self, value: exp.Expr) -> exp.Expr:
        return exp.cast(value, exp.DataType.Type.TIMESTAMP)

    def local(self, moment: exp.Expr, zone: str) -> exp.Expr:
        return moment if zone == "UTC" else call("from_utc_timestamp", moment, zone)

    def first_day(self, day: exp.Expr, period: Period) -> exp.Expr:
        return day if period in (Period.DAY, Period.HOUR) else call("trunc", day, str(period).upper())

    def part(self, name: str, value: exp.Expr) -> exp.Expr:
        field = {"weekday": "DAYOFWEEK_ISO"}.get(name, name.upper())
        return exp.Extract(this=exp.var(field), expression=value)

    def seconds(self, moment: exp.Expr) -> exp.Expr:
        micros = call("unix_micros", exp.cast(moment, exp.DataType.Type.TIMESTAMP))
        return exp.Div(this=double(micros), expression=exp.Literal.number(MICRO))

    def histogram(self, bucket: exp.Expr, count: exp.Expr) -> exp.Expr:
        return call("map_from_entries", call("collect_list", call("struct", bucket, count)))


class ClickHouse(Dialect):
    name = "clickhouse"

    def moment(self, value: datetime) -> exp.Expr:
        return call("toDateTime64", _iso(value), 6, "UTC")

    def day(self, value: date) -> exp.Expr:
        return call("toDate32", value.isoformat())

    def as_moment(self, value: exp.Expr) -> exp.Expr:
        return call("toDateTime64", value, 6, "UTC")

    def local(self, moment: exp.Expr, zone: str) -> exp.Expr:
        return call("toTimeZone", moment, zone)

    def period(self, value: exp.Expr, type_: ValueType, period: Period, zone: str) -> exp.Expr:
        if type_ is ValueType.DATE:
            return self.first_day(value, period)
        if period is Period.HOUR:
            return call("toStartOfHour", self.local(value, "UTC"))
        return self.first_day(call("toDate32", value, zone), period)

    def first_day(self, day: exp.Expr, period: Period) -> exp.Expr:
        functions = {
            Period.WEEK: "toMonday",
            Period.MONTH: "toStartOfMonth",
            Period.QUARTER: "toStartOfQuarter",
            Period.YEAR: "toStartOfYear",
        }
        return call(functions[period], day) if period in functions else day

    def part(self, name: str, value: exp.Expr) -> exp.Expr:
        functions = {"day": "toDayOfMonth", "weekday": "toDayOfWeek"}
        return call(functions.get(name, "to" + name.capitalize()), value)

    def seconds(self, moment: exp.Expr) -> exp.Expr:
        micros = call("toUnixTimestamp64Micro", call("toDateTime64", moment, 6, "UTC"))
        return exp.Div(this=double(micros), expression=exp.Literal.number(MICRO))

    def length(self, text: exp.Expr) -> exp.Expr:
        return call("lengthUTF8", text)

    def extreme(self, name: str, values: Sequence[exp.Expr]) -> exp.Expr:
        """Its own two are empty where one value is, before version 24.12."""
        kind = exp.Literal.string("min" if name == "least" else "max")
        return call("arrayReduce", kind, exp.Array(expressions=list(values)))

    def lower(self, text: exp.Expr) -> exp.Expr:
        return call("lowerUTF8", text)

    def upper(self, text: exp.Expr) -> exp.Expr:
        return call("upperUTF8", text)

    def percentile(self, value: exp.Expr, q: float) -> exp.Expr:
        # Its own quantiles count ranks otherwise: quantileExact takes floor(q n) + 1.
        rank = call(
            "toUInt64",
            call(
                "ceil",
                exp.Mul(
                    this=call("count", value.copy()),
                    expression=exp.Literal.number(repr(q * (1 - RANK_SLACK))),
                ),
            ),
        )
        found = call("arrayElement", call("arraySort", call("groupArray", value.copy())), rank)
        return call(
            "if",
            exp.GT(this=call("count", value.copy()), expression=exp.Literal.number(0)),
            found,
            exp.Null(),
        )

    def variance(self, value: exp.Expr) -> exp.Expr:
        return call("varPopStable", value.copy())

    def covariance(self, left: exp.Expr, right: exp.Expr) -> exp.Expr:
        return call("covarPopStable", left.copy(), right.copy())

    def histogram(self, bucket: exp.Expr, count: exp.Expr) -> exp.Expr:
        return call("sumMap", call("map", call("assumeNotNull", bucket), count))


DIALECTS: dict[str, Dialect] = {
    dialect.name: dialect for dialect in (DuckDB(), Dialect(), Spark(), ClickHouse())
}


def dialect_called(name: str) -> Dialect:
    if name not in DIALECTS:
        raise EngineError("unknown_dialect", dialect=name)
    return DIALECTS[name]


def _iso(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(sep=" ")
