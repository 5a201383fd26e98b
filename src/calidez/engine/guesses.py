"""The type and the role of a column, guessed from its values and its header; never the order of day and month."""

# ruff: noqa: S608 - names are quoted and values are literals of our own making

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

import duckdb

from calidez.engine import parsing
from calidez.engine.connection import literal, quoted
from calidez.engine.formulas import PLAIN_NUMBER, RISKY
from calidez.engine.profile import ColumnProfile, shown
from calidez.engine.schema import ColumnType, DateOrder, Decimal, Role

MOSTLY = 0.98  # the rest is reported as misfits and would be rejected, not reinterpreted
DATES_MOSTLY = 0.9
SAMPLES = 5
ORDERS: tuple[DateOrder, ...] = ("ymd", "dmy", "mdy")

TIME_WORDS = re.compile(
    r"date|time|day|month|period|fecha|hora|d[ií]a|mes|per[ií]odo|created|opened|started|inicio", re.I
)
BRANCH_WORDS = re.compile(
    r"branch|sucursal|unit|unidad|site|sede|org|provider|store|tienda|hotel|oficina|office|cent(er|re|ro)|cl[ií]nic|"
    r"hospital|agenc|location|local|station|estaci[oó]n|trust|airline",
    re.I,
)
ID_WORDS = re.compile(
    r"(^|[\s_.-])(id|uid|uuid|ticket|case|caso|folio|n[uú]mero|number|ref|reference|key)($|[\s_.-])", re.I
)


@dataclass(frozen=True)
class Facts:
    """What was counted in one column of the sample; the counts of fits are over rows that are not missing."""

    filled: int
    empty: int
    distinct: int
    longest: int
    shortest: int
    fits: Mapping[str, int]
    samples: tuple[str, ...]

    def share(self, test: str) -> float:
        return self.fits[test] / self.filled if self.filled else 0.0


def facts_of(connection: duckdb.DuckDBPyConnection, table: str, width: int) -> list[Facts]:
    """Count every column at once: a file may have a thousand of them, and planning a query costs more than running it."""
    positions = ", ".join(str(n) for n in range(width))
    cells = ", ".join(f"c{n}" for n in range(width))
    missing = parsing.is_missing("v")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE seen AS SELECT col, v, n, {missing} AS missing FROM ("
        f"SELECT col, v, count(*) AS n FROM (SELECT unnest([{positions}]) AS col, unnest([{cells}]) AS v FROM {table}) "
        "GROUP BY col, v)"
    )
    counted = connection.execute(
        "SELECT col, COALESCE(sum(n) FILTER (NOT missing), 0), COALESCE(sum(n) FILTER (missing), 0), "
        "count(*) FILTER (NOT missing), COALESCE(max(length(v)) FILTER (NOT missing), 0), "
        "COALESCE(min(length(v)) FILTER (NOT missing), 0) FROM seen GROUP BY col ORDER BY col"
    ).fetchall()
    fits = _counted_fits(connection, _plain_tests(), range(width))
    dated = [col for col in range(width) if 2 * fits[col]["dated"] > int(counted[col][1])]
    dates = _counted_fits(connection, _date_tests(), dated)
    samples = _samples(connection)
    return [
        Facts(
            filled=int(filled),
            empty=int(empty),
            distinct=int(distinct),
            longest=int(longest),
            shortest=int(shortest),
            # The dates' own "any" goes last: that of the plain tests would make comma decimals look like moments.
            fits={**fits[col], **NOTHING, **dates.get(col, {})},
            samples=samples.get(col, ()),
        )
        for col, filled, empty, distinct, longest, shortest in counted
    ]


