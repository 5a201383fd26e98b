"""Along the tree of units: what every branch measured becomes what every unit above it measured."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from calidez import engine
from calidez.monitoring.models import Dataset, IndicatorVersion, Measurement
from calidez.people.models import Unit

Row = tuple[Any, ...]
_SUMS = ("n", "weight", "total", "sum_squares", "met", "unmet")
_KEYS = ("unit", "segment", "period_start")
CELLS_AT_ONCE = 20_000
NO_UNIT = ""
_COLUMNS = (
    "version_id",
    "unit_id",
    "segment",
    "period_start",
    *_SUMS,
    "minimum",
    "maximum",
    "centred",
    "left_out",
    "histogram",
)


def branch_units(dataset: Dataset, root: Unit) -> dict[str, int]:
    """The names in the facts that mean units at or below `root`: by the dataset's own map, then codes, then names.

    Which unit a name means is the same whoever asks: one that gets the name of another later does not get its rows.
    """
    top = dataset.unit if root.path.startswith(dataset.unit.path) else root
    units = list(
        Unit.objects.filter(path__startswith=top.path)
        .order_by("-pk")
        .values_list("pk", "code", "name", "path")
    )
    by_code = {code: pk for pk, code, *_more in units}
    known = {name.lower(): pk for pk, _code, name, _path in units}
    known.update({code.lower(): pk for code, pk in by_code.items()})
    known.update(
        {name.lower(): by_code[code] for name, code in dataset.branch_map.items() if code in by_code}
    )
    below = {pk for pk, *_more, path in units if path.startswith(root.path)}
    return {name: pk for name, pk in known.items() if pk in below}


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
    tree = tree_of(table, dataset, indicator.unit)
    segments = [name for name in indicator.segment_columns if name in table.column_names]
    for part in _parts(table):
        for segment in ("", *segments):
            rolled = engine.roll_up(_by_unit(part, segment, tree), by=_KEYS)
            for unit, name, period, n, *numbers in _rows(rolled):
                day = period.date() if isinstance(period, dt.datetime) else period
                yield (version.pk, unit, name, day, int(n), *numbers)


def _parts(table: pa.Table) -> Iterator[pa.Table]:
    """Some periods at a time, each of them whole, so that the tree does not multiply all facts at once."""
    table = table.sort_by("period_start")
    starts = table.column("period_start").to_numpy()
    first, ends = 0, (np.flatnonzero(starts[1:] != starts[:-1]) + 1).tolist()
    for begin in [*ends, table.num_rows]:
        if begin - first >= CELLS_AT_ONCE or (begin == table.num_rows and begin > first):
            yield table.slice(first, begin - first)
            first = begin


def _by_unit(table: pa.Table, segment: str, tree: pa.Table) -> pa.Table:
    """Each fact row once for every unit above its branch, under the value of its segment ("" where there is none)."""
    if "branch" in tree.column_names:
        rows = pa.array(np.arange(table.num_rows), pa.int64())
        joined = pa.table({"branch": named(table), "row": rows}).join(
            tree, "branch", join_type="inner", use_threads=False
        )
        rows, units = joined.column("row"), joined.column("unit")
    else:
        rows = pa.array(np.tile(np.arange(table.num_rows), tree.num_rows), pa.int64())
        units = tree.column("unit").take(pa.array(np.repeat(np.arange(tree.num_rows), table.num_rows)))
    found = table.take(rows)
    name = pa.nulls(found.num_rows, pa.string()).fill_null("")
    if segment:
        values = found.column(segment).cast(pa.string()).fill_null("")
        name = pc.binary_join_element_wise(f"{segment}=", values, "")
    return (
        found.select([c for c in found.column_names if c != "unit"])
        .append_column("unit", units)
        .append_column("segment", name)
    )


def _rows(rolled: pa.Table) -> Iterator[Row]:
    """The rows as they are stored, with the distribution written as JSON."""
    database = duckdb.connect()
    try:
        database.execute("SET threads = 1")
        database.register("rolled", rolled)
        held = "NULL"
        if "histogram" in rolled.column_names:
            held = (
                f"CASE WHEN len(map_keys(values)) > 0 THEN '{{\"values\":' || {_pairs('values')} || '}}' "
                f"WHEN len(map_keys(histogram)) > 0 THEN {_pairs('histogram')} END"
            )
        centred = "centred" if "centred" in rolled.column_names else "NULL"
        left_out = "CAST(left_out AS BIGINT)" if "left_out" in rolled.column_names else "NULL"
        columns = ", ".join((*_KEYS, *_SUMS, "minimum", "maximum", centred, left_out, held))
        database.execute(f"SELECT {columns} FROM rolled")  # noqa: S608
        while batch := database.fetchmany(5000):
            yield from batch
    finally:
        database.close()


def _pairs(column: str) -> str:
    """[[place, count], …] from a map; a whole number without the zero behind its point."""
    whole = "e.key = trunc(e.key) AND abs(e.key) < 1e15"
    place = f"CASE WHEN {whole} THEN CAST(CAST(e.key AS BIGINT) AS VARCHAR) ELSE CAST(e.key AS VARCHAR) END"
    pair = f"'[' || {place} || ',' || e.value || ']'"
    return f"'[' || array_to_string(list_transform(map_entries({column}), lambda e: {pair}), ',') || ']'"


def tree_of(table: pa.Table, dataset: Dataset, root: Unit) -> pa.Table:
    """One row per name in the facts and unit that includes it: the branch itself and all above, up to `root`."""
    if not _says_units(table, dataset):
        return pa.table({"unit": pa.array([root.pk], pa.int64())})
    names = named(table).unique().to_pylist()
    known = branch_units(dataset, root)
    if dataset.unit.path.startswith(root.path):
        known[NO_UNIT] = dataset.unit_id
    paths = dict(Unit.objects.filter(path__startswith=root.path).values_list("pk", "path"))
    at = {path: pk for pk, path in paths.items()}
    pairs = [
        (name, unit)
        for name in names
        if (found := known.get(str(name).strip().lower())) is not None
        for unit in _chain(paths[found], at)
    ]
    return pa.table(
        {
            "branch": pa.array([p[0] for p in pairs], pa.string()),
            "unit": pa.array([p[1] for p in pairs], pa.int64()),
        }
    )


def named(table: pa.Table) -> pa.ChunkedArray:
    """What each row calls its unit; rows without a name are those of the dataset's own unit."""
    return table["branch"].fill_null(NO_UNIT)


def _says_units(table: pa.Table, dataset: Dataset) -> bool:
    """By the dataset and never by the values: rows of which none names a unit are not those of whoever asks."""
    if dataset.schema:
        return engine.Schema.from_json(dataset.schema).branch is not None
    return bool(table["branch"].null_count < table.num_rows)


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
