"""A load is whole or nothing, says what became of every row, and the same file changes nothing."""

from __future__ import annotations

import csv
import gzip
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from calidez.engine import (
    Column,
    ColumnType,
    Dataset,
    EngineError,
    LoadReport,
    ReadOptions,
    Role,
    Schema,
    Store,
    inspect_file,
    load_file,
    validate_file,
)
from calidez.engine.clocks import changes
from calidez.engine.tests.conftest import HEADER, VISITS

GOOD = "2024-03-01 09:00:00,Centro,phone,12.5,9,yes\n2024-03-01 10:15:00,Norte,chat,3,,no\n"
DATA = Path(__file__).parent / "data"
# Larger public files may lie beside the checkout.
BESIDE = Path(__file__).parents[5] / "shared" / "data"


def stored(dataset: Dataset, columns: str = "*") -> list[tuple]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.sql(f"SELECT {columns} FROM {dataset.source()}").fetchall()


def rejects(report: LoadReport) -> list[dict[str, str]]:
    assert report.reject_file
    with report.reject_file.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def adds_up(report: LoadReport) -> bool:
    parts = report.rows_loaded + report.rows_rejected + report.rows_repeated + report.rows_known
    return report.rows_read == parts


def test_good_rows_are_stored_with_their_types(visits, load):
    report = load(visits, HEADER + GOOD, batch_label="march")
    assert (report.rows_read, report.rows_loaded, report.rows_rejected) == (2, 2, 0)
    assert report.reject_file is None
    assert stored(visits, "seen_at::VARCHAR, branch, channel, waiting, score, solved") == [
        ("2024-03-01 09:00:00+00", "Centro", "phone", 12.5, 9, True),
        ("2024-03-01 10:15:00+00", "Norte", "chat", 3.0, None, False),
    ]
    assert report.time_from == datetime(2024, 3, 1, 9, tzinfo=UTC)
    assert report.touched_days == {date(2024, 3, 1)}
    assert LoadReport.from_json(report.to_json()) == report
    (batch,) = visits.batches()
    assert (batch.id, batch.rows, batch.label) == (report.batch, 2, "march")
    assert visits.period_range() == (report.time_from, report.time_to)


def test_the_same_file_twice_changes_nothing(visits, load):
    first = load(visits, HEADER + GOOD)
    second = load(visits, HEADER + GOOD, name="renamed.csv")
    assert second.already_loaded
    assert second.batch == first.batch
    assert visits.rows() == 2


def test_a_batch_is_taken_back_and_may_be_loaded_again(visits, load):
    batch = load(visits, HEADER + GOOD).batch
    visits.remove_batch(batch)
    assert visits.rows() == 0
    assert stored(visits) == []
    with pytest.raises(EngineError, match="no batch") as refusal:
        visits.remove_batch(batch)
    assert refusal.value.code == "batch_missing"
    assert not load(visits, HEADER + GOOD).already_loaded
    assert visits.rows() == 2


def test_a_bad_row_neither_aborts_the_load_nor_vanishes(visits, load):
    """Later DuckDB pushes TRY_CAST into the CSV reader as a hard cast: bad rows abort or are lost in silence."""
    lines = [f"2024-03-01 09:00:{n % 60:02},Centro,phone,{n},5,yes" for n in range(5000)]
    lines[4321] = "2024-03-01 09:00:00,Centro,phone,soon,5,yes"
    report = load(visits, HEADER + "\n".join(lines) + "\n")
    assert (report.rows_read, report.rows_loaded, report.rows_rejected) == (5000, 4999, 1)
    (line,) = rejects(report)
    assert (line["row"], line["column"], line["code"], line["value"]) == (
        "4323",
        "Waiting",
        "bad_number",
        "soon",
    )


