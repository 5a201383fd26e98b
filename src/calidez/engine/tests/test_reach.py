"""How far a sheet reaches is told by its cells, whatever it says of itself, and before anything is built."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest
import xlsxwriter

from calidez.engine import EngineError
from calidez.engine.reach import _FILLED, _ROW, _WIDE, PIECE, Reach, reach
from calidez.engine.sheet_copy import copy_sheet
from calidez.engine.tests.far_cells import FAR, NEAR, workbook


def test_the_cells_count_and_not_what_the_sheet_says() -> None:
    far = reach(io.BytesIO(workbook(dimension="A1:B2")), "Sheet")
    assert far == Reach(1_048_576, 16_384)
    assert (far.too_far, far.last) == (True, "XFD1048576")


@pytest.mark.parametrize(
    "rows",
    [
        NEAR + '<row r="1048576"><c r="XFD1048576" s="1"/></row>',  # formatted, and empty
        NEAR + '<row r="1048576"><c r="XFD1048576" s="1"></c></row>',
        NEAR + '<row r="1048576" spans="1:16384"/>',
    ],
)
def test_what_is_only_formatted_does_not_count(rows: str, tmp_path: Path) -> None:
    found = reach(io.BytesIO(workbook(rows)), "Sheet")
    assert found is not None
    assert not found.too_far
    path = tmp_path / "formatted.xlsx"
    path.write_bytes(workbook(rows))
    assert copy_sheet(path, tmp_path / "copy").height == 1


def test_a_cell_that_lies_across_two_pieces_is_seen() -> None:
    for shift in range(0, 60, 7):
        rows = NEAR + "<!--" + "x" * (PIECE - len(NEAR) - 150 - shift) + "-->" + FAR
        found = reach(io.BytesIO(workbook(rows)), "Sheet")
        assert found is not None
        assert found.too_far


def test_only_the_sheet_that_is_read_counts(tmp_path: Path) -> None:
    path = tmp_path / "two.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("near").write_row(0, 0, ["a", 1])
        far = book.add_worksheet("far")
        far.write(0, 0, "a")
        far.write(1_048_575, 16_383, "b")
    assert copy_sheet(path, tmp_path / "copy", sheet="near").width == 2
    with pytest.raises(EngineError, match=r"far of two\.xlsx reaches to cell XFD1048576"):
        copy_sheet(path, tmp_path / "copy", sheet="far")


@pytest.mark.processes
def test_what_is_written_so_that_nobody_sees_it_ends_its_own_process_only(tmp_path: Path) -> None:
    path = tmp_path / "sly.xlsx"
    path.write_bytes(workbook(NEAR + FAR.replace('<c r="', '<c r = "').replace("row r=", "row  r=")))
    with pytest.raises(EngineError) as refused:
        copy_sheet(path, tmp_path / "copy")
    assert refused.value.code in {"far_cell", "too_much_memory"}


@pytest.mark.parametrize(
    "piece",
    [
        b"<row ",
        b"<c ",
        b'<c r="A1" ' + b' r="A1"' * 100,
        b"<row " + b" r" * 400,
        b"<" + b"a" * 900,
        b"<c r = ",
    ],
)
def test_a_part_of_nothing_but_beginnings_is_gone_through_once(piece: bytes) -> None:
    """From each beginning to the end anew would take hours of eight megabytes."""
    content = piece * (8_000_000 // len(piece))
    began = time.process_time()
    for pattern in (_ROW, _WIDE, _FILLED):
        pattern.findall(content)
    assert time.process_time() - began < 20
