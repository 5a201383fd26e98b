"""Bad rows are found in the pass that writes the good ones, with the numbers of the file, or by a thorough second pass."""

from __future__ import annotations

import pytest

from calidez.engine import Column, ColumnType, EngineError, Role, Schema, aside, staging
from calidez.engine.bad_rows import BadRows
from calidez.engine.tests.conftest import HEADER
from calidez.engine.tests.test_loading import GOOD, adds_up, rejects, stored

WIDE = 400_000  # rows enough for several threads to have a stretch of the file each


@pytest.fixture(params=["one pass", "two passes"])
def passes(request, monkeypatch):
    """Every file is read both ways, and both must say the same."""
    if request.param == "one pass":
        second = BadRows.from_second_pass
        asked: list[int] = []
        monkeypatch.setattr(
            BadRows, "from_second_pass", lambda self, **more: asked.append(1) or second(self, **more)
        )
        yield asked
        assert not asked
    else:
        monkeypatch.setattr(aside, "LIMIT_BYTES", -1)
        monkeypatch.setattr(BadRows, "from_one_pass", lambda self, aside, noted, loaded: None)
        yield None


def said(report) -> list[tuple[str, str, str, str]]:
    return [(line["row"], line["column"], line["code"], line["value"]) for line in rejects(report)]


def test_rows_are_numbered_as_in_a_spreadsheet(visits, load, passes):
    content = (
        "\n\n"
        + HEADER
        + (  # the header is in row 3
            "2024-03-01 09:00:00,Centro,phone,soon,9,yes\n"  # 4
            "\n"
            '2024-03-01 09:00:00,"Norte,\nalto",phone,"a\nb",9,yes\n'  # 6, over three lines of text
            '"2024-03-01 09:00:00","Centro","say ""so""","1",x,yes\n'  # 7
            "\n\n"
            "2024-03-01 09:00:00,Centro,phone\n"  # 10
            '2024-03-01 09:00:00,Centro,phone,1,9,yes,"more"\n'  # 11
            "2024-03-01 09:00:00,Centro,phone,1,9,yes,more,and more\n"  # 12
            ",,,,,\n"
            '2024-03-01 09:00:00,"Cen"tro,phone,1,9,yes\n'  # 14
            "2024-03-01 09:00:00,Centro,phone,soon,9,yes\n"  # 15, as 4
        )
    )
    report = load(visits, content + GOOD)
    assert adds_up(report)
    assert (report.rows_loaded, report.rows_rejected) == (2, 8)
    assert said(report) == [
        ("4", "Waiting", "bad_number", "soon"),
        ("6", "Waiting", "bad_number", "a\nb"),
        ("7", "Score", "bad_integer", "x"),
        ("10", "", "too_few_cells", ""),
        ("11", "", "too_many_cells", "more"),
        ("12", "", "too_many_cells", "more,and more"),
        ("14", "", "bad_quotes", '2024-03-01 09:00:00,"Cen"tro,phone,1,9,yes'),
        ("15", "Waiting", "bad_number", "soon"),
    ]
    lines = rejects(report)
    assert [lines[n]["Branch"] for n in (1, 3, 5)] == ["Norte,\nalto", "Centro", "Centro"]


@pytest.mark.slow
def test_bad_rows_all_over_a_large_file_keep_their_numbers(visits, load, passes):
    """Threads read stretches of the file each, and meet its rows in an order of their own."""
    lines = [
        f"2024-03-01 09:{n // 60 % 60:02}:{n % 60:02},Branch {n % 50},phone,{n},5,yes" for n in range(WIDE)
    ]
    bad = {}
    for n in range(0, WIDE, 997):
        kind = n % 4
        lines[n] = (
            f"2024-03-01 09:00:00,Centro,phone,soon,{n},yes",
            f"2024-03-01 09:00:00,Centro,{n}",
            f"2024-03-01 09:00:00,Centro,phone,{n},5,yes,and,more",
            "2024-03-01 09:00:00,Centro,phone,never,5,yes",
        )[kind]
        bad[str(n + 2)] = ("bad_number", "too_few_cells", "too_many_cells", "bad_number")[kind]
    report = load(visits, HEADER + "\n".join(lines) + "\n")
    assert adds_up(report)
    assert (report.rows_loaded, report.rows_rejected) == (WIDE - len(bad), len(bad))
    assert {line["row"]: line["code"] for line in rejects(report)} == bad
    assert stored(visits, "count(DISTINCT waiting)") == [(WIDE - len(bad),)]


