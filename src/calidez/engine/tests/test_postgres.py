"""The same definitions give the same numbers in PostgreSQL as in DuckDB."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pytest

from calidez.engine import (
    Exactness,
    IndicatorDefinition,
    Mean,
    Percentile,
    Period,
    Statistics,
    aggregate,
    compile_sql,
)
from calidez.engine.aggregation import tidy
from calidez.engine.compiling import plan
from calidez.engine.histogram import bucketed, map_array
from calidez.engine.tests.examples import SCHEMA, definitions, rows

psycopg = pytest.importorskip("psycopg")
pytestmark = pytest.mark.postgresql
NAMED = os.environ.get("CALIDEZ_TEST_PG") or os.environ.get("CALIDEZ_TEST_DATABASE_URL")
DSN = NAMED or "dbname=test connect_timeout=2"
TYPES = {
    "text": "text",
    "integer": "bigint",
    "number": "double precision",
    "boolean": "boolean",
    "date": "date",
}


@pytest.fixture(scope="module")
def cursor() -> Iterator[object]:
    try:
        connection = psycopg.connect(DSN)
    except psycopg.OperationalError as error:
        if NAMED or os.environ.get("CALIDEZ_REQUIRE_POSTGRESQL", "0") not in {"", "0"}:
            raise
        pytest.skip(f"no PostgreSQL answers: {error}")
    with connection, connection.cursor() as cursor:
        name = f"engine_{uuid.uuid4().hex[:12]}"
        cursor.execute(f"CREATE SCHEMA {name}")
        cursor.execute(f"SET search_path TO {name}")
        cursor.execute("SET TimeZone TO 'America/Lima'")  # the session's zone must not matter
        columns = ", ".join(f'"{c.name}" {TYPES.get(c.type, "timestamptz")}' for c in SCHEMA.columns)
        cursor.execute(f"CREATE TABLE visits ({columns})")
        with cursor.copy("COPY visits FROM STDIN") as copy:
            for row in rows():
                copy.write_row(row)
        yield cursor
        connection.rollback()


def in_postgres(cursor, found: list[IndicatorDefinition]) -> dict[str, pa.Table]:
    made = plan(found, SCHEMA, "postgres", "visits")
    cursor.execute(made.sql)
    names = [column.name for column in cursor.description]
    fetched = cursor.fetchall()
    columns = {}
    for n, name in enumerate(names):
        values = [row[n] for row in fetched]
        if name.startswith("h"):
            maps = [{int(k): v for k, v in json.loads(value).items()} if value else {} for value in values]
            columns[name] = map_array(maps)
        else:
            columns[name] = pa.array(values)
    wide = pa.table(columns)
    return {definition.fingerprint: tidy(wide, made, definition) for definition in found}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    from calidez.engine.tests.test_aggregation import dataset_of

    return dataset_of(tmp_path_factory.mktemp("facts"), rows())


@pytest.mark.slow
@pytest.mark.parametrize("period", [Period.WEEK, Period.MONTH])
def test_every_measure_is_equal(period, cursor, dataset):
    found = list(definitions(period=period, zone="Europe/Madrid").values())
    ours, theirs = aggregate(dataset, found), in_postgres(cursor, found)
    for definition in found:
        same(ours[definition.fingerprint], theirs[definition.fingerprint])


@pytest.mark.parametrize("period", list(Period))
def test_every_period_begins_at_the_same_moment(period, cursor, dataset):
    found = [IndicatorDefinition("visits", Mean("waiting"), period=period, zone="Asia/Kolkata")]
    ours, theirs = aggregate(dataset, found), in_postgres(cursor, found)
    same(ours[found[0].fingerprint], theirs[found[0].fingerprint])


@pytest.mark.parametrize("q", [0.07, 0.5, 0.9, 0.95])
def test_exact_percentiles_have_the_same_rank(q, cursor, dataset):
    measure = Percentile("waiting", q, Exactness.EXACT)
    found = [
        IndicatorDefinition("visits", measure, filter=condition, period=Period.YEAR)
        for condition in ("", "score = 4", "waiting < 10", "waiting between 20 and 29")
    ]
    ours, theirs = aggregate(dataset, found), in_postgres(cursor, found)
    for definition in found:
        same(ours[definition.fingerprint], theirs[definition.fingerprint])


def test_functions_are_equal(cursor, dataset):
    texts = [
        "hour(at) * 100 + minute(at) + weekday(day) + quarter(at)",
        "minutes_between(day, at)",
        "round(waiting / 7, 2) + round(0 - waiting) + waiting % 3 + coalesce(score % 0, score / 0, 1)",
        "length(lower(channel)) + length(upper(trim(branch)))",
        "least(waiting, score, 5) + greatest(waiting, score)",
        "coalesce(score, waiting, 0) + nullif(score, 3) + abs(waiting) + floor(waiting) + ceil(waiting)",
        "case when solved then 1 when not solved then waiting else null end",
        "case when at > '2024-02-01' and day between '2024-01-05' and '2024-03-05' and day < at then 1 else 2 end",
        "case when branch like 'Branch _' and channel in ('phone', 'chat') then score / 3 end",
    ]
    found = [
        IndicatorDefinition("visits", Mean(text), zone="America/Bogota", branch="branch") for text in texts
    ]
    ours, theirs = aggregate(dataset, found), in_postgres(cursor, found)
    for definition in found:
        assert ours[definition.fingerprint].num_rows > 0, definition.measure
        same(ours[definition.fingerprint], theirs[definition.fingerprint])


def same(ours: pa.Table, theirs: pa.Table) -> None:
    assert ours.column_names == theirs.column_names
    if "values" in ours.column_names:
        # PostgreSQL counts in buckets whatever their number.
        ours, theirs = (bucketed_only(table) for table in (ours, theirs))
    for name in ours.column_names:
        left, right = ours.column(name).to_pylist(), theirs.column(name).to_pylist()
        if pa.types.is_floating(ours.schema.field(name).type):
            np.testing.assert_allclose(np.array(left, float), np.array(right, float), rtol=1e-12, atol=1e-9)
        else:
            assert left == right, name


def bucketed_only(table: pa.Table) -> pa.Table:
    cells = [Statistics.from_row(row) for row in table.select(["values", "histogram"]).to_pylist()]
    maps = map_array([cell.histogram or bucketed(cell.values) for cell in cells])
    return table.drop_columns(["values", "histogram"]).append_column("histogram", maps)


def test_the_statement_needs_no_search_path(cursor):
    sql = compile_sql(list(definitions().values()), SCHEMA, "postgres", "some_schema.visits")
    assert "FROM some_schema.visits" in sql
