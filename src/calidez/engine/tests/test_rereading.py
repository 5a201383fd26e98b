"""A dataset is read again with other columns: all of it or nothing, and a key counts across the files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from calidez.engine import (
    Column,
    ColumnType,
    Dataset,
    EngineError,
    FileAgain,
    Role,
    Schema,
    Store,
    load_file,
    read_again,
)

DAY = Column("day", "day", ColumnType.DATE, Role.TIME, date_order="ymd")
AS_TEXT = Schema((Column("day", "day"), Column("n", "n")))
AS_TIME = Schema((DAY, Column("n", "n", ColumnType.INTEGER)))
KEYED = Schema((DAY, Column("n", "n", ColumnType.INTEGER, key=True)))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "datasets")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text("day,n\n2026-01-01,1\n2026-01-02,2\n")
    two.write_text("day,n\n2026-01-02,2\n2026-02-30,3\n2026-01-04,4\n")
    return [one, two]


@pytest.fixture
def held(store: Store, files: list[Path], tmp_path: Path) -> Dataset:
    dataset = store.create("visits", AS_TEXT)
    for path in files:
        load_file(dataset, path, reject_dir=tmp_path / "rejects", batch_label=path.stem)
    return dataset


def again(held: Dataset, files: list[Path], schema: Schema, tmp_path: Path, **more: Any) -> list[Any]:
    orders = [FileAgain(path, schema, path.stem, {"reject_dir": tmp_path / "rejects"}) for path in files]
    return list(read_again(held, schema, orders, **more).reports)


def rows(dataset: Dataset) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT * FROM {dataset.source()} ORDER BY ALL").fetchall()


def test_the_rows_are_read_as_the_new_columns_say(
    held: Dataset, store: Store, files: Any, tmp_path: Path
) -> None:
    reports = again(held, files, AS_TIME, tmp_path, commit=True)
    assert [(r.rows_loaded, r.rows_rejected) for r in reports] == [(2, 0), (2, 1)]
    dataset = store.open("visits")
    assert dataset.schema == AS_TIME
    assert [row[1] for row in rows(dataset)] == [1, 2, 2, 4]
    assert dataset.period_range()[0].day == 1
    assert {b.label: b.id for b in dataset.batches()} == {"one": reports[0].batch, "two": reports[1].batch}
    assert all(dataset.has_batch(report.batch) for report in reports)
    # What came in then may come in again, as its old batches left.
    back = load_file(dataset, files[0], AS_TIME, reject_dir=tmp_path)
    assert back.already_loaded


def test_a_key_counts_across_the_files(held: Dataset, store: Store, files: Any, tmp_path: Path) -> None:
    reports = again(held, files, KEYED, tmp_path, commit=True)
    assert [r.rows_known for r in reports] == [0, 1]
    assert [row[1] for row in rows(store.open("visits"))] == [1, 2, 4]


def test_to_try_it_changes_nothing(held: Dataset, store: Store, files: Any, tmp_path: Path) -> None:
    before = rows(held)
    again(held, files, AS_TIME, tmp_path, commit=False)
    dataset = store.open("visits")
    assert (dataset.schema, rows(dataset)) == (AS_TEXT, before)


def test_it_is_told_how_many_values_each_column_has(held: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "three.csv"
    path.write_text("day,n\n2026-01-05,\n2026-01-06,6\n")
    found = read_again(
        held,
        AS_TIME,
        [FileAgain(path, AS_TIME, "three", {"reject_dir": tmp_path})],
        commit=False,
        known=["one", "two"],
    )
    assert (found.before, found.after) == ({"day": 5, "n": 5}, {"day": 2, "n": 1})


def test_a_file_that_fails_leaves_all_as_it_was(
    held: Dataset, store: Store, files: Any, tmp_path: Path
) -> None:
    files[1].unlink()
    with pytest.raises(EngineError):
        again(held, files, AS_TIME, tmp_path, commit=True)
    assert store.open("visits").schema == AS_TEXT
    assert len(rows(store.open("visits"))) == 5


def test_done_twice_it_is_as_done_once(held: Dataset, store: Store, files: Any, tmp_path: Path) -> None:
    """As where the worker was killed between the commit and its note."""
    for _time in range(2):
        reports = again(store.open("visits"), files, AS_TIME, tmp_path, commit=True)
    dataset = store.open("visits")
    assert len(rows(dataset)) == 4
    dataset.remove_batch(reports[0].batch)
    assert [row[1] for row in rows(store.open("visits"))] == [2, 4]


def test_a_file_that_came_meanwhile_is_not_lost(
    held: Dataset, store: Store, files: Any, tmp_path: Path
) -> None:
    path = tmp_path / "three.csv"
    path.write_text("day,n\n2026-03-01,9\n")
    load_file(held, path, reject_dir=tmp_path, batch_label="three")
    for change in (
        lambda: again(held, files, AS_TIME, tmp_path, commit=True),
        lambda: held.clear(["one", "two"]),
    ):
        with pytest.raises(EngineError, match="Meanwhile another file came"):
            change()
    assert len(rows(store.open("visits"))) == 6


def test_a_dataset_is_emptied_and_takes_its_files_again(
    held: Dataset, store: Store, files: Any, tmp_path: Path
) -> None:
    held.clear(["one", "two"])
    held.clear([])
    dataset = store.open("visits")
    assert (rows(dataset), dataset.batches()) == ([], ())
    assert load_file(dataset, files[0], reject_dir=tmp_path, batch_label="one").rows_loaded == 2


def test_batches_that_left_may_be_loaded_again(
    held: Dataset, store: Store, files: Any, tmp_path: Path
) -> None:
    orders = [FileAgain(files[0], AS_TIME, "one", {"reject_dir": tmp_path})]
    read_again(held, AS_TIME, orders, commit=True, known=["one", "two"])
    dataset = store.open("visits")
    report = load_file(dataset, files[1], AS_TIME, reject_dir=tmp_path)
    assert (report.rows_loaded, len(rows(dataset))) == (2, 4)
