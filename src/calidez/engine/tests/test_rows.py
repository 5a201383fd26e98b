"""The newest rows of a dataset, whichever files hold them, in few readings."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from calidez import engine
from calidez.engine import Column, ColumnType, Role, Schema, Store, Wanted, all_rows, load_file, newest_rows

DAYS = Schema(
    (
        Column("day", "day", ColumnType.DATE, Role.TIME, date_order="ymd"),
        Column("branch", "branch", ColumnType.TEXT, Role.BRANCH),
        Column("n", "n", ColumnType.INTEGER),
    )
)


@pytest.fixture
def held(tmp_path: Path) -> engine.Dataset:
    """Four files, of which the second holds the newest days and the last some between the others."""
    dataset = Store(tmp_path / "datasets").create("visits", DAYS)
    for number, days in enumerate(([1, 2, 3], [20, 21], [5, 6], [4, 19])):
        path = tmp_path / f"{number}.csv"
        lines = [f"2026-01-{day:02},{'NORTH' if day % 2 else 'South '},{day}" for day in days]
        path.write_text("day,branch,n\n" + "\n".join(lines) + "\n")
        load_file(dataset, path, reject_dir=tmp_path)
    return dataset


def numbers(held: Any, *given: Any, **more: Any) -> list[object]:
    return [row[2] for row in newest_rows(held, *given, **more).rows]


def test_the_newest_come_first_whichever_file_holds_them(held: engine.Dataset) -> None:
    assert numbers(held, Wanted(), count=4) == [21, 20, 19, 6]
    assert numbers(held, Wanted(), skip=4, count=50) == [5, 4, 3, 2, 1]
    assert newest_rows(held, Wanted(), count=8).more
    assert not newest_rows(held, Wanted(), count=9).more
    assert newest_rows(held, Wanted(), skip=90).rows == ()


def test_days_and_branches_narrow(held: engine.Dataset) -> None:
    january = Wanted(dt.date(2026, 1, 4), dt.date(2026, 1, 19))
    assert numbers(held, january) == [19, 6, 5, 4]
    assert numbers(held, Wanted(branches=["north"])) == [21, 19, 5, 3, 1]
    assert numbers(held, Wanted(branches=["SOUTH"]), count=2) == [20, 6]
    assert numbers(held, Wanted(branches=[])) == []
    assert sorted(row[2] for row in all_rows(held, january)) == [4, 5, 6, 19]


def test_files_that_cannot_hold_newer_rows_are_not_opened(held: engine.Dataset) -> None:
    oldest = min(held.files(), key=lambda file: file.time_to)
    oldest.path.unlink()
    assert numbers(held, Wanted(), count=2) == [21, 20]
    with pytest.raises(engine.EngineError, match="missing from the data folder"):
        newest_rows(held, Wanted(), count=8)


def test_moments_are_days_of_their_zone(tmp_path: Path) -> None:
    schema = Schema(
        (
            Column("at", "at", ColumnType.TIMESTAMP, Role.TIME, date_order="ymd", zone="America/Bogota"),
            Column("n", "n", ColumnType.INTEGER),
        )
    )
    dataset = Store(tmp_path / "datasets").create("calls", schema)
    path = tmp_path / "calls.csv"
    path.write_text("at,n\n2026-01-01 23:30,1\n2026-01-02 00:10,2\n2026-01-02 23:50,3\n")
    load_file(dataset, path, reject_dir=tmp_path)
    day = dt.date(2026, 1, 2)
    assert [row[1] for row in newest_rows(dataset, Wanted(day, day)).rows] == [3, 2]


def test_without_a_time_the_last_file_comes_first(tmp_path: Path) -> None:
    dataset = Store(tmp_path / "datasets").create("answers", Schema((Column("n", "n", ColumnType.INTEGER),)))
    for number in (1, 2):
        path = tmp_path / f"{number}.csv"
        path.write_text(f"n\n{number}\n")
        load_file(dataset, path, reject_dir=tmp_path)
    assert {row[0] for row in newest_rows(dataset, Wanted()).rows} == {1, 2}
    assert newest_rows(dataset, Wanted(), count=1).rows == ((2,),)
