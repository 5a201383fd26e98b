"""The SQL of every engine, held as text: it changes on purpose. Run with SNAPSHOTS=write to renew it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlglot

from calidez.engine import (
    Column,
    ColumnType,
    Count,
    EngineError,
    Exactness,
    IndicatorDefinition,
    Mean,
    Percentile,
    Period,
    Role,
    Schema,
    compile_sql,
)
from calidez.engine.dialects import DIALECTS
from calidez.engine.tests.examples import SCHEMA, definitions

SNAPSHOTS = Path(__file__).parent / "snapshots"
PARTS = "hour(at) + weekday(at) + minutes_between(at, at) + length(lower(channel)) + round(waiting, 1) + waiting % 3"


@pytest.mark.slow
@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_sql_of_each_engine_is_as_it_was(dialect):
    since, until = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 2, 1, tzinfo=UTC)
    madrid = IndicatorDefinition("visits", Mean(PARTS), filter="at < '2024-01-20' and day > '2024-01-02'",
                                 period=Period.DAY, zone="Europe/Madrid")  # fmt: skip
    parts = [
        compile_sql(list(definitions().values()), SCHEMA, dialect, "public.visits"),
        compile_sql([madrid], SCHEMA, dialect, "public.visits", since, until),
        *(
            compile_sql([IndicatorDefinition("visits", Count(), period=period)], SCHEMA, dialect, "visits")
            for period in Period
        ),
    ]
    text = ";\n\n".join(parts) + ";\n"
    snapshot = SNAPSHOTS / f"{dialect}.sql"
    if os.environ.get("SNAPSHOTS") == "write":
        snapshot.parent.mkdir(exist_ok=True)
        snapshot.write_text(text)
    assert text == snapshot.read_text()
    for statement in parts:
        sqlglot.parse_one(statement, read=dialect)


def test_definitions_that_share_a_scan_read_the_facts_once():
    for dialect in DIALECTS:
        sql = compile_sql(list(definitions().values()), SCHEMA, dialect, "visits")
        assert sql.count("FROM visits") == 1


def test_definitions_of_different_scans_are_refused():
    one, other = (
        IndicatorDefinition("visits", Count()),
        IndicatorDefinition("visits", Count(), period=Period.DAY),
    )
    with pytest.raises(EngineError) as refusal:
        compile_sql([one, other], SCHEMA)
    assert refusal.value.code == "different_dataset"
    with pytest.raises(EngineError) as refusal:
        compile_sql([one], SCHEMA, "oracle")
    assert refusal.value.code == "unknown_dialect"
    with pytest.raises(EngineError) as refusal:
        compile_sql([one], Schema((Column("n", "n", ColumnType.INTEGER, Role.VALUE),)))
    assert refusal.value.code == "needs_time"
    with pytest.raises(EngineError) as refusal:
        compile_sql([IndicatorDefinition("visits", Count(), branch="nowhere")], SCHEMA)
    assert refusal.value.code == "bad_definition"


def test_exactness_is_declared_and_kept(monkeypatch):
    rough, exact = Percentile("waiting", 0.9), Percentile("waiting", 0.9, Exactness.EXACT)
    assert IndicatorDefinition("visits", rough).exactness == Exactness.BOUNDED(0.01)
    assert IndicatorDefinition("visits", exact).exactness is Exactness.EXACT
    assert IndicatorDefinition("visits", Mean("waiting")).exactness.exact
    monkeypatch.setattr(DIALECTS["spark"], "exact_percentile", False)
    compile_sql([IndicatorDefinition("visits", rough)], SCHEMA, "spark")
    with pytest.raises(EngineError) as refusal:
        compile_sql([IndicatorDefinition("visits", exact)], SCHEMA, "spark")
    assert refusal.value.code == "inexact"


def test_a_definition_survives_json_and_its_fingerprint_tells_changes():
    found = list(definitions(zone="Europe/Madrid", filter="score > 1").values())
    assert len({definition.fingerprint for definition in found}) == len(found)
    for definition in found:
        again = IndicatorDefinition.from_json(definition.to_json())
        assert again == definition
        assert again.fingerprint == definition.fingerprint
    assert IndicatorDefinition("visits", Count()).fingerprint == "2a62c9a5e03ec698b98588bd"


@pytest.mark.parametrize(
    "wrong",
    [
        {"dataset": "v"},
        {"dataset": "v", "measure": {"kind": "median"}},
        {"dataset": "v", "measure": {"kind": "mean"}},
        {"dataset": "v", "measure": {"kind": "percentile", "value": "x", "q": 2}},
        {"dataset": "v", "measure": {"kind": "proportion"}},
        {"dataset": "v", "measure": {"kind": "count"}, "period": "fortnight"},
    ],
)
def test_a_wrong_definition_is_refused(wrong):
    with pytest.raises(EngineError) as refusal:
        IndicatorDefinition.from_json(wrong)
    assert refusal.value.code == "bad_definition"
