"""The numbers of every measure against plain Python, for the whole, for some periods and after more data."""

from __future__ import annotations

import csv
import io
import math
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from calidez.engine import (
    Count,
    Dataset,
    EngineError,
    IndicatorDefinition,
    Mean,
    Nps,
    Percentile,
    Period,
    Proportion,
    Rate,
    Statistics,
    Store,
    aggregate,
    histogram,
    load_file,
    roll_up,
    touched_periods,
    value_of,
    values_of,
)
from calidez.engine import aggregation as module
from calidez.engine.tests.examples import SCHEMA, definitions, rows


def text_of(found: list[tuple]) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([column.source for column in SCHEMA.columns])
    writer.writerows(found)
    return file.getvalue()


def dataset_of(folder: Path, *batches: list[tuple]) -> Dataset:
    dataset = Store(folder / "datasets").create("visits", SCHEMA)
    for n, batch in enumerate(batches):
        path = folder / f"batch{n}.csv"
        path.write_text(text_of(batch))
        assert load_file(dataset, path, reject_dir=folder).rows_rejected == 0
    return dataset


@pytest.fixture(scope="module")
def visits(tmp_path_factory) -> Dataset:
    return dataset_of(tmp_path_factory.mktemp("facts"), rows())


def cells(zone: str = "UTC") -> dict[tuple, list[dict]]:
    """The rows by month, branch and channel."""
    groups: dict[tuple, list[dict]] = defaultdict(list)
    for row in rows():
        record = dict(zip((c.name for c in SCHEMA.columns), row, strict=True))
        moment = datetime.fromisoformat(record["at"]).astimezone(ZoneInfo(zone))
        groups[date(moment.year, moment.month, 1), record["branch"], record["channel"]].append(record)
    return groups


def expected(name: str, group: list[dict]) -> float | None:
    """Each measure said again in Python."""

    def known(*names: str) -> list[dict]:
        return [row for row in group if all(row[n] is not None for n in names)]

    match name:
        case "proportion":
            kept = [r["waiting"] <= 10 for r in known("waiting", "channel") if r["channel"] != "mail"]
            return sum(kept) / len(kept) if kept else None
        case "weighted proportion":
            kept = [(r["weight"], r["solved"]) for r in known("weight", "solved")]
            total = sum(w for w, _ in kept)
            return sum(w for w, yes in kept if yes) / total if total else None
        case "counted proportion":
            scores = [r["score"] for r in known("score") if r["score"] >= 1]
            return sum(s - 1 for s in scores) / sum(scores) if sum(scores) else None
        case "mean":
            kept = [r["waiting"] for r in known("waiting")]
            return sum(kept) / len(kept) if kept else None
        case "weighted mean":
            kept = [(r["weight"], r["score"]) for r in known("weight", "score")]
            total = sum(w for w, _ in kept)
            return sum(w * s for w, s in kept) / total if total else None
        case "count":
            return sum(r["score"] < 5 for r in known("score"))
        case "rate of events":
            kept = known("solved", "weight")
            exposure = sum(r["weight"] for r in kept)
            return sum(r["solved"] for r in kept) / exposure if exposure else None
        case "rate of numbers":
            kept = [r for r in known("score", "waiting") if r["score"] >= 0 and r["waiting"] >= 0]
            exposure = sum(r["waiting"] for r in kept) / 60
            return sum(r["score"] for r in kept) / exposure if exposure else None
        case "nps":
            kept = [r["score"] for r in known("score") if 0 <= r["score"] <= 10]
            return 100 * sum((s >= 9) - (s <= 6) for s in kept) / len(kept) if kept else None
    raise AssertionError(name)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "proportion",
        "weighted proportion",
        "counted proportion",
        "mean",
        "weighted mean",
        "count",
        "rate of events",
        "rate of numbers",
        "nps",
    ],
)
def test_each_measure_is_what_it_says(name, visits):
    definition = definitions(zone="Europe/Madrid")[name]
    table = aggregate(visits, [definition])[definition.fingerprint]
    groups = cells("Europe/Madrid")
    assert table.num_rows > 30
    seen = set()
    for row, value in zip(table.to_pylist(), values_of(definition.measure, table), strict=True):
        key = (row["period_start"], row["branch"], row["channel"])
        seen.add(key)
        truth = expected(name, groups[key])
        assert value_of(definition.measure, Statistics.from_row(row)) == pytest.approx(truth)
        assert math.isnan(value) if truth is None else value == pytest.approx(truth)
    for key in groups.keys() - seen:
        assert expected(name, groups[key]) is None