def _counted_fits(
    connection: duckdb.DuckDBPyConnection, tests: Mapping[str, str], columns: Collection[int]
) -> dict[int, dict[str, int]]:
    """For each column how many cells fit each test."""
    if not columns:
        return {}
    flags = ", ".join(f"COALESCE({test}, false) AS {quoted(name)}" for name, test in tests.items())
    sums = ", ".join(f"COALESCE(sum(n) FILTER ({quoted(name)}), 0)" for name in tests)
    sums += ", COALESCE(sum(n) FILTER ({}), 0)".format(" OR ".join(quoted(name) for name in tests))
    rows = connection.execute(
        f"SELECT col, {sums} FROM (SELECT col, n, {flags} FROM seen WHERE NOT missing AND col IN "
        f"({', '.join(map(str, columns))})) GROUP BY col"
    ).fetchall()
    found = {int(col): dict(zip([*tests, "any"], map(int, counts), strict=True)) for col, *counts in rows}
    return {col: found.get(col, dict.fromkeys(tests, 0)) for col in columns}


def _samples(connection: duckdb.DuckDBPyConnection) -> dict[int, tuple[str, ...]]:
    rows = connection.execute(
        "SELECT col, list(v ORDER BY nth) FROM (SELECT col, v, row_number() OVER (PARTITION BY col ORDER BY n DESC, v) "
        f"AS nth FROM seen WHERE NOT missing QUALIFY nth <= {SAMPLES}) GROUP BY col"
    ).fetchall()
    return {int(col): tuple(shown(value) for value in values) for col, values in rows}


def _plain_tests() -> dict[str, str]:
    return {
        "integer.": f"({parsing.integer('v')}) IS NOT NULL",
        "integer,": f"({parsing.integer('v', ',')}) IS NOT NULL",
        "number.": f"({parsing.number('v')}) IS NOT NULL",
        "number,": f"({parsing.number('v', ',')}) IS NOT NULL",
        "boolean": f"({parsing.boolean('v')}) IS NOT NULL",
        "digits": "regexp_full_match(v, '[0-9]+')",
        "code": "regexp_full_match(v, '0[0-9]+')",
        "formula": f"regexp_matches(v, {literal(RISKY)}) AND NOT regexp_full_match(v, {literal(PLAIN_NUMBER)})",
        "dated": f"regexp_matches(v, {literal(DATED)})",
    }


def _date_tests() -> dict[str, str]:
    days = {f"date {order}": f"({parsing.date('v', order)}) IS NOT NULL" for order in ORDERS}
    moments = {f"time {order}": f"({parsing.timestamp('v', order, 'UTC')}) IS NOT NULL" for order in ORDERS}
    return {**days, **moments}


# Something that may be a date: digits with separators, digits alone in the right number, or a day beside a word.
DATED = (
    r"^\s*([0-9]{1,4}[-/.][0-9]{1,2}([-/.][0-9]{1,4})?([ T,].*)?|[12][0-9]{5}|[12][0-9]{7}|[12][0-9]{13}|"
    r"[0-9]{1,2}[ -]\pL+[ -][0-9]{2,4}.*|\pL+ [0-9]{1,2},? [0-9]{4}.*)\s*$"
)
NOTHING = dict.fromkeys([*_date_tests(), "any"], 0)


def guess(source: str, name: str, facts: Facts, *, delimiter: str) -> ColumnProfile:
    """Everything but the role, which depends on the neighbours."""
    kind, orders, ambiguous, decimal, fitting = _type_of(source, facts, delimiter)
    return ColumnProfile(
        source=source,
        name=name,
        type=kind,
        suggested_role=Role.VALUE,
        samples=facts.samples,
        empty=facts.empty,
        distinct=facts.distinct,
        misfits=facts.filled - fitting,
        date_orders=orders,
        ambiguous=ambiguous,
        decimal=decimal,
        constant_width=facts.longest if facts.filled and facts.longest == facts.shortest else None,
    )


Guess = tuple[ColumnType, tuple[DateOrder, ...], bool, Decimal, int]


