"""A sample of a dataset says what its columns hold, of the units asked for and of no other."""

from __future__ import annotations

import datetime as dt

import pytest

from calidez.engine import (
    Column,
    ColumnType,
    Count,
    EngineError,
    IndicatorDefinition,
    Role,
    Schema,
    Store,
    aggregate,
    load_file,
    sample_of,
)

SCHEMA = Schema(
    (
        Column("day", "day", ColumnType.DATE, Role.TIME, date_order="ymd"),
        Column("branch", "branch", role=Role.BRANCH),
        Column("call", "call", ColumnType.INTEGER),
        Column("outcome", "outcome", role=Role.SEGMENT),
    )
)


@pytest.fixture
def calls(tmp_path):
    lines = [
        f"2026-01-{1 + n % 28:02},{'N' if n % 4 else 'S'},{n},{'AGENT' if n % 3 else 'LOST'}"
        for n in range(120)
    ]
    file = tmp_path / "calls.csv"
    file.write_text("day,branch,call,outcome\n" + "\n".join(lines) + "\n")
    held = Store(tmp_path / "store").create("calls", SCHEMA)
    load_file(held, file, reject_dir=tmp_path)
    return held


def test_the_usual_values_come_first_and_numbers_of_calls_are_told(calls):
    seen = sample_of(calls)
    assert seen["outcome"].values == ("AGENT", "LOST")
    assert (seen["outcome"].different, seen["outcome"].rows) == (2, 120)
    assert [seen[name].all_different for name in ("call", "outcome")] == [True, False]
    assert seen["day"].values[0] == "2026-01-01"


def test_rows_of_other_units_are_not_looked_at(calls):
    assert sample_of(calls, branches=["S"])["branch"].values == ("S",)
    assert sample_of(calls, branches=[]) == {}


def test_rows_that_say_no_unit_are_no_examples_for_a_part_of_them(tmp_path):
    file = tmp_path / "calls.csv"
    file.write_text("day,call\n2026-01-01,7\n")
    held = Store(tmp_path / "store").create("calls", Schema((SCHEMA.columns[0], SCHEMA.columns[2])))
    load_file(held, file, reject_dir=tmp_path)
    assert sample_of(held)["call"].values == ("7",)
    assert sample_of(held, branches=["S"]) == {}


def test_what_takes_too_long_is_given_up(calls, monkeypatch):
    definition = IndicatorDefinition("calls", Count())
    assert aggregate(calls, [definition], seconds=30, periods=[dt.date(2026, 1, 1)])
    monkeypatch.setattr("calidez.engine.aggregation._scan", lambda connection, *given: _endless(connection))
    with pytest.raises(EngineError) as refusal:
        aggregate(calls, [definition], seconds=0.2)
    assert refusal.value.code == "took_too_long"


def _endless(connection):
    connection.execute(
        "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range % 7 = b.range % 11"
    )
