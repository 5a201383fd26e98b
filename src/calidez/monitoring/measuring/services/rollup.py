"""Along the tree of units: what every branch measured becomes what every unit above it measured."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import duckdb
import pyarrow as pa
from django.db import connection

from calidez.monitoring.models import Dataset, Indicator, IndicatorVersion, Measurement
from calidez.people.models import Unit

Row = tuple[Any, ...]
_SUMS = ("n", "weight", "total", "sum_squares", "met", "unmet")
_COLUMNS = (
    "version_id",
    "unit_id",
    "segment",
    "period_start",
    *_SUMS,
    "minimum",
    "maximum",
    "histogram",
)


def branch_units(dataset: Dataset, indicator: Indicator) -> dict[str, int]:
    """Which unit each name in the facts means: the dataset's own map, then codes, then names."""
    units = list(Unit.objects.filter(path__startswith=indicator.unit.path).values_list("pk", "code", "name"))
    by_code = {code: pk for pk, code, _name in units}
    known = {name.casefold(): pk for pk, _code, name in units}
    known.update({code.casefold(): pk for code, pk in by_code.items()})
    known.update(
        {name.casefold(): by_code[code] for name, code in dataset.branch_map.items() if code in by_code}
    )
    return known


def rolled_up(version: IndicatorVersion, table: pa.Table, dataset: Dataset) -> list[Row]:
    """The rows of the measurements of every unit, computed without touching those that are there."""
    return list(_rolled_up(version, table, dataset))


def replace(version: IndicatorVersion, rows: list[Row], *, periods: Sequence[dt.date] | None) -> set[int]:
    """Put the rows in the place of the measurements of `periods` (all when None); returns the units touched."""
    old = Measurement.objects.filter(version=version)
    if periods is not None:
        old = old.filter(period_start__in=list(periods))
    units = set(old.order_by().values_list("unit_id", flat=True).distinct())
    old.delete()
    _insert(rows)
    return units | {row[1] for row in rows}


def _rolled_up(version: IndicatorVersion, table: pa.Table, dataset: Dataset) -> Iterator[Row]:
    indicator = version.indicator
    engine = duckdb.connect()
    try:
        engine.execute("SET threads = 1")
        engine.register("facts", table)
        engine.register("tree", _tree(table, dataset, indicator))
        segments = [name for name in indicator.segment_columns if name in table.column_names]
        cells = _cells_sql(segments, has_branch=_has_branch(table))
        sums = ", ".join(f"sum({name}) AS {name}" for name in _SUMS)
        engine.execute(
            f"CREATE TEMP TABLE rolled AS SELECT unit, segment, period_start, {sums}, min(minimum) AS minimum, "  # noqa: S608
            f"max(maximum) AS maximum FROM ({cells}) GROUP BY ALL"
        )
        histograms = _histograms(engine, cells, table)
        engine.execute(
            f"SELECT unit, segment, period_start, {', '.join(_SUMS)}, minimum, maximum FROM rolled"  # noqa: S608
        )
        while batch := engine.fetchmany(5000):
            for unit, segment, period, n, *numbers in batch:
                day = period.date() if isinstance(period, dt.datetime) else period
                key = (unit, segment, day)
                yield (version.pk, unit, segment, day, int(n), *numbers, histograms.get(key))
    finally:
        engine.close()


def _cells_sql(segments: Sequence[str], *, has_branch: bool) -> str:
    """Each fact row once for every unit above its branch: as a whole, and once per segment column."""
    join = "facts JOIN tree USING (branch)" if has_branch else "facts CROSS JOIN tree"
    parts = [f"SELECT tree.unit, '' AS segment, facts.* FROM {join}"]  # noqa: S608
    for name in segments:
        text = f"'{name}=' || coalesce(CAST(facts.{name} AS VARCHAR), '')"
        parts.append(f"SELECT tree.unit, {text} AS segment, facts.* FROM {join}")  # noqa: S608
    return " UNION ALL ".join(parts)


def _histograms(engine: Any, cells: str, table: pa.Table) -> dict[tuple[Any, ...], str]:
    import json

    if "histogram" not in table.column_names or table["histogram"].null_count == table.num_rows:
        return {}
    engine.execute(
        "SELECT unit, segment, period_start, entry.key, sum(entry.value) "  # noqa: S608
        f"FROM (SELECT unit, segment, period_start, unnest(map_entries(histogram)) AS entry FROM ({cells})) "
        "GROUP BY ALL ORDER BY ALL"
    )
    merged: dict[tuple[Any, ...], list[list[int]]] = {}
    for unit, segment, period, bucket, count in engine.fetchall():
        day = period.date() if isinstance(period, dt.datetime) else period
        merged.setdefault((unit, segment, day), []).append([int(bucket), int(count)])
    return {key: json.dumps(value) for key, value in merged.items()}


def _tree(table: pa.Table, dataset: Dataset, indicator: Indicator) -> pa.Table:
    """One row per name in the facts and unit that includes it: the branch itself and all above, up to the indicator's."""
    if not _has_branch(table):
        return pa.table({"unit": pa.array([indicator.unit_id], pa.int64())})
    names = table["branch"].unique().to_pylist()
    known = branch_units(dataset, indicator)
    paths = dict(Unit.objects.filter(path__startswith=indicator.unit.path).values_list("pk", "path"))
    at = {path: pk for pk, path in paths.items()}
    pairs = [
        (name, unit)
        for name in names
        if name is not None and (found := known.get(str(name).strip().casefold())) is not None
        for unit in _chain(paths[found], at)
    ]
    return pa.table(
        {
            "branch": pa.array([p[0] for p in pairs], pa.string()),
            "unit": pa.array([p[1] for p in pairs], pa.int64()),
        }
    )


def _has_branch(table: pa.Table) -> bool:
    """The engine leaves the column empty where the definition names no branch."""
    return table["branch"].null_count < table.num_rows


def _chain(path: str, at: dict[str, int]) -> Iterable[int]:
    parts = path.strip("/").split("/")
    for depth in range(len(parts), 0, -1):
        unit = at.get("/" + "/".join(parts[:depth]) + "/")
        if unit is not None:
            yield unit


def _insert(rows: list[Row]) -> None:
    # Past the ORM on purpose: its bulk insert is five to ten times slower than the driver's own.
    if not rows:
        return
    table = connection.ops.quote_name(Measurement._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(_COLUMNS))
        cursor.executemany(f"INSERT INTO {table} ({', '.join(_COLUMNS)}) VALUES ({marks})", rows)  # noqa: S608
