"""Every kind of bad file gets one clear refusal, and the data that was there stays."""

from __future__ import annotations

import gzip
import resource
import subprocess
import sys
import textwrap
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from calidez.engine import (
    Count,
    EngineError,
    IndicatorDefinition,
    ReadOptions,
    aggregate,
    inspect_file,
    load_file,
)
from calidez.engine.tests.conftest import HEADER
from calidez.engine.tests.test_loading import GOOD

TEXT = (HEADER + GOOD * 3000).encode()


def _workbook(path: Path) -> bytes:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["a", "b"])
    return path.read_bytes()


def _parquet(path: Path) -> bytes:
    pq.write_table(pa.table({"a": list(range(1000))}), path)
    return path.read_bytes()


CASES = {
    "empty": (lambda _: b"", "empty_file"),
    "blank": (lambda _: b" \n\n", "empty_file"),
    "packed nothing": (lambda _: gzip.compress(b""), "empty_file"),
    "header only": (lambda _: HEADER.encode(), "no_rows"),
    "picture": (lambda _: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50, "binary_file"),
    "zeros": (lambda _: b"a,b\n1,2\n" + b"\x00" * 5000, "binary_file"),
    "cut gzip": (lambda _: gzip.compress(TEXT)[:-200], "truncated_file"),
    "cut workbook": (lambda path: _workbook(path)[:-300], "truncated_file"),
    "cut parquet": (lambda path: _parquet(path)[:-20], "truncated_file"),
    "zip of nothing": (lambda _: b"PK\x03\x04" + b"\x01" * 500, "truncated_file"),
    "open quote": (
        lambda _: TEXT + b'2024-03-01,"Centro,phone,1,2,yes\n' + GOOD.encode() * 3,
        "unterminated_quote",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_bad_file_is_refused_and_the_rest_survives(case, visits, load, tmp_path):
    load(visits, HEADER + GOOD, name="before.csv")
    content, code = CASES[case]
    path = tmp_path / "bad.bin"
    path.write_bytes(content(tmp_path / "made.bin"))
    with pytest.raises(EngineError) as refusal:
        load_file(visits, path, reject_dir=tmp_path / "rejects")
    assert refusal.value.code == code
    assert visits.rows() == 2
    if code != "unterminated_quote":
        with pytest.raises(EngineError) as refusal:
            inspect_file(path)
        assert refusal.value.code == code


def test_a_missing_file_and_a_folder_are_refused(visits, tmp_path):
    for path in (tmp_path / "nowhere.csv", tmp_path):
        with pytest.raises(EngineError) as refusal:
            load_file(visits, path, reject_dir=tmp_path)
        assert refusal.value.code == "missing_file"


def test_a_file_cut_in_its_last_row_loses_that_row_only(visits, load):
    report = load(visits, HEADER + GOOD + '2024-03-01 11:00:00,"Cen')
    assert (report.rows_read, report.rows_loaded, report.reasons) == (3, 2, {"bad_quotes": 1})


def test_a_wrong_encoding_is_refused_with_its_line(visits, load):
    content = (HEADER + GOOD + "2024-03-01 09:00:00,Peñón,phone,1,2,yes\n").encode("cp1252")
    with pytest.raises(EngineError) as refusal:
        load(visits, content, options=ReadOptions(encoding="utf-8"))
    assert (refusal.value.code, refusal.value.params["line"]) == ("wrong_encoding", 4)
    with pytest.raises(EngineError) as refusal:
        load(visits, content, options=ReadOptions(encoding="klingon"))
    assert refusal.value.code == "unknown_encoding"
    assert load(visits, content).rows_loaded == 3


def test_a_sheet_that_is_not_there_is_refused(visits, load, tmp_path):
    with pytest.raises(EngineError) as refusal:
        load(visits, _workbook(tmp_path / "made.xlsx"), name="book.xlsx", options=ReadOptions(sheet="Other"))
    assert refusal.value.code == "missing_sheet"


def test_duplicate_and_empty_headers_are_told_apart(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text("Amount,Amount,,Día\n1,2,3,4\n5,6,7,8\n")
    profile = inspect_file(path)
    assert [column.source for column in profile.columns] == ["Amount", "Amount (2)", "Column 3", "Día"]
    assert [column.name for column in profile.columns] == ["amount", "amount_2", "column_3", "dia"]
    assert {problem.code for problem in profile.problems} >= {"duplicate_header", "empty_header"}


@pytest.mark.slow
def test_a_thousand_columns_are_read_and_too_many_are_refused(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"c{n}" for n in range(1000)) + "\n" + (",".join(["7"] * 1000) + "\n") * 5)
    profile = inspect_file(path)
    assert len(profile.columns) == 1000
    assert {column.type for column in profile.columns} == {"integer"}
    path.write_text(",".join(f"c{n}" for n in range(5000)) + "\n" + (",".join(["7"] * 5000) + "\n") * 2)
    assert len(inspect_file(path).columns) == 5000
    path.write_text(",".join(f"c{n}" for n in range(6000)) + "\n1\n")
    with pytest.raises(EngineError) as refusal:
        inspect_file(path)
    assert refusal.value.code == "too_many_columns"


def test_a_packed_bomb_is_refused(visits, load, monkeypatch):
    from calidez.engine import pieces

    monkeypatch.setattr(pieces, "UNPACKED_LIMIT", 2_000_000)
    with pytest.raises(EngineError) as refusal:
        load(visits, gzip.compress(b"a" * 20_000_000), name="bomb.csv.gz")
    assert refusal.value.code == "too_large"


@pytest.mark.processes
def test_a_full_disk_is_said_and_nothing_is_half_done(visits, load, tmp_path):
    """A limit on the size of files stands for the disk: what is written beyond it fails in the same place."""
    load(visits, HEADER + GOOD, name="before.csv")
    path = tmp_path / "big.csv"
    rows = (
        f"2024-03-01 09:00:00,Branch {n * 7919 % 1000003},phone,{n}.{n * 31 % 997},9,yes"
        for n in range(60_000)
    )
    path.write_text(HEADER + "\n".join(rows) + "\n")
    code = f"""
        import resource, signal
        from calidez.engine import EngineError, Store, load_file
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        dataset = Store({str(visits.path.parent)!r}).open("visits")
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
        try:
            load_file(dataset, {str(path)!r}, reject_dir={str(tmp_path / "rejects")!r})
        except EngineError as error:
            print(error.code)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "disk_full", done.stderr
    assert visits.rows() == 2
    assert not list((visits.path / ".staging").iterdir())
    assert load_file(visits, path, reject_dir=tmp_path).rows_loaded == 60_000
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 100_000


def test_an_error_of_the_disk_at_the_commit_leaves_nothing(visits, load, monkeypatch):
    import errno

    from calidez.engine import store

    def full(path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store, "_sync", full)
    with pytest.raises(EngineError) as refusal:
        load(visits, HEADER + GOOD)
    assert refusal.value.code == "disk_full"
    monkeypatch.undo()
    assert visits.rows() == 0
    assert load(visits, HEADER + GOOD).rows_loaded == 2


def test_a_damaged_dataset_is_said(visits, load, store):
    load(visits, HEADER + GOOD)
    for entry in (visits.path / "_delta_log").glob("*.json"):
        entry.write_text("{broken")
    with pytest.raises(EngineError) as refusal:
        store.open("visits")
    assert refusal.value.code == "dataset_damaged"


@pytest.mark.parametrize("damage", ["gone", "cut", "a folder"])
def test_a_data_file_that_is_gone_or_cut_is_no_fault_of_writing(visits, load, damage):
    load(visits, HEADER + GOOD)
    (file,) = visits.files()
    content = file.path.read_bytes()
    file.path.unlink()
    if damage == "cut":
        file.path.write_bytes(content[:-20])
    elif damage == "a folder":
        file.path.mkdir()
    counted = IndicatorDefinition("visits", Count())
    with pytest.raises(EngineError) as refusal:
        aggregate(visits, [counted])
    assert refusal.value.code == ("dataset_damaged" if damage == "cut" else "dataset_file_missing")
    assert "cannot be written" not in str(refusal.value)
    if damage == "gone":
        assert file.path.name in str(refusal.value)


def test_what_takes_more_memory_than_there_is_is_said_of_the_file(visits, load, tmp_path, monkeypatch):
    import duckdb

    from calidez.engine import inspection, running

    def none_left(*arguments: object) -> object:
        raise duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate data")

    path = tmp_path / "x.csv"
    path.write_text(HEADER + GOOD)
    monkeypatch.setattr(inspection, "_profile", none_left)
    monkeypatch.setattr(running, "_watched", none_left)
    for read in (
        lambda: inspect_file(path),
        lambda: load_file(visits, path, reject_dir=tmp_path, progress=print),
    ):
        with pytest.raises(EngineError, match="more memory to read") as refusal:
            read()
        assert refusal.value.code == "too_much_memory"