def test_every_bad_cell_is_named_with_row_column_and_reason(visits, load):
    content = HEADER + (
        "2024-03-01 09:00:00,Centro,phone,12.5,9.5,yes\n"  # 2: a score that is not whole
        "01/03/2024 09:00,Centro,phone,x,9,maybe\n"  # 3: three things at once
        "2024-03-01 09:00:00,Centro,phone\n"  # 4: too short
        "2024-03-01 09:00:00,Centro,phone,1,9,yes,more\n"  # 5: too long by one
        "2024-03-01 09:00:00,Centro,phone,1,9,yes,more,and more\n"  # 6: too long by two
        ",,,,,\n"  # no row at all
        ",Centro,phone,1,9,yes\n"  # 8: without time
        '2024-03-01 09:00:00,"Norte, alto",phone,"1,234.5",9,yes\n'
    )
    report = load(visits, content)
    assert adds_up(report)
    assert (report.rows_read, report.rows_loaded, report.rows_rejected) == (7, 1, 6)
    assert [(line["row"], line["column"], line["code"]) for line in rejects(report)] == [
        ("2", "Score", "bad_integer"),
        ("3", "Seen at", "bad_timestamp"),
        ("3", "Waiting", "bad_number"),
        ("3", "Solved", "bad_boolean"),
        ("4", "", "too_few_cells"),
        ("5", "", "too_many_cells"),
        ("6", "", "too_many_cells"),
        ("8", "Seen at", "required_empty"),
    ]
    assert report.reasons["too_many_cells"] == 2
    assert stored(visits, "branch, waiting") == [("Norte, alto", 1234.5)]


def test_formulas_are_neutralised_in_the_reject_file(visits, load):
    report = load(visits, HEADER + '2024-03-01,"=HYPERLINK(""http://x"")",@sum,-5x,+1,yes\n' + GOOD)
    (line,) = rejects(report)
    assert line["Branch"] == '\'=HYPERLINK("http://x")'
    assert line["Channel"] == "'@sum"
    assert line["value"] == "'-5x"
    assert line["Score"] == "+1"  # a number stays a number


def test_unknown_branches_are_counted_rejected_and_can_be_mapped(visits, load):
    content = HEADER + GOOD + "2024-03-02 09:00:00,Nrte,phone,1,9,yes\n"
    report = load(visits, content, known_branches=["Centro", "Norte"])
    assert report.unknown_branches == {"Nrte": 1}
    assert (report.rows_loaded, report.reasons) == (2, {"unknown_branch": 1})
    visits.remove_batch(report.batch)
    mapped = load(visits, content, known_branches=["Centro", "Norte"], branch_map={"Nrte": "Norte"})
    assert (mapped.rows_loaded, mapped.unknown_branches) == (3, {})
    assert mapped.batch != report.batch
    assert sorted(row[0] for row in stored(visits, "branch")) == ["Centro", "Norte", "Norte"]


def test_validation_reports_the_same_and_writes_nothing(visits, load, tmp_path):
    path = tmp_path / "file.csv"
    path.write_text(HEADER + GOOD + "2024-03-01,Centro,phone,x,1,yes\n")
    for dataset in (None, visits):
        checked = validate_file(dataset, path, VISITS, reject_dir=tmp_path / "checked", needed=["waiting"])
        assert (checked.rows_loaded, checked.rows_rejected, checked.dry_run) == (2, 1, True)
    assert visits.rows() == 0
    loaded = load_file(visits, path, reject_dir=tmp_path / "rejects", needed=["waiting"])
    assert (loaded.batch, loaded.reasons) == (checked.batch, checked.reasons)
    assert [item.name for item in (tmp_path / "checked").iterdir()] == [f"{checked.batch}.csv"]


# Keys

TRIPS = Schema(
    (
        Column("month", "month", ColumnType.DATE, Role.TIME, date_order="ymd", key=True),
        Column("line", "line", ColumnType.TEXT, Role.BRANCH, key=True),
        Column("riders", "riders", ColumnType.INTEGER, Role.VALUE),
    )
)