def test_percentiles_of_few_values_are_as_exact_as_the_exact_ones(visits, monkeypatch):
    found = definitions()
    rough, exact = found["percentile"], found["exact percentile"]
    tables = aggregate(visits, [rough, exact])
    groups = cells()
    for definition, shift in ((rough, 20), (exact, 0)):
        for row in tables[definition.fingerprint].to_pylist():
            group = groups[row["period_start"], row["branch"], row["channel"]]
            values = sorted(r["waiting"] - shift for r in group if r["waiting"] is not None)
            value = value_of(definition.measure, Statistics.from_row(row))
            assert value == values[math.ceil(Fraction("0.9") * len(values)) - 1]
    monkeypatch.setattr(histogram, "FEW", 0)
    table = aggregate(visits, [rough])[rough.fingerprint]
    assert table.column("values").null_count == table.num_rows
    for before, after in zip(tables[rough.fingerprint].to_pylist(), table.to_pylist(), strict=True):
        truth, value = (value_of(rough.measure, Statistics.from_row(row)) for row in (before, after))
        assert value == pytest.approx(truth, rel=0.01 + 1e-9)
    with pytest.raises(EngineError) as refusal:
        values_of(exact.measure, roll_up(tables[exact.fingerprint]))
    assert refusal.value.code == "not_mergeable"


def test_together_or_alone_the_numbers_are_the_same(visits):
    found = definitions()
    together = aggregate(visits, list(found.values()))
    for definition in found.values():
        assert aggregate(visits, [definition])[definition.fingerprint].equals(
            together[definition.fingerprint]
        )


def test_rolling_up_equals_measuring_the_whole(visits):
    fine = IndicatorDefinition("visits", Mean("waiting", histogram=True), branch="branch", segments=("channel",),
                               period=Period.DAY)  # fmt: skip
    coarse = IndicatorDefinition("visits", Mean("waiting", histogram=True), period=Period.QUARTER)
    tables = aggregate(visits, [fine, coarse])
    rolled = roll_up(tables[fine.fingerprint], period=Period.QUARTER).to_pylist()
    whole = tables[coarse.fingerprint].to_pylist()
    assert len(rolled) == len(whole) == 1
    assert rolled[0]["histogram"] == whole[0]["histogram"]
    assert rolled[0]["values"] == whole[0]["values"]
    for name in ("n", "weight", "total", "sum_squares", "centred", "minimum", "maximum"):
        assert rolled[0][name] == pytest.approx(whole[0][name])
    units = {"Branch 0": "North", "Branch 1": "North", "Branch 2": "South"}
    by_unit = roll_up(tables[fine.fingerprint], by=("branch",), branches=units)
    assert by_unit.column("branch").to_pylist() == ["North", "South"]
    by_branch = {
        row["branch"]: row["n"] for row in roll_up(tables[fine.fingerprint], by=("branch",)).to_pylist()
    }
    assert by_unit.column("n").to_pylist() == [
        by_branch["Branch 0"] + by_branch["Branch 1"],
        by_branch["Branch 2"],
    ]


