"""A row's number is the one that a person finds beside it in a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calidez.engine import row_numbers as module
from calidez.engine.row_numbers import nth_other, row_numbers


@pytest.fixture
def written(tmp_path: Path):
    def write(content: bytes) -> Path:
        path = tmp_path / "file.csv"
        path.write_bytes(content)
        return path

    return write


LINES = [b"a,b", b"1,x", b"", b'2,"two\nlines"', b'"3","x"', b"4,x", b"", b"", b'5,"say ""so"""', b"6,end"]


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["bare", "marked"])
@pytest.mark.parametrize("last", [True, False], ids=["ended", "open"])
@pytest.mark.parametrize("block", [4, 8, 1 << 24])
def test_empty_lines_count_and_breaks_inside_quotes_do_not(ending, mark, last, block, written, monkeypatch):
    monkeypatch.setattr(module, "BLOCK", block)
    monkeypatch.setattr(module, "LONGEST", 1 << 24)
    content = mark + ending.join(LINES) + (ending if last else b"")
    starts = [content.index(b"4,x"), content.index(b"4,x") + 1, content.index(b'5,"say')]
    cells = [["6", "end"], ["1", "x"], ["3", "x"], ["2", "two\nlines"], ["5", 'say "so"'], ["7", "x"]]
    found = row_numbers(written(content), ",", cells=cells, starts=starts)
    assert found.rows == 10
    assert found.empty.tolist() == [3, 7, 8]
    assert found.of_cells == [10, 2, 5, 4, 9, None]
    assert found.of_starts == [6, None, 9]
    assert not found.complete


def test_rows_that_only_look_alike_are_told_apart(written):
    path = written(b'a,b\n1,"5,soon"\n"1,5",soon\n')
    assert row_numbers(path, ",", cells=[["1,5", "soon"]]).of_cells == [3]
    assert row_numbers(path, ",", cells=[["1,5", "soon"], ["1", "5,soon"]]).of_cells == [3, 2]


def test_equal_rows_have_a_number_each(written, monkeypatch):
    monkeypatch.setattr(module, "BLOCK", 8)
    found = row_numbers(
        written(b"bad\nx\nbad\nz\nbad\n"), ",", cells=[["bad"], ["z"], ["bad"], ["bad"], ["bad"]]
    )
    assert found.of_cells == [1, 4, 3, 5, None]


def test_a_row_without_end_is_left_to_the_reader(written, monkeypatch):
    monkeypatch.setattr(module, "BLOCK", 8)
    monkeypatch.setattr(module, "LONGEST", 16)
    assert not row_numbers(written(b"1\r" * 50), ",", cells=[["1"]]).complete


def test_the_numbers_that_are_left_over():
    assert nth_other(np.array([1, 2, 3, 4]), np.array([1, 3, 4, 7])).tolist() == [2, 5, 6, 8]
    assert nth_other(np.array([1, 2]), np.array([], np.int64)).tolist() == [1, 2]