def _type_of(source: str, facts: Facts, delimiter: str) -> Guess:
    text: Guess = (ColumnType.TEXT, (), False, ".", facts.filled)
    if not facts.filled:
        return text
    if facts.fits["digits"] == facts.filled:
        if TIME_WORDS.search(source) and facts.fits["date ymd"] == facts.filled:
            return ColumnType.DATE, ("ymd",), False, ".", facts.filled
        # Leading zeros mean a code: as a number it would lose them.
        return text if facts.fits["code"] else (ColumnType.INTEGER, (), False, ".", facts.filled)
    if facts.fits["code"]:
        return text
    if facts.distinct <= 2 and facts.fits["boolean"] == facts.filled:
        return ColumnType.BOOLEAN, (), False, ".", facts.filled
    return _dates(facts) or _numbers(facts, delimiter) or text


def _numbers(facts: Facts, delimiter: str) -> Guess | None:
    point, comma = facts.fits["number."], facts.fits["number,"]
    decimal: Decimal = "." if point > comma or (point == comma and delimiter != ";") else ","
    if facts.share(f"integer{decimal}") >= MOSTLY:
        return ColumnType.INTEGER, (), False, decimal, facts.fits[f"integer{decimal}"]
    if facts.share(f"number{decimal}") >= MOSTLY:
        return ColumnType.NUMBER, (), False, decimal, facts.fits[f"number{decimal}"]
    return None


def _dates(facts: Facts) -> Guess | None:
    for kind, type_ in (("date", ColumnType.DATE), ("time", ColumnType.TIMESTAMP)):
        if _any(facts, kind) < DATES_MOSTLY or facts.share("number.") > 0.5:
            continue
        if facts.fits[f"{kind} ymd"] == facts.filled:
            return type_, ("ymd",), False, ".", facts.filled
        counts: dict[DateOrder, int] = {order: facts.fits[f"{kind} {order}"] for order in ORDERS}
        best = max(counts.values())
        whole = tuple(order for order in ORDERS[1:] if counts[order] == best)
        return type_, whole, len(whole) > 1, ".", best
    return None


def _any(facts: Facts, kind: str) -> float:
    """The share of cells that are dates in whatever order; where orders are mixed no single one has them all."""
    if kind == "time":
        return facts.share("any")
    best = max(facts.share(f"date {order}") for order in ORDERS)
    moments = max(facts.share(f"time {order}") for order in ORDERS)
    return facts.share("any") if best >= moments else best


def with_roles(columns: list[ColumnProfile], lengths: Mapping[str, int], rows: int) -> list[ColumnProfile]:
    """One time, one branch where a header says so, the rest by what they hold."""
    time = _first(columns, lambda c: c.type in (ColumnType.DATE, ColumnType.TIMESTAMP), TIME_WORDS)
    branch = next(
        (
            c
            for c in columns
            if c.type is ColumnType.TEXT and BRANCH_WORDS.search(c.source) and 1 < c.distinct <= 5000
        ),
        None,
    )
    result = []
    for column in columns:
        if column is time:
            role = Role.TIME
        elif column is branch:
            role = Role.BRANCH
        else:
            role = _role(column, lengths.get(column.source, 0), rows)
        result.append(replace(column, suggested_role=role))
    return result


def _first(
    columns: list[ColumnProfile], test: Callable[[ColumnProfile], bool], words: re.Pattern[str]
) -> ColumnProfile | None:
    fitting = [column for column in columns if test(column)]
    named = [column for column in fitting if words.search(column.source)]
    return next(iter(named or fitting), None)


def _role(column: ColumnProfile, longest: int, rows: int) -> Role:
    if rows > 1 and column.distinct == rows and ID_WORDS.search(column.source):
        return Role.KEY
    if column.type in (ColumnType.NUMBER, ColumnType.INTEGER, ColumnType.DATE, ColumnType.TIMESTAMP):
        return Role.VALUE
    if column.type is ColumnType.TEXT and (column.distinct > max(200, rows // 2) or longest > 120):
        return Role.TEXT
    return Role.SEGMENT
