"""Records are copied with the values and row numbers of their file, and what is no list of them is refused early."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import xlsxwriter

from calidez.engine import EngineError, sheet_copy, table_copy
from calidez.engine.table_copy import Table, copy_table, read_copy


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "copy"


def copied(path: Path, copy: Path, *, rows: int = 100, columns: int = 10) -> Table:
    return copy_table(path, copy, most_rows=rows, most_columns=columns)


@pytest.mark.processes
def test_values_come_back_as_the_workbook_had_them(tmp_path: Path, copy: Path) -> None:
    path = tmp_path / "kinds.xlsx"
    day, moment, hour = dt.date(2026, 3, 1), dt.datetime(2026, 3, 1, 14, 30), dt.time(7, 15)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(1, 1, ["text", "number", "yes", "day", "moment", "hour"])
        sheet.write_row(3, 1, ["ñ\n“x”", 1.5, True])
        for place, (value, look) in enumerate(
            ((day, "yyyy-mm-dd"), (moment, "yyyy-mm-dd hh:mm"), (hour, "hh:mm"))
        ):
            sheet.write_datetime(3, 4 + place, value, book.add_format({"num_format": look}))
    table = copied(path, copy)
    assert table == Table(("", "text", "number", "yes", "day", "moment", "hour"), 1, ".")
    assert list(read_copy(copy)) == [(4, ["", "ñ\n“x”", 1.5, True, day, moment, hour])]


def test_rows_of_text_keep_their_numbers_and_lose_our_own_apostrophes(tmp_path: Path, copy: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("\n name ;wait\n\n'=1+1;2,5;beyond\n;\nb;\n".encode("utf-8-sig"))
    assert copied(path, copy) == Table(("name", "wait"), 2, ",")
    assert list(read_copy(copy)) == [(4, ["=1+1", "2,5"]), (6, ["b", ""])]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b",,\n\n", "empty_file"),
        (b"a,b\n" + b"1,2\n" * 101, "too_many_rows"),
        (b"," * 20 + b"x", "too_many_columns"),
        (b'a,b\n1,"2\n', "broken_off"),
        (b"{}\n", "no_records"),
        (b"%PDF-1.7", "unknown_format"),
        (b"a\n" + b"x" * 3_000, "cell_too_long"),
        (b"a,b\n" + b"x" * (1 << 20) + b"\n\xff\xfe\xfa,\xe9", "unreadable_letters"),
    ],
)
def test_what_is_no_list_of_records_is_refused(
    tmp_path: Path, copy: Path, content: bytes, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_copy, "LONGEST_CELL", 2_000)
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(EngineError) as refused:
        copied(path, copy)
    assert refused.value.code == code


def test_a_sheet_of_more_rows_or_columns_is_refused_before_it_is_built(
    tmp_path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "name")
        sheet.write(500, 30, "far")
    with pytest.raises(EngineError, match="has 501 rows and 31 columns"):
        copied(path, copy)
    with pytest.raises(EngineError, match="has 501 rows and 31 columns"):
        copied(path, copy, rows=1000)
    assert copied(path, copy, rows=500, columns=31).rows == 1
    monkeypatch.setattr(sheet_copy, "LONGEST_CELL", 3)
    with pytest.raises(EngineError, match="in row 1, has more than 3 characters"):
        copied(path, copy, rows=500, columns=31)


def test_parts_that_unpack_to_too_much_or_are_too_many_are_not_opened(
    tmp_path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write(0, 0, "name")
    for limit, said in (("ENTRIES", "more than 5 parts"), ("UNPACKED", "unpacks to more than")):
        with monkeypatch.context() as less:
            less.setattr(sheet_copy, limit, 5)
            with pytest.raises(EngineError, match=said):
                copied(path, copy)


def test_a_package_with_locked_parts_is_protected(tmp_path: Path, copy: Path) -> None:
    path = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write(0, 0, "name")
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    with pytest.raises(EngineError, match="protected by a password"):
        copied(path, copy)


def test_a_workbook_without_a_sheet_is_empty(tmp_path: Path, copy: Path) -> None:
    import zipfile

    path, bare = tmp_path / "x.xlsx", tmp_path / "bare.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write(0, 0, "name")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bare, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/workbook.xml":
                part = part[: part.index(b"<sheets>") + 8] + part[part.index(b"</sheets>") :]
            new.writestr(name, part)
    with pytest.raises(EngineError, match=r"bare\.xlsx is empty"):
        copied(bare, copy)


def test_a_title_above_the_headings_is_no_record(tmp_path: Path) -> None:
    path = Path(__file__).parent / "data" / "awkward" / "unidades_titulo_y_sede.xlsx"
    table = copied(path, tmp_path / "copy")
    assert table.headings == ("Sede", "Código sede", "Sede superior")
    assert [number for number, _cells in read_copy(tmp_path / "copy")] == [4, 5]
