"""One number of each row against another, as waiting against satisfaction: sums per bin of the first, from one statement.

The rows are counted in narrow bins on a logarithmic scale (a width of 2 %, as the histograms of indicators have it), which
every engine finds without sorting and which add up; bins of about equal numbers are made of those afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from sqlglot import exp

from calidez.engine.connection import connect, reading
from calidez.engine.contributions import all_of, bucket, known
from calidez.engine.delta import read_files
from calidez.engine.dialects import dialect_called
from calidez.engine.errors import EngineError
from calidez.engine.expressions import ValueType, parse_expression
from calidez.engine.expressions.compiling import Compiler
from calidez.engine.schema import ColumnType, Schema
from calidez.engine.store import Dataset

ERROR = 0.01
BINS = 20


@dataclass(frozen=True)
class Pairing:
    """Two expressions over the same rows; only scores from `lowest` to `highest` count, so that missing codes do not."""

    value: str
    score: str
    lowest: float
    highest: float
    filter: str = ""
    branch: str | None = None
    zone: str = "UTC"


@dataclass(frozen=True)
class PairBin:
    """The rows whose value lies from `low` to `high`: how many, their mean value, the sum and squares of their scores."""

    n: int
    value: float
    low: float
    high: float
    total: float
    squares: float


def read_pairs(dataset: Dataset, pairing: Pairing) -> pa.Table:
    """A row per branch and narrow bin: branch, bucket, n, value (a sum), low, high, total, squares."""
    source = read_files(dataset.schema, list(dataset.files()))
    statement = compile_pairs(pairing, dataset.schema, "duckdb", source)
    with dataset.scratch() as folder, connect(folder) as connection, reading(dataset.name):
        return connection.execute(statement).to_arrow_table()


def compile_pairs(
    pairing: Pairing, schema: Schema, dialect: str = "duckdb", source: exp.Expr | str = "facts"
) -> str:
    """The statement for one engine; `source` is a table or what stands after FROM."""
    spoken = dialect_called(dialect)
    compiler = Compiler(spoken, pairing.zone)

    def number(text: str) -> exp.Expr:
        return compiler.number(parse_expression(text, schema, expect=ValueType.NUMBER))

    wanted = None
    if pairing.filter:
        wanted = compiler.sql(parse_expression(pairing.filter, schema, expect=ValueType.BOOLEAN))
    branch: exp.Expr = exp.cast(exp.Null(), exp.DataType.Type.TEXT)
    if pairing.branch:
        column = schema.column(pairing.branch)
        if column is None:
            raise EngineError("bad_definition", detail=f"there is no column called {pairing.branch}")
        branch = exp.column(column.name, quoted=True)
        branch = branch if column.type is ColumnType.TEXT else spoken.text(branch)
    rows = exp.select(
        exp.alias_(branch, "branch", quoted=True),
        exp.alias_(number(pairing.value), "x", quoted=True),
        exp.alias_(number(pairing.score), "y", quoted=True),
    ).from_(source)
    if wanted is not None:
        rows = rows.where(wanted)
    x, y = (exp.column(name, quoted=True) for name in "xy")
    valid = all_of(
        known(x),
        exp.GTE(this=y.copy(), expression=_literal(pairing.lowest)),
        exp.LTE(this=y.copy(), expression=_literal(pairing.highest)),
    )
    place, group = exp.alias_(bucket(x, ERROR), "bucket", quoted=True), exp.column("branch", quoted=True)
    placed = exp.select(group.copy(), place, x.copy(), y.copy()).from_(rows.subquery("rows_")).where(valid)
    keys = [group, exp.column("bucket", quoted=True)]
    sums = {
        "n": exp.Count(this=exp.Star()),
        "value": exp.Sum(this=x.copy()),
        "low": exp.Min(this=x.copy()),
        "high": exp.Max(this=x.copy()),
        "total": exp.Sum(this=y.copy()),
        "squares": exp.Sum(this=exp.Mul(this=y.copy(), expression=y.copy())),
    }
    cells = exp.select(*(key.copy() for key in keys))
    cells = cells.select(*(exp.alias_(sum_, name, quoted=True) for name, sum_ in sums.items()))
    cells = cells.from_(placed.subquery("placed_")).group_by(*keys)
    return cells.sql(dialect=spoken.name, pretty=True)


def equal_bins(
    table: pa.Table, count: int = BINS, *, branches: Iterable[str] | None = None
) -> tuple[PairBin, ...]:
    """At most `count` bins of about equal numbers; rows with one value are never parted, so there may be fewer."""
    if branches is not None:
        chosen = set(branches)
        table = table.filter(
            pa.array([name in chosen for name in table.column("branch").to_pylist()], pa.bool_())
        )
    if table.num_rows == 0:
        return ()
    columns = {name: table.column(name).cast(pa.float64()).to_numpy() for name in _NAMES}
    buckets, place = np.unique(table.column("bucket").cast(pa.int64()).to_numpy(), return_inverse=True)
    n = np.bincount(place, columns["n"], len(buckets))
    middles = np.cumsum(n) - n / 2
    bins = np.minimum((count * middles / n.sum()).astype(np.int64), count - 1)[place]
    return tuple(
        _bin({name: values[bins == one] for name, values in columns.items()}) for one in np.unique(bins)
    )


_NAMES = ("n", "value", "low", "high", "total", "squares")


def _bin(rows: dict[str, np.ndarray]) -> PairBin:
    n = rows["n"].sum()
    return PairBin(
        n=int(n),
        value=float(rows["value"].sum() / n),
        low=float(rows["low"].min()),
        high=float(rows["high"].max()),
        total=float(rows["total"].sum()),
        squares=float(rows["squares"].sum()),
    )


def _literal(number: float) -> exp.Expr:
    return exp.cast(exp.Literal.number(repr(float(number))), exp.DataType.Type.DOUBLE)