@pytest.mark.slow
@pytest.mark.parametrize("zone", ["UTC", "America/Lima", "Asia/Kolkata"])
@pytest.mark.parametrize("period", list(Period))
def test_some_periods_measured_alone_are_those_of_the_whole(period, zone, visits):
    definition = IndicatorDefinition("visits", Count(), period=period, branch="branch", zone=zone)
    whole = aggregate(visits, [definition])[definition.fingerprint]
    starts = sorted(set(whole.column("period_start").to_pylist()))
    wanted = starts[len(starts) // 3 :: max(1, len(starts) // 4)]
    some = aggregate(visits, [definition], periods=wanted)[definition.fingerprint]
    assert some.to_pylist() == [row for row in whole.to_pylist() if row["period_start"] in wanted]


def test_since_measures_the_periods_that_it_touches_in_full(visits):
    definition = IndicatorDefinition("visits", Count(), period=Period.MONTH)
    whole = aggregate(visits, [definition])[definition.fingerprint].to_pylist()
    found = aggregate(visits, [definition], since=datetime(2024, 2, 20, tzinfo=UTC))[
        definition.fingerprint
    ].to_pylist()
    assert found == [row for row in whole if row["period_start"] >= date(2024, 2, 1)]


def test_more_data_touches_its_periods_and_only_those(tmp_path):
    dataset = dataset_of(tmp_path, rows(500))
    definition = IndicatorDefinition("visits", Count(), period=Period.DAY, zone="America/Lima")
    before = {
        r["period_start"]: r for r in aggregate(dataset, [definition])[definition.fingerprint].to_pylist()
    }
    more = [("2024-02-11 04:59:00+00", "2024-02-10", "Branch 1", "chat", 1, 2, True, 1),
            ("2024-02-11 05:00:00+00", "2024-02-10", "Branch 1", "chat", 1, 2, True, 1)]  # fmt: skip
    path = tmp_path / "more.csv"
    path.write_text(text_of(more))
    report = load_file(dataset, path, reject_dir=tmp_path)
    touched = touched_periods(definition, report)
    assert touched == [date(2024, 2, 10), date(2024, 2, 11)]  # midnight in Lima is at five
    some = aggregate(dataset, [definition], periods=touched)[definition.fingerprint].to_pylist()
    after = {
        r["period_start"]: r for r in aggregate(dataset, [definition])[definition.fingerprint].to_pylist()
    }
    assert before | {row["period_start"]: row for row in some} == after
    assert {day for day in after if after[day] != before.get(day)} == set(touched)
    monthly = IndicatorDefinition("visits", Count(), period=Period.MONTH)
    assert touched_periods(monthly, report) == [date(2024, 2, 1)]
    hourly = IndicatorDefinition("visits", Count(), period=Period.HOUR)
    assert touched_periods(hourly, report) == [datetime(2024, 2, 11, 4), datetime(2024, 2, 11, 5)]


def test_a_large_dataset_is_measured_in_pieces(visits, monkeypatch):
    definition = IndicatorDefinition(
        "visits", Percentile("waiting", 0.5), branch="branch", zone="Europe/Madrid"
    )
    whole = aggregate(visits, [definition])[definition.fingerprint]
    monkeypatch.setattr(module, "ROWS_AT_ONCE", 700)
    assert aggregate(visits, [definition])[definition.fingerprint].to_pylist() == whole.to_pylist()


def test_nothing_happened_is_a_result_of_counts_only(visits):
    count = IndicatorDefinition("visits", Count("score > 100"), branch="branch")
    share = IndicatorDefinition("visits", Proportion("score > 0", of="score > 100"), branch="branch")
    tables = aggregate(visits, [count, share])
    assert tables[share.fingerprint].num_rows == 0
    assert set(tables[count.fingerprint].column("n").to_pylist()) == {0}


def test_a_dataset_without_rows_has_no_statistics(tmp_path):
    dataset = Store(tmp_path).create("visits", SCHEMA)
    found = list(definitions().values())
    assert {table.num_rows for table in aggregate(dataset, found).values()} == {0}
    assert dataset.period_range() is None


def test_a_definition_of_another_dataset_is_refused(visits):
    with pytest.raises(EngineError) as refusal:
        aggregate(visits, [IndicatorDefinition("other", Count())])
    assert refusal.value.code == "different_dataset"


def test_days_before_1970_and_across_the_change_of_clocks(tmp_path):
    moments = ["1969-12-31 23:59:59+00", "1970-01-01 00:00:00+00", "1901-02-03 04:05:06+00",
               "2024-03-31 00:59:00+00", "2024-03-31 01:01:00+00", "2024-03-30 23:30:00+00"]  # fmt: skip
    found = [(moment, "2024-01-01", "B", "c", 1, 1, True, 1) for moment in moments]
    dataset = dataset_of(tmp_path, found)
    utc = IndicatorDefinition("visits", Count(), period=Period.DAY)
    madrid = IndicatorDefinition("visits", Count(), period=Period.DAY, zone="Europe/Madrid")
    tables = aggregate(dataset, [utc, madrid])
    days = {row["period_start"]: row["n"] for row in tables[utc.fingerprint].to_pylist()}
    assert days == {
        date(1901, 2, 3): 1,
        date(1969, 12, 31): 1,
        date(1970, 1, 1): 1,
        date(2024, 3, 30): 1,
        date(2024, 3, 31): 2,
    }
    local = {row["period_start"]: row["n"] for row in tables[madrid.fingerprint].to_pylist()}
    assert local[date(2024, 3, 31)] == 3
    assert local[date(1970, 1, 1)] == 2
    assert date(2024, 3, 31) - timedelta(days=1) not in local


@pytest.mark.parametrize(
    "measure", [Mean("waiting"), Mean("waiting", weight="weight"), Percentile("waiting", 0.5)]
)
def test_the_spread_of_values_far_from_zero_is_told(measure, tmp_path):
    found = [(f"2024-01-0{n} 10:00:00+00", "2024-01-01", "B", "c", 1e9 + n, 1, True, 2) for n in (1, 2, 3)]
    definition = IndicatorDefinition("visits", measure)
    table = aggregate(dataset_of(tmp_path, found), [definition])[definition.fingerprint]
    cell = Statistics.from_row(table.to_pylist()[0])
    assert cell.variance == pytest.approx(1, rel=1e-5)
    by_day = replace(definition, period=Period.DAY)
    daily = aggregate(Store(tmp_path / "datasets").open("visits"), [by_day])[by_day.fingerprint]
    whole = roll_up(daily, period=Period.MONTH).to_pylist()[0]
    assert Statistics.from_row(whole).variance == pytest.approx(1, rel=1e-5)


def test_the_squares_about_a_weighted_mean_are_those_of_the_rows(visits):
    definition = definitions()["weighted mean"]
    groups = cells()
    for row in aggregate(visits, [definition])[definition.fingerprint].to_pylist():
        group = groups[row["period_start"], row["branch"], row["channel"]]
        kept = [
            (r["weight"], r["score"]) for r in group if r["weight"] is not None and r["score"] is not None
        ]
        weight = sum(w for w, _ in kept)
        mean = sum(w * x for w, x in kept) / weight if weight else 0
        assert row["centred"] == pytest.approx(sum(w * (x - mean) ** 2 for w, x in kept), abs=1e-9)


@pytest.mark.parametrize(
    ("measure", "values", "value", "left_out"),
    [
        (Proportion("solved", weight="waiting"), [(-2.5, 0, True), (2, 0, False), (2, 0, True)], 0.5, 1),
        (
            Proportion.counted("score", "waiting"),
            [(10, 5, True), (10, 12, True), (-1, -2, True), (3, -1, True)],
            0.5,
            3,
        ),
        (Mean("score", weight="waiting"), [(-3, 9, True), (1, 4, True), (1, 6, True)], 5, 1),
        (Nps("score", weight="waiting"), [(-3, 0, True), (1, 10, True)], 100, 1),
        (Rate("solved", "waiting"), [(-3, 0, True), (2, 0, True)], 0.5, 1),
        (Rate("score", "waiting"), [(3, -1, True), (2, 1, True)], 0.5, 1),
        (Proportion.counted("score", "waiting"), [(1, 2, True)], None, 1),
    ],
)
def test_rows_that_cannot_be_are_left_out_and_counted(measure, values, value, left_out, tmp_path):
    found = [("2024-01-02 10:00:00+00", "2024-01-02", "B", "c", w, s, yes, 1) for w, s, yes in values]
    found.append(("2024-02-02 10:00:00+00", "2024-02-02", "B", "c", 2, 1, True, 1))
    definition = IndicatorDefinition("visits", measure)
    table = aggregate(dataset_of(tmp_path, found), [definition])[definition.fingerprint]
    cells = [Statistics.from_row(row) for row in table.to_pylist()]
    assert value_of(measure, cells[0]) == value
    assert [cell.left_out for cell in cells] == [left_out, 0]
    assert roll_up(table, period=Period.YEAR).column("left_out").to_pylist() == [left_out]


def test_whole_numbers_beyond_the_doubles_are_compared_exactly(tmp_path):
    big = 2**53 + 1
    found = [("2024-01-02 10:00:00+00", "2024-01-02", "B", "c", 1, n, True, 1) for n in (big - 1, big, -big)]
    dataset = dataset_of(tmp_path, found)
    for condition, expected in (
        (f"score = {big}", 1),
        (f"score in ({big}, 7)", 1),
        (f"score > {big - 1}", 1),
        (f"score = -{big}", 1),
        (f"nullif(score, {big}) is null", 1),
        (f"score = {10**25}", 0),
    ):
        definition = IndicatorDefinition("visits", Count(condition))
        table = aggregate(dataset, [definition])[definition.fingerprint]
        assert table.column("n").to_pylist() == [expected], condition
