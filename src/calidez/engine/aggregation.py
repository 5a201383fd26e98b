"""Sufficient statistics of indicators from a dataset, for all periods or only for those that changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calidez.engine import histogram
from calidez.engine.compiling import Plan, plan, ranges_of
from calidez.engine.connection import connect, reading, within
from calidez.engine.definitions import (
    Count,
    IndicatorDefinition,
    Measure,
    Percentile,
    Period,
    Proportion,
    Rate,
    Ratio,
)
from calidez.engine.delta import DataFile, read_files
from calidez.engine.errors import EngineError
from calidez.engine.periods import intervals_of, next_start, period_start
from calidez.engine.report import Interval
from calidez.engine.schema import Column, Schema
from calidez.engine.store import Dataset

ROWS_AT_ONCE = 12_000_000
NUMBERS = ("weight", "total", "sum_squares", "met", "unmet", "centred", "left_out")
AS_THEY_ARE = ("histogram", "exact", "minimum", "maximum")
ALWAYS_KEPT = (Count, Rate, Ratio)  # that nothing happened is a result for these


def aggregate(
    dataset: Dataset,
    definitions: Sequence[IndicatorDefinition],
    *,
    periods: Iterable[date] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    seconds: float | None = None,
) -> dict[str, pa.Table]:
    """A table per definition, under its fingerprint: indicator, period_start, branch, its segments, and the statistics.

    Columns: n (observations), weight, total, sum_squares, centred (squares about the mean), met, unmet, minimum, maximum
    and left_out (rows with an impossible number: a weight, exposure or count below zero, or more met than there were);
    where the measure has them values (map of value to count; null where there are many) and histogram (map of bucket to
    count; empty where there are few), and exact (an exact percentile, which cannot be rolled up).
    `periods` limits the work to those periods, `since` and `until` to the periods that they touch. What takes longer
    than `seconds` is given up.
    """
    groups: dict[tuple, list[IndicatorDefinition]] = defaultdict(list)
    for definition in definitions:
        if definition.dataset != dataset.name:
            raise EngineError("different_dataset")
        groups[definition.scan].append(definition)
    asked = None if periods is None else list(periods)
    results: dict[str, pa.Table] = {}
    with (
        dataset.scratch() as folder,
        connect(folder) as connection,
        within(connection, seconds, dataset.name),
    ):
        for group in groups.values():
            results |= _scan(connection, dataset, group, asked, since, until)
    return results


def _scan(
    connection: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    group: list[IndicatorDefinition],
    periods: list[date] | None,
    since: datetime | None,
    until: datetime | None,
) -> dict[str, pa.Table]:
    first = group[0]
    column = dataset.schema.column(first.time) if first.time else dataset.schema.time
    if not column:
        raise EngineError("needs_time")
    files = list(dataset.files())
    wanted = _wanted(first, column, periods, since, until)
    pieces = [
        _measured(connection, dataset.schema, group, chosen, intervals)
        for chosen, intervals in _chunks(dataset, first, column, files, wanted)
    ]
    return {
        definition.fingerprint: pa.concat_tables(piece[definition.fingerprint] for piece in pieces)
        for definition in group
    }


def _wanted(
    definition: IndicatorDefinition,
    column: Column,
    periods: list[date] | None,
    since: datetime | None,
    until: datetime | None,
) -> tuple[Interval, ...] | None:
    """The stretches of time to read; None for all of it."""
    if periods is not None:
        return intervals_of(periods, definition.period, column, definition.zone)
    if not since and not until:
        return None
    starts = (since or datetime(1800, 1, 2, tzinfo=UTC), until or datetime(2200, 1, 1, tzinfo=UTC))
    start = intervals_of([starts[0].date()], definition.period, column, definition.zone)[0].start
    end = intervals_of([starts[1].date()], definition.period, column, definition.zone)[0]
    return (Interval(start, starts[1] if end.start >= starts[1] else end.end),)


def _chunks(
    dataset: Dataset,
    definition: IndicatorDefinition,
    column: Column,
    files: list[DataFile],
    wanted: tuple[Interval, ...] | None,
) -> Iterator[tuple[list[DataFile], tuple[Interval, ...]]]:
    """What is read at once: at most so many rows that the values of all of them fit into memory."""
    if dataset.schema.time is None or column.name != dataset.schema.time.name:
        yield files, wanted or ()
        return
    chosen = (
        files if wanted is None else [f for f in files if any(_meets(f, interval) for interval in wanted)]
    )
    span = _span(chosen)
    if sum(file.rows for file in chosen) <= ROWS_AT_ONCE or span is None or wanted is not None:
        yield chosen, wanted or ()
        return
    parts = -(-sum(file.rows for file in chosen) // ROWS_AT_ONCE)
    for interval in _split(span, parts, definition, column):
        yield [file for file in chosen if _meets(file, interval)], (interval,)


def _split(span: Interval, parts: int, definition: IndicatorDefinition, column: Column) -> Iterator[Interval]:
    """Stretches of about the same length that end where a period ends."""
    step = (span.end - span.start) / parts
    start = span.start
    for n in range(1, parts + 1):
        day: date = period_start((span.start + n * step).replace(tzinfo=None), definition.period)
        after = next_start(day, definition.period)
        end = intervals_of([after], definition.period, column, definition.zone)[0].start
        if end > start:
            yield Interval(start, end)
            start = end
    if start <= span.end:
        yield Interval(start, datetime(2200, 1, 2, tzinfo=UTC))


def _meets(file: DataFile, interval: Interval) -> bool:
    if file.time_to and file.time_to < interval.start:
        return False
    return not (file.time_from and file.time_from >= interval.end)


def _span(files: list[DataFile]) -> Interval | None:
    starts = [file.time_from for file in files if file.time_from]
    ends = [file.time_to for file in files if file.time_to]
    return Interval(min(starts), max(ends)) if starts and ends else None


def _measured(
    connection: duckdb.DuckDBPyConnection,
    schema: Schema,
    group: list[IndicatorDefinition],
    files: list[DataFile],
    intervals: tuple[Interval, ...],
) -> dict[str, pa.Table]:
    made = plan(group, schema, "duckdb", read_files(schema, files), ranges_of(intervals))
    with reading(group[0].dataset):
        wide = connection.execute(made.sql).to_arrow_table()
    return {definition.fingerprint: tidy(wide, made, definition) for definition in group}


def tidy(wide: pa.Table, made: Plan, definition: IndicatorDefinition) -> pa.Table:
    """The columns of one definition from the result of its scan, completed to the full set of statistics."""
    statistics = _completed(wide, made.columns[definition.fingerprint], definition)
    columns: dict[str, object] = {
        "indicator": pa.array([definition.fingerprint] * wide.num_rows, pa.string()),
        "period_start": _starts(wide.column("period_start"), definition.period),
        "branch": wide.column("branch").cast(pa.string()) if definition.branch else _nulls(wide.num_rows),
    }
    for alias, name in made.segments.items():
        columns[name] = wide.column(alias).cast(pa.string())
    table = pa.table({**columns, **statistics})
    if not isinstance(definition.measure, ALWAYS_KEPT):
        told = pc.or_(pc.greater(table.column("n"), 0), pc.greater(table.column("left_out"), 0))
        table = table.filter(told)
    order = ["period_start", "branch", *made.segments.values()]
    return table.sort_by([(name, "ascending") for name in order])


def _starts(column: pa.ChunkedArray, period: Period) -> pa.ChunkedArray:
    return column.cast(pa.timestamp("us") if period is Period.HOUR else pa.date32())


def _nulls(rows: int) -> pa.Array:
    return pa.nulls(rows, pa.string())


def _completed(
    wide: pa.Table, names: dict[str, str], definition: IndicatorDefinition
) -> dict[str, pa.Array | pa.ChunkedArray]:
    rows = wide.num_rows
    zero = np.zeros(rows)
    found = {name: _doubles(wide.column(alias)) for name, alias in names.items() if name not in AS_THEY_ARE}
    n = found.get("n")
    if n is None:
        n = np.round(found["weight"])
    weight = found.get("weight", n)
    met = found.get("met", zero)
    unmet = found.get("unmet", weight - met if isinstance(definition.measure, Proportion) else zero)
    counts = isinstance(definition.measure, Count)
    total = found.get("total", met if isinstance(definition.measure, Proportion) else n if counts else zero)
    # Of yes and no the squares about the mean follow from the counts.
    centred = found.get("centred", met * unmet / np.where(weight > 0, weight, 1.0))
    mean = np.divide(total, weight, out=np.zeros(rows), where=weight > 0)
    spread = "centred" in found or isinstance(definition.measure, Proportion)
    squares = centred + mean * total if spread else zero
    left_out = found.get("left_out", zero)
    numbers = (weight, total, squares, met, unmet, np.maximum(centred, 0.0), left_out)
    result: dict[str, pa.Array | pa.ChunkedArray] = {
        "n": pa.array(n.astype(np.int64)),
        **{name: pa.array(values) for name, values in zip(NUMBERS, numbers, strict=True)},
    }
    for name in ("minimum", "maximum"):
        has = name in names
        result[name] = wide.column(names[name]).cast(pa.float64()) if has else pa.nulls(rows, pa.float64())
    if "histogram" in names:
        result |= _distributions(wide.column(names["histogram"]), definition.measure)._asdict()
    if "exact" in names:
        result["exact"] = wide.column(names["exact"]).cast(pa.float64())
    return result


def _doubles(column: pa.ChunkedArray) -> np.ndarray:
    return column.cast(pa.float64()).fill_null(0).to_numpy()


def _distributions(column: pa.ChunkedArray, measure: Measure) -> histogram.Cells:
    """A list of values is counted; an engine that counted buckets itself gives a map."""
    joined = column.combine_chunks()
    if pa.types.is_map(joined.type):
        return histogram.Cells(pa.nulls(len(joined), histogram.VALUES), joined)
    error = measure.exactness.error if isinstance(measure, Percentile) else histogram.ERROR
    return histogram.counted(joined, error)
