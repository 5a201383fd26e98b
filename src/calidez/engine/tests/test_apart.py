"""A file read by a process of its own is found, refused, checked and loaded as it would be here."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from calidez.engine import (
    EngineError,
    Progress,
    Store,
    apart,
    inspect_apart,
    inspect_file,
    inspection,
    limited,
    load_file,
    pieces,
    preparing,
    stage_apart,
    validate_file,
)

TEXT = "day,unit,visits\n" + "".join(f"2026-01-{1 + n % 28:02},N{n % 3},{n}\n" for n in range(300))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "visits.csv"
    place.write_text(TEXT)
    return place


@pytest.mark.processes
def test_the_look_is_the_same(path: Path, tmp_path: Path) -> None:
    assert inspect_apart(path) == inspect_file(path)
    book = tmp_path / "visits.xlsx"
    with xlsxwriter.Workbook(book) as made:
        sheet = made.add_worksheet()
        for number, line in enumerate(TEXT.splitlines()[:20]):
            sheet.write_row(number, 0, line.split(","))
    assert inspect_apart(book, scratch=tmp_path) == inspect_file(book)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["visits.csv", "visits.xlsx"]


@pytest.mark.processes
@pytest.mark.parametrize("content", [b"", b"\x00\x01" * 500, b"PK\x03\x04" + bytes(200), b"a,b\n"])
def test_refusals_are_the_same(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    codes = []
    for look in (inspect_apart, inspect_file):
        with pytest.raises(EngineError) as refused:
            look(path)
        codes.append((refused.value.code, str(refused.value)))
    assert codes[0] == codes[1]


@pytest.mark.processes
def test_checks_and_loads_are_the_same(path: Path, tmp_path: Path) -> None:
    schema = inspect_file(path).suggested_schema()
    dataset = Store(tmp_path / "store").create("visits", schema)
    path.write_text(TEXT + "soon,N1,x\n")
    asked: dict[str, Any] = {"reject_dir": tmp_path / "rejects", "known_branches": {"N0", "N1", "N2"}}
    here = validate_file(dataset, path, schema, **asked)
    steps: list[Progress] = []
    there = validate_file(dataset, path, schema, stage=stage_apart, progress=steps.append, **asked)
    assert replace(there, seconds=0) == replace(here, seconds=0)
    assert here.rows_rejected == 1
    assert {step.step for step in steps} >= {"reading", "writing"}
    loaded = load_file(dataset, path, stage=stage_apart, **asked)
    assert (loaded.rows_loaded, dataset.rows()) == (300, 300)
    assert load_file(dataset, path, stage=stage_apart, **asked).already_loaded


@pytest.mark.processes
def test_a_load_whose_reader_is_ended_leaves_nothing(path: Path, tmp_path: Path, monkeypatch: Any) -> None:
    dataset = Store(tmp_path / "store").create("visits", inspect_file(path).suggested_schema())
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(limited, "listeners", [lambda *what: told.append(what)])

    def stage(*arguments: Any) -> Any:
        return stage_apart(*arguments, limits=replace(apart.STAGING, memory=300 << 20))

    with pytest.raises(EngineError) as refused:
        load_file(dataset, path, reject_dir=tmp_path, stage=stage)
    assert refused.value.code in {"too_much_memory", "reader_broke"}
    assert [work for work, _limit in told] == ["stage at .csv"]
    assert dataset.rows() == 0
    assert not list((dataset.path / ".staging").iterdir())


@pytest.mark.processes
def test_the_reader_of_the_reader_is_told_too(tmp_path: Path, monkeypatch: Any) -> None:
    from calidez.engine.tests.far_cells import FAR, NEAR, workbook

    path = tmp_path / "secret name.xlsx"
    path.write_bytes(workbook(NEAR + FAR.replace('<c r="', '<c r = "').replace("row r=", "row  r=")))
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(limited, "listeners", [lambda *what: told.append(what)])
    with pytest.raises(EngineError, match="more memory"):
        inspect_apart(path)
    assert told == [("look at .xlsx", "memory")]


# A packed file is looked at by its start


def test_of_a_packed_file_only_the_start_is_unpacked(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(inspection, "MOST_UNPACKED", 3 << 20)
    path = tmp_path / "long.csv.gz"
    line = "2026-01-{:02},N{},{}\n"
    lines = [line.format(1 + n % 28, n % 3, n * 7919 % 1_000_003) for n in range(600_000)]
    path.write_bytes(gzip.compress(("day,unit,visits\n" + "".join(lines)).encode(), 1))
    taken: list[int] = []
    monkeypatch.setattr(pieces.TextReader, "take", _counting(pieces.TextReader.take, taken))
    profile = inspect_file(path, scratch=tmp_path)
    assert sum(taken) <= 5 << 20
    assert (profile.exact, profile.problems[-1].code) == (False, "sampled")
    assert abs(profile.rows - 600_000) < 60_000
    assert [column.source for column in profile.columns] == ["day", "unit", "visits"]


def _counting(take: Any, taken: list[int]) -> Any:
    def counted(self: Any, chunk: bytes, **more: Any) -> bytes:
        taken.append(len(chunk))
        return take(self, chunk, **more)

    return counted


def test_what_unpacks_to_far_more_than_an_honest_file_is_not_loaded(tmp_path: Path, monkeypatch: Any) -> None:
    path = tmp_path / "same.csv.gz"
    path.write_bytes(gzip.compress(b"day,visits\n" + b"2026-01-01,1\n" * 1_000_000))
    schema = inspect_file(path).suggested_schema()
    monkeypatch.setattr(pieces, "SUSPECT", 5 << 20)
    with pytest.raises(EngineError, match=r"unpacks to more than 0\.00524 GB"):
        validate_file(None, path, schema, reject_dir=tmp_path)
    honest = tmp_path / "honest.csv.gz"
    lines = "".join(f"2026-01-01,{n * 7919 % 1_000_003}\n" for n in range(400_000))
    honest.write_bytes(gzip.compress(("day,visits\n" + lines).encode(), 1))
    assert validate_file(None, honest, schema, reject_dir=tmp_path).rows_loaded == 400_000


def test_a_small_file_that_says_it_has_a_milliard_rows_is_not_read(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(preparing, "SUSPECT_ROWS", 50_000)
    path = tmp_path / "same.parquet"
    pq.write_table(pa.table({"name": pa.array(["same"] * 200_000)}), path)
    with pytest.raises(EngineError, match="says that it has 200000 rows"):
        inspect_file(path)
    pq.write_table(pa.table({"n": pa.array(range(200_000))}), path)
    assert inspect_file(path).rows == 200_000


def test_an_ordinary_file_holds_the_worker_two_minutes_at_most() -> None:
    megabyte = 1 << 20
    waits = [apart.looking(size * megabyte).wait for size in (0, 1, 64, 164, 5000)]
    assert waits == [120, 120, 120, 220, 600]
    assert apart.LOOKING_AT_ONCE.wait + apart.LOOKING_AT_ONCE.patience <= 15
