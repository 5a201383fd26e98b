"""Everything that charts need, from sums that can be added up: over branches, segments and longer periods."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calidez.engine import histogram as buckets
from calidez.engine.definitions import Count, Mean, Measure, Nps, Percentile, Period, Proportion, Rate, Ratio
from calidez.engine.errors import EngineError
from calidez.engine.histogram import Histogram, Values
from calidez.engine.periods import period_start

ADDED = ("n", "weight", "total", "sum_squares", "met", "unmet", "left_out")
NUMBERS: tuple[str, ...] = (*ADDED, "minimum", "maximum")
DISTRIBUTION = ("values", "histogram")


@dataclass(frozen=True)
class Statistics:
    """One cell: an indicator in a period, of a branch and its segments, or of any union of such cells.

    `values` holds the values with their counts while they are few, `histogram` the buckets with theirs where they
    are not; never both. `centred` is the sum of squares about the mean; None in what was kept before it was known, and
    then it follows from `sum_squares`, which cancels where values lie far from zero. `left_out` counts the rows that
    hold what cannot be, and are in none of the others.
    """

    n: int = 0
    weight: float = 0.0
    total: float = 0.0
    sum_squares: float = 0.0
    met: float = 0.0
    unmet: float = 0.0
    minimum: float | None = None
    maximum: float | None = None
    centred: float | None = None
    left_out: float = 0.0
    histogram: Histogram = field(default_factory=dict)
    values: Values = field(default_factory=dict)
    exact: float | None = None

    @classmethod
    def from_row(cls, row: Mapping[str, object]) -> Statistics:
        """From a row of a table as `Table.to_pylist()` gives it, or of a database.

        In a database one column holds either: [[bucket, count], …] or {"values": [[value, count], …]}.
        """
        held: dict[str, Any] = {f.name: row[f.name] for f in fields(cls) if row.get(f.name) is not None}
        found = held.get("histogram")
        if isinstance(found, Mapping) and "values" in found:
            held["values"] = held.pop("histogram")["values"]
        for name, kind in (("histogram", int), ("values", float)):
            if name in held:
                pairs = held[name].items() if isinstance(held[name], Mapping) else held[name]
                held[name] = {kind(place): int(count) for place, count in pairs}
        return cls(**held)

    def __add__(self, other: Statistics) -> Statistics:
        added = {name: getattr(self, name) + getattr(other, name) for name in ADDED}
        return Statistics(
            **added,
            minimum=_extreme(min, self.minimum, other.minimum),
            maximum=_extreme(max, self.maximum, other.maximum),
            centred=_centred(self, other),
            **_distribution(self, other),
        )

    @property
    def approximate(self) -> bool:
        """Whether percentiles are known within the error of the buckets only."""
        return bool(self.histogram)

    @property
    def centred_squares(self) -> float:
        """The sum of weighted squares about the mean."""
        if self.centred is not None:
            return self.centred
        return max(self.sum_squares - self.total**2 / self.weight, 0.0) if self.weight > 0 else 0.0

    @property
    def variance(self) -> float | None:
        """Of the values, with the divisor n - 1; None below two observations. Weights count as frequencies."""
        if self.n < 2 or self.weight <= 0:
            return None
        return self.centred_squares / self.weight * self.n / (self.n - 1)


def _centred(left: Statistics, right: Statistics) -> float:
    """Chan, Golub and LeVeque, The American Statistician 37 (1983) 242: what each holds, and how far apart they lie."""
    within = left.centred_squares + right.centred_squares
    if left.weight <= 0 or right.weight <= 0:
        return within
    apart = right.total / right.weight - left.total / left.weight
    return within + apart**2 * left.weight * right.weight / (left.weight + right.weight)


def _distribution(left: Statistics, right: Statistics) -> dict[str, Any]:
    """Values stay values while they are few, and nothing of either is known by its buckets only."""
    if not left.histogram and not right.histogram:
        values = _summed(left.values, right.values)
        if len(values) <= buckets.FEW:
            return {"values": values}
    mixed = [cell.histogram or buckets.bucketed(cell.values) for cell in (left, right)]
    return {"histogram": _summed(*mixed)}


def _summed(left: Mapping[Any, int], right: Mapping[Any, int]) -> dict[Any, int]:
    summed = dict(left)
    for place, count in right.items():
        summed[place] = summed.get(place, 0) + count
    return summed


def _extreme(pick, left: float | None, right: float | None) -> float | None:  # type: ignore[no-untyped-def]
    known = [value for value in (left, right) if value is not None]
    return pick(known) if known else None


def merge(cells: Iterable[Statistics]) -> Statistics:
    return sum(cells, Statistics())


def value_of(measure: Measure, cell: Statistics) -> float | None:
    """The value of a cell; None where there is nothing to tell it from."""
    match measure:
        case Proportion():
            return cell.met / cell.weight if cell.weight else None
        case Mean():
            return cell.total / cell.weight if cell.n and cell.weight else None
        case Percentile():
            return _percentile(measure, cell)
        case Count():
            return float(cell.n)
        case Rate() | Ratio():
            return cell.total / cell.weight if cell.weight else None
        case Nps():
            return 100 * (cell.met - cell.unmet) / cell.weight if cell.weight else None


def _percentile(measure: Percentile, cell: Statistics) -> float | None:
    if measure.exactness.exact:
        if cell.n and cell.exact is None:
            raise EngineError("not_mergeable")
        return cell.exact
    return percentile(cell, measure.q, measure.exactness.error)


def percentile(cell: Statistics, q: float, error: float = buckets.ERROR) -> float | None:
    """Any percentile of a cell that holds its values or their buckets: the value of the nearest rank, ceil(q n).

    Exact from values, within the relative error from buckets (`cell.approximate`); None of nothing.
    """
    if cell.values:
        return buckets.percentile_of_values(cell.values, q)
    return _within(buckets.percentile(cell.histogram, q, error), cell)


def _within(value: float | None, cell: Statistics) -> float | None:
    """No percentile lies beyond the least or the greatest value, which are known exactly."""
    if value is None:
        return None
    low = cell.minimum if cell.minimum is not None else -math.inf
    high = cell.maximum if cell.maximum is not None else math.inf
    return min(max(value, low), high)


def values_of(measure: Measure, table: pa.Table) -> np.ndarray:
    """`value_of` for every row at once; NaN where there is none."""
    if isinstance(measure, Percentile):
        rows = table.select(
            [name for name in (*NUMBERS, *DISTRIBUTION, "exact") if name in table.column_names]
        )
        found = (value_of(measure, Statistics.from_row(row)) for row in rows.to_pylist())
        return np.array([math.nan if value is None else value for value in found], dtype=float)
    if isinstance(measure, Count):
        return table.column("n").to_numpy().astype(float)
    weight = table.column("weight").to_numpy()
    if isinstance(measure, Proportion):
        top = table.column("met").to_numpy()
    elif isinstance(measure, Nps):
        top = 100 * (table.column("met").to_numpy() - table.column("unmet").to_numpy())
    else:
        top = table.column("total").to_numpy()
    return _quotient(top, weight)


def roll_up(
    table: pa.Table,
    by: Sequence[str] = ("period_start",),
    *,
    period: Period | None = None,
    branches: Mapping[str, str] | None = None,
) -> pa.Table:
    """Merge the cells that agree in the columns `by`; the other dimensions go.

    With `period`, the periods become longer ones (weeks do not become months: a week may lie in two). With
    `branches`, each branch counts for the unit that it maps to, and branches that are not in it are left out.
    """
    if branches is not None:
        table = _for_units(table, branches)
    if period is not None:
        table = _longer(table, period)
    grouped = table.append_column("_row", pa.array(np.arange(table.num_rows)))
    added = [name for name in ADDED if name in table.column_names]
    sums = [(name, "sum") for name in added]
    result = grouped.group_by(list(by), use_threads=False).aggregate(
        [*sums, ("minimum", "min"), ("maximum", "max"), ("_row", "list")]
    )
    columns = {name: result.column(name) for name in by}
    columns |= {name: result.column(f"{name}_sum") for name in added}
    columns |= {"minimum": result.column("minimum_min"), "maximum": result.column("maximum_max")}
    groups = _groups(result.column("_row_list"), table.num_rows)
    if "centred" in table.column_names:
        columns["centred"] = _merged_centred(table, groups, result.num_rows)
    if "histogram" in table.column_names:
        cells = buckets.Cells(table.column("values"), table.column("histogram"))
        columns |= buckets.merged(cells, groups, result.num_rows)._asdict()
    rolled = pa.table(columns)
    return rolled.sort_by([(name, "ascending") for name in by]) if by else rolled


def _groups(rows: pa.ChunkedArray, count: int) -> np.ndarray:
    """The group of each row, from the rows of each group."""
    lists = rows.combine_chunks()
    groups = np.empty(count, dtype=np.int64)
    lengths = lists.value_lengths().to_numpy(zero_copy_only=False)
    groups[lists.flatten().to_numpy()] = np.repeat(np.arange(len(lists)), lengths)
    return groups


def _merged_centred(table: pa.Table, groups: np.ndarray, size: int) -> pa.Array:
    """The centred sums of squares of each group: those of its rows, and of their means about its own."""
    weight, total, centred = (_plain(table.column(name)) for name in ("weight", "total", "centred"))
    means = _quotient(total, weight)
    whole = _quotient(*(np.bincount(groups, weights=sums, minlength=size) for sums in (total, weight)))
    apart = np.where(weight > 0, weight * (means - whole[groups]) ** 2, 0.0)
    return pa.array(np.bincount(groups, weights=centred + apart, minlength=size))


def _plain(column: pa.ChunkedArray) -> np.ndarray:
    return column.cast(pa.float64()).fill_null(0).to_numpy()


def _quotient(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    return np.divide(above, below, out=np.full(len(above), math.nan), where=below != 0)


def _for_units(table: pa.Table, branches: Mapping[str, str]) -> pa.Table:
    encoded = table.column("branch").combine_chunks().dictionary_encode()
    units = pa.array([branches.get(name) for name in encoded.dictionary.to_pylist()], pa.string())
    mapped = units.take(encoded.indices)
    position = table.column_names.index("branch")
    table = table.set_column(position, "branch", mapped)
    return table.filter(pc.is_valid(table.column("branch")))


def _longer(table: pa.Table, period: Period) -> pa.Table:
    encoded = table.column("period_start").combine_chunks().dictionary_encode()
    starts: list[date] = [period_start(start, period) for start in encoded.dictionary.to_pylist()]
    type_ = pa.timestamp("us") if period is Period.HOUR else pa.date32()
    mapped = pa.array(starts, type_).take(encoded.indices)
    return table.set_column(table.column_names.index("period_start"), "period_start", mapped)