def test_rows_that_came_before_are_found_by_key(store, load):
    trips = store.create("trips", TRIPS)
    first = load(
        trips, "month,line,riders\n2024-01,A,10\n2024-01,A,10\n2024-01,,5\n2024-01,,5\n2024-01,A,11\n"
    )
    assert adds_up(first)
    assert (first.rows_loaded, first.rows_repeated, first.rows_conflicting) == (2, 2, 1)
    assert [(line["row"], line["code"], line["riders"]) for line in rejects(first)] == [
        ("6", "key_conflict", "11")
    ]
    second = load(trips, "month,line,riders\n2024-01,A,10\n2024-02,A,12\n2024-01,,6\n", name="next.csv")
    assert adds_up(second)
    assert (second.rows_loaded, second.rows_known, second.rows_rejected) == (1, 1, 1)
    assert [(line["row"], line["code"]) for line in rejects(second)] == [("4", "known_changed")]
    assert sorted(stored(trips, "line, riders"), key=str) == [("A", 10), ("A", 12), (None, 5)]


@pytest.mark.parametrize(
    "path",
    [DATA / "airport_passengers.csv", BESIDE / "airport" / "sfo_passengers_monthly.csv"],
    ids=["excerpt", "whole"],
)
def test_a_file_that_says_everything_twice_is_counted_once(path, store, tmp_path):
    if not path.exists():
        pytest.skip("the whole file is not here")
    profile = inspect_file(path)
    airport = store.create("airport", profile.suggested_schema())
    report = load_file(airport, path, reject_dir=tmp_path)
    assert "activity_period" in profile.proposed_key
    assert report.rows_repeated == profile.repeated_rows > 0
    assert report.rows_rejected == 0
    rows = set(path.read_text().splitlines()[1:])
    truth: dict[int, int] = {}
    for row in rows:
        year = int(row[:4])
        truth[year] = truth.get(year, 0) + int(row.rsplit(",", 1)[1])
    by_year = "year(activity_period), sum(passenger_count)::BIGINT"
    with duckdb.connect() as connection:
        found = connection.sql(f"SELECT {by_year} FROM {airport.source()} GROUP BY 1").fetchall()
    assert dict(found) == truth


# Formats


def test_other_encodings_delimiters_and_decimal_signs(store, load):
    schema = Schema(
        (
            Column("fecha", "Fecha", ColumnType.DATE, Role.TIME, date_order="dmy"),
            Column("sucursal", "Sucursal", ColumnType.TEXT, Role.BRANCH),
            Column("espera", "Espera", ColumnType.NUMBER, decimal=","),
        )
    )
    text = "Fecha;Sucursal;Espera\r\n03/04/2024;Peñón;1.234,5\r\n04/04/2024;Málaga;0,25\r\n2024-04-05;Cádiz;7\r\n"
    expected = [
        (date(2024, 4, 3), "Peñón", 1234.5),
        (date(2024, 4, 4), "Málaga", 0.25),
        (date(2024, 4, 5), "Cádiz", 7),
    ]
    contents = {
        "plain": text.encode(),
        "mark": text.encode("utf-8-sig"),
        "wide": text.encode("utf-16"),
        "windows": text.encode("cp1252"),
        "packed": gzip.compress(text.encode("latin-1")),
        "tabs": text.replace(";", "\t").encode(),
    }
    for name, content in contents.items():
        dataset = store.create(name, schema)
        assert load(dataset, content, name=f"{name}.csv").rows_loaded == 3, name
        assert stored(dataset) == expected, name


def test_parquet_json_lines_and_workbooks_load_like_text(store, load, tmp_path):
    xlsxwriter = pytest.importorskip("xlsxwriter")
    table = pa.table(
        {
            "Seen at": pa.array([datetime(2024, 3, 1, 9, tzinfo=UTC), None], pa.timestamp("us", "UTC")),
            "Branch": ["Centro", "Norte"],
            "Waiting": [12.5, 3.0],
        }
    )
    pq.write_table(table, tmp_path / "file.parquet")
    lines = '{"Seen at": "2024-03-01T09:00:00Z", "Branch": "Centro", "Waiting": 12.5}\n{"Branch": "Norte"}\nnot json\n'
    (tmp_path / "file.jsonl").write_text(lines)
    with xlsxwriter.Workbook(tmp_path / "file.xlsx") as book:
        sheet = book.add_worksheet("Visits")
        sheet.write_row(0, 0, ["Seen at", "Branch", "Waiting"])
        sheet.write_datetime(
            1, 0, datetime(2024, 3, 1, 9), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        )
        sheet.write_row(1, 1, ["Centro", 12.5])
        sheet.write_row(2, 1, ["Norte", 3])
    mapping = Schema((*VISITS.columns[:2], VISITS.columns[3]))
    for ending, rejected in (("parquet", 1), ("jsonl", 2), ("xlsx", 1)):
        dataset = store.create(ending, VISITS)
        report = load_file(dataset, tmp_path / f"file.{ending}", mapping, reject_dir=tmp_path)
        assert (report.rows_loaded, report.rows_rejected) == (1, rejected), ending
        assert stored(dataset, "seen_at::VARCHAR, branch, waiting, score") == [
            ("2024-03-01 09:00:00+00", "Centro", 12.5, None)
        ], ending