def test_columns_that_are_not_read_come_along_in_the_reject_file(store, load, passes):
    schema = Schema((Column("n", "n", ColumnType.INTEGER), Column("branch", "branch", role=Role.BRANCH)))
    dataset = store.create("few", schema)
    report = load(dataset, "note,branch,other,n\nfirst,A,,1\nsecond,A,o,x\nthird,,,\nlast,B,,2.0\n")
    assert (report.rows_read, report.rows_loaded) == (3, 2)  # what has nothing to read is no row
    assert [(line["row"], line["note"], line["other"], line["value"]) for line in rejects(report)] == [
        ("3", "second", "o", "x")
    ]


def test_a_file_with_one_column_has_empty_lines_too(store, load, passes):
    dataset = store.create("single", Schema((Column("n", "n", ColumnType.INTEGER),)))
    report = load(dataset, "n\n1\n\nx\n\n2\n")
    assert (report.rows_loaded, said(report)) == (2, [("4", "n", "bad_integer", "x")])


def test_a_row_cut_at_the_end_is_told_beside_other_bad_rows(visits, load, passes):
    content = HEADER + GOOD + "2024-03-01 11:00:00,Centro,phone,x,1,yes\n\n" + '2024-03-01 11:00:00,"Cen'
    report = load(visits, content)
    assert (report.rows_read, report.rows_loaded, report.rows_rejected) == (4, 2, 2)
    assert [(row, code) for row, _, code, _ in said(report)] == [("4", "bad_number"), ("6", "bad_quotes")]


def test_windows_line_ends_and_a_mark_change_no_number(visits, load, passes):
    content = (HEADER + GOOD + "\n2024-03-01,Centro,é,x,1,yes\n2024-03-01,Centro\n").replace("\n", "\r\n")
    report = load(visits, content.encode("utf-8-sig"))
    assert [(row, code) for row, _, code, _ in said(report)] == [("5", "bad_number"), ("6", "too_few_cells")]


def test_a_workbook_has_its_own_numbers(store, load, tmp_path):
    xlsxwriter = pytest.importorskip("xlsxwriter")
    with xlsxwriter.Workbook(tmp_path / "made.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(3, 1, ["n", "note"])
        sheet.write_row(4, 1, [1, "a"])
        sheet.write_row(6, 1, ["x", "b"])
    dataset = store.create("sheet", Schema((Column("n", "n", ColumnType.INTEGER),)))
    report = load(dataset, (tmp_path / "made.xlsx").read_bytes(), name="book.xlsx")
    assert (report.rows_loaded, said(report)) == (1, [("7", "n", "bad_integer", "x")])


def test_stray_quotes_are_left_to_the_thorough_pass(visits, load):
    content = HEADER + '2024-03-01 09:00:00,5" north,phone,1,9,yes\n' + GOOD
    content += '2024-03-01 09:00:00,Centro,phone,x,9,yes\n2024-03-01 09:00:00,5" south,phone,1,9,yes\n'
    report = load(visits, content)
    assert (report.rows_loaded, report.rows_rejected) == (4, 1)
    assert said(report) == [("5", "Waiting", "bad_number", "x")]


def test_so_many_bad_rows_that_they_are_not_kept_are_all_told(visits, load, monkeypatch):
    monkeypatch.setattr(aside, "LIMIT_BYTES", 1000)
    report = load(visits, HEADER + GOOD + "2024-03-01 09:00:00,Centro,phone,x,9,yes\n" * 5000)
    assert (report.rows_loaded, report.rows_rejected, report.reasons) == (2, 5000, {"bad_number": 5000})


def test_a_load_with_bad_rows_can_be_cancelled(visits, load, monkeypatch):
    copy = staging.Staging._copy
    stop: list[int] = []

    def copied(self, *args: object) -> int:
        found = copy(self, *args)
        stop.append(1)
        return found

    monkeypatch.setattr(staging.Staging, "_copy", copied)
    with pytest.raises(EngineError) as refusal:
        load(visits, HEADER + GOOD + "2024-03-01,Centro,phone,x,9,yes\n", cancelled=lambda: bool(stop))
    assert refusal.value.code == "cancelled"
    assert visits.rows() == 0
