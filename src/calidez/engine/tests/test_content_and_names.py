"""A file is read as what it holds, whatever its name says; what holds no table says what it is."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from calidez.engine import EngineError, inspect_file
from calidez.engine.table_copy import copy_table

ROWS = [(f"2026-01-{day:02}", f"N{day % 3}", day) for day in range(1, 20)]
TEXT = "day,branch,visits\n" + "".join(",".join(map(str, row)) + "\n" for row in ROWS)
OBJECTS = [dict(zip(("day", "branch", "visits"), row, strict=True)) for row in ROWS]
LINES = "".join(json.dumps(one) + "\n" for one in OBJECTS)
PAGE = "<html><body><table><tr><th>day</th></tr><tr><td>1</td></tr></table></body></html>"


def workbook() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([("day", "branch", "visits"), *ROWS]):
            sheet.write_row(number, 0, row)
    return file.getvalue()


def package() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("visits.csv", TEXT)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "format_", "told"),
    [
        ("visits.csv", TEXT.encode(), "csv", ""),
        ("visits.xlsx", TEXT.encode(), "csv", "CSV"),
        ("visits.xls", TEXT.replace(",", "\t").encode("utf-16"), "csv", "CSV"),
        ("visits.json", TEXT.encode(), "csv", "CSV"),
        ("visits.gz", TEXT.encode(), "csv", ""),
        ("visits.csv", workbook(), "workbook", "Excel"),
        ("visits.xls", workbook(), "workbook", ""),
        ("visits.ods", workbook(), "workbook", ""),
        ("visits.json", LINES.encode(), "jsonl", ""),
        ("visits.csv", LINES.encode(), "jsonl", "JSON lines"),
        ("visits.xlsx.gz", gzip.compress(TEXT.encode()), "csv", "CSV"),
    ],
)
def test_a_file_is_read_as_what_it_holds(
    tmp_path: Path, name: str, content: bytes, format_: str, told: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    found = inspect_file(path)
    assert (found.format, [c.source for c in found.columns], found.rows) == (
        format_,
        ["day", "branch", "visits"],
        19,
    )
    notes = [p.params["format"] for p in found.problems if p.code == "named_otherwise"]
    assert notes == ([told] if told else [])


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("letter.xlsx", b"A letter\nwith a comma, and another, but no table\n", "no_table"),
        ("report.xls", PAGE.encode(), "markup_file"),
        ("report.xls", PAGE.upper().encode("utf-16"), "markup_file"),
        ("report.xls", b"<?xml version='1.0'?><Workbook><Worksheet/></Workbook>", "markup_file"),
        ("list.json", json.dumps(OBJECTS).encode(), "json_document"),
        ("list.json", json.dumps(OBJECTS, indent=1).encode(), "json_document"),
        ("whole.json", json.dumps({"rows": OBJECTS}, indent=1).encode(), "json_document"),
        ("visits.zip", package(), "no_workbook"),
        ("visits.xlsx", package(), "no_workbook"),
        ("visits.xlsx.gz", gzip.compress(workbook()), "packed_other"),
    ],
)
def test_what_holds_no_table_says_what_it_is(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(EngineError) as refused:
        inspect_file(path)
    assert refused.value.code == code
    assert name in str(refused.value)


def test_a_file_of_records_too(tmp_path: Path) -> None:
    path = tmp_path / "units.xls"
    path.write_bytes(workbook())
    assert copy_table(path, tmp_path / "copy", most_rows=99, most_columns=9).rows == 19
    path.write_text(PAGE)
    with pytest.raises(EngineError) as refused:
        copy_table(path, tmp_path / "copy", most_rows=99, most_columns=9)
    assert refused.value.code == "markup_file"


def test_headings_in_angle_brackets_are_no_web_page(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text("<TICKER>,<DATE>\nA,2026-01-01\nB,2026-01-02\n")
    assert inspect_file(path).rows == 2