def test_moments_keep_their_offset_and_their_zone(store, load):
    schema = Schema(
        (Column("at", "at", ColumnType.TIMESTAMP, Role.TIME, date_order="dmy", zone="Europe/Madrid"),)
    )
    dataset = store.create("moments", schema)
    moments = "at\n01/07/2024 10:00\n2024-07-01 10:00:00\n2024-07-01T10:00:00+05:30\n2024-07-01 10:00+01\n1/7/24 10:00 p. m.\n"
    assert load(dataset, moments).rows_loaded == 5
    assert [row[0][11:16] for row in stored(dataset, '"at"::VARCHAR')] == [
        "08:00",
        "08:00",
        "04:30",
        "09:00",
        "20:00",
    ]


def test_old_moments_touch_their_own_days(store, load):
    schema = Schema((Column("moment", "moment", ColumnType.TIMESTAMP, Role.TIME, date_order="ymd"),))
    report = load(store.create("old", schema), "moment\n1969-12-31 23:59:59\n1901-02-03 04:05:06\n")
    assert report.touched_days == {date(1969, 12, 31), date(1901, 2, 3)}
    assert report.time_from == datetime(1901, 2, 3, 4, 5, 6, tzinfo=UTC)


def test_a_header_of_its_own_or_none(store, load):
    dataset = store.create(
        "bare", Schema((Column("a", "Column 1"), Column("b", "Column 2", ColumnType.INTEGER)))
    )
    assert load(dataset, "x,1\ny,2\n", options=ReadOptions(header=False)).rows_loaded == 2


# Control


def test_progress_runs_to_the_end_and_a_cancelled_load_leaves_nothing(visits, load, tmp_path):
    steps: list = []
    load(visits, HEADER + GOOD, progress=steps.append)
    assert steps[-1].done == 1
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    with pytest.raises(EngineError) as refusal:
        load(visits, HEADER + GOOD * 2, name="more.csv", cancelled=lambda: True)
    assert refusal.value.code == "cancelled"
    assert visits.rows() == 2
    assert not list((visits.path / ".staging").iterdir())


def test_a_dataset_is_created_opened_listed_and_removed_once(store, visits):
    assert store.names() == ["visits"]
    assert store.open("visits").schema == VISITS
    with pytest.raises(EngineError) as refusal:
        store.create("visits", VISITS)
    assert refusal.value.code == "dataset_exists"
    store.remove("visits")
    assert not store.exists("visits")
    for wrong in (lambda: store.open("visits"), lambda: store.remove("visits")):
        with pytest.raises(EngineError) as refusal:
            wrong()
        assert refusal.value.code == "dataset_missing"
    for name in ("../x", "", "a/b", ".hidden"):
        with pytest.raises(EngineError) as refusal:
            store.open(name)
        assert refusal.value.code == "bad_name"


def test_the_table_is_open_to_other_readers_of_delta(visits, load):
    from deltalake import DeltaTable

    load(visits, HEADER + GOOD)
    assert DeltaTable(str(visits.path)).to_pyarrow_table().num_rows == 2


