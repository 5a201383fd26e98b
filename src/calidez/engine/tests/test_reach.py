"""How far a sheet reaches is told by its cells, whatever it says of itself, and before anything is built."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
import xlsxwriter

from calidez.engine import EngineError
from calidez.engine.reach import PIECE, Reach, reach
from calidez.engine.sheet_copy import copy_sheet, read_values
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
    assert copy_sheet(path, tmp_path / "copy", kind="csv").height == 1


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
    assert copy_sheet(path, tmp_path / "copy", kind="csv", sheet="near").width == 2
    with pytest.raises(EngineError, match=r"far of two\.xlsx reaches to cell XFD1048576"):
        copy_sheet(path, tmp_path / "copy", kind="csv", sheet="far")


def test_what_is_written_so_that_nobody_sees_it_ends_its_own_process_only(tmp_path: Path) -> None:
    path = tmp_path / "sly.xlsx"
    path.write_bytes(workbook(NEAR + FAR.replace('<c r="', '<c r = "').replace("row r=", "row  r=")))
    with pytest.raises(EngineError) as refused:
        copy_sheet(path, tmp_path / "copy", kind="csv")
    assert refused.value.code in {"far_cell", "workbook_too_large"}


def test_values_come_back_as_the_workbook_had_them(tmp_path: Path) -> None:
    path, copy = tmp_path / "kinds.xlsx", tmp_path / "copy"
    day, moment, hour = dt.date(2026, 3, 1), dt.datetime(2026, 3, 1, 14, 30), dt.time(7, 15)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(2, 1, ["ñ\n“x”", 1.5, True])
        for place, (value, look) in enumerate(
            ((day, "yyyy-mm-dd"), (moment, "yyyy-mm-dd hh:mm"), (hour, "hh:mm"))
        ):
            sheet.write_datetime(2, 4 + place, value, book.add_format({"num_format": look}))
    copied = copy_sheet(path, copy, kind="values")
    assert (copied.above, copied.left, copied.height, copied.width) == (2, 1, 1, 6)
    assert list(read_values(copy)) == [["ñ\n“x”", 1.5, True, day, moment, hour]]