def test_a_mapping_that_does_not_agree_is_refused(visits, load):
    text_score = Schema(tuple(Column(c.name, c.source, date_order=c.date_order) for c in VISITS.columns[4:]))
    cases = {
        "schema_mismatch": {"mapping": Schema((*VISITS.columns[:2], text_score.columns[0]))},
        "missing_column": {"mapping": Schema((Column("branch", "Branch", role=Role.BRANCH),))},
    }
    for code, more in cases.items():
        with pytest.raises(EngineError) as refusal:
            load(visits, HEADER + GOOD, **more)
        assert refusal.value.code == code
    with pytest.raises(EngineError) as refusal:
        load(visits, "Branch,Channel\nCentro,phone\n")
    assert (refusal.value.code, refusal.value.params["column"]) == ("missing_column", "Seen at")


def test_a_date_order_is_never_guessed(store, load):
    dataset = store.create("undated", Schema((Column("day", "day", ColumnType.DATE, Role.TIME),)))
    with pytest.raises(EngineError) as refusal:
        load(dataset, "day\n03/04/2024\n")
    assert refusal.value.code == "date_order_needed"


def test_orphans_of_killed_loads_are_swept(visits, load):
    load(visits, HEADER + GOOD)
    orphan = visits.path / "deadbeef-0123.parquet"
    orphan.write_bytes(b"PAR1")
    (visits.path / ".staging" / "old").mkdir(parents=True)
    with visits.locked():
        assert visits.sweep() == 0  # it is young: a reader may be on it
        assert visits.sweep(older_than=0) == 1
    assert not orphan.exists()
    assert not (visits.path / ".staging").exists()
    assert visits.rows() == 2


def test_a_store_that_is_not_there_has_no_datasets(tmp_path):
    assert Store(tmp_path / "nowhere").names() == []


NIGHTS = [
    ("29/03/2026 02:30", "2026-03-29 01:30:00+00:00"),  # no clock in Madrid showed it
    ("29/03/2026 03:30", "2026-03-29 01:30:00+00:00"),
    ("2026-03-29T02:30:00+02:00", "2026-03-29 00:30:00+00:00"),  # with an offset nothing is open
    ("25/10/2026 02:30", "2026-10-25 01:30:00+00:00"),  # twice; the second
    ("2026-10-25T02:30:00+02:00", "2026-10-25 00:30:00+00:00"),
    ("25/10/2026 03:00", "2026-10-25 02:00:00+00:00"),
    ("25/10/2026 01:59", "2026-10-24 23:59:00+00:00"),
    ("2026-10-25 02:00:00", "2026-10-25 01:00:00+00:00"),
    ("10/07/2026 02:30", "2026-07-10 00:30:00+00:00"),
]


def test_times_that_the_clock_skipped_or_showed_twice_are_counted(store, load):
    schema = Schema(
        (Column("at", "at", ColumnType.TIMESTAMP, Role.TIME, date_order="dmy", zone="Europe/Madrid"),)
    )
    dataset = store.create("nights", schema)
    report = load(dataset, "at\n" + "\n".join(text for text, _ in NIGHTS) + "\n")
    assert (report.times_skipped, report.times_twice) == (1, 2)
    found = stored(dataset, '"at"::VARCHAR')
    assert sorted(row[0] for row in found) == sorted(moment.replace("+00:00", "+00") for _, moment in NIGHTS)
    assert LoadReport.from_json(report.to_json()) == report
    summer = load(dataset, "at\n10/07/2026 02:30\n11/07/2026 02:30\n")
    assert (summer.times_skipped, summer.times_twice) == (0, 0)


def test_the_changes_of_a_clock_are_found_to_the_second():
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
    madrid = changes("Europe/Madrid", start, end)
    assert [change.moment for change in madrid] == [
        datetime(2026, 3, 29, 1, tzinfo=UTC),
        datetime(2026, 10, 25, 1, tzinfo=UTC),
    ]
    assert [change.forward for change in madrid] == [True, False]
    assert madrid[1].local == (datetime(2026, 10, 25, 2), datetime(2026, 10, 25, 3))
    assert changes("America/Bogota", start, end) == []
    assert [c.moment.month for c in changes("America/Santiago", start, end)] == [4, 9]
