"""Files in which the table does not begin with the first row: what is read of them, what is said, and how rows are named."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter

from calidez.engine import (
    ColumnType,
    EngineError,
    FileProfile,
    LoadReport,
    ReadOptions,
    Schema,
    Store,
    inspect_file,
    load_file,
)
from calidez.engine.sources import Turn

AWKWARD = Path(__file__).parent / "data" / "awkward"


def said(profile: FileProfile) -> dict[str, dict[str, object]]:
    return {problem.code: dict(problem.params) for problem in profile.problems}


def headings(profile: FileProfile) -> list[str]:
    return [column.source for column in profile.columns]


def loaded(
    tmp_path: Path, path: Path, options: ReadOptions | None = None, **types: ColumnType
) -> tuple[LoadReport, list[list[str]]]:
    """The report, and the rows that were refused."""
    suggested = inspect_file(path, options).suggested_schema()
    columns = [
        replace(c, type=types.get(c.name, c.type), date_order=c.date_order or "dmy", key=False)
        for c in suggested.columns
    ]
    dataset = Store(tmp_path / "store").create(f"x{len(list(tmp_path.iterdir()))}", Schema(tuple(columns)))
    needed = [column.name for column in columns]
    report = load_file(dataset, path, reject_dir=tmp_path / "rejects", options=options, needed=needed)
    if report.reject_file is None:
        return report, []
    with Path(report.reject_file).open(encoding="utf-8-sig", newline="") as file:
        return report, list(csv.reader(file))[1:]


# Workbooks


def test_a_report_with_a_title_groups_and_a_total(tmp_path: Path) -> None:
    path = AWKWARD / "01_titulo_combinadas_totales.xlsx"
    profile = inspect_file(path)
    assert headings(profile)[:4] == ["Fecha", "Sucursal", "Clientes · Atendidos", "Clientes · Perdidos"]
    assert [(row.name, row.reason) for row in profile.found.offered] == [
        ("46", "total_of_rows"),
        ("47", "footer"),
    ]
    assert said(profile)["headings_joined"] == {"rows": "4, 5"}
    assert loaded(tmp_path, path)[0].rows_loaded == 40


def test_a_total_that_somebody_keeps_is_a_row_with_its_own_number(tmp_path: Path) -> None:
    path = AWKWARD / "01_titulo_combinadas_totales.xlsx"
    report, refused = loaded(tmp_path, path, ReadOptions(leave_out=("47",)))
    assert (report.rows_loaded, report.rows_rejected) == (40, 1)
    assert refused[0][0] == "46"


def test_sheets_alike_are_one_table_and_their_rows_are_named_by_the_sheet(tmp_path: Path) -> None:
    path = AWKWARD / "09_varias_hojas.xlsx"
    profile = inspect_file(path)
    assert (profile.found.sheets, profile.rows) == (("Enero", "Febrero", "Marzo"), 60)
    assert said(profile)["sheets_beside"] == {"sheets": "Portada"}
    _report, refused = loaded(tmp_path, path, sucursal=ColumnType.NUMBER)
    assert [row[0] for row in refused][::20] == ["Enero!2", "Febrero!2", "Marzo!2"]
    one = inspect_file(path, ReadOptions(sheet="Febrero"))
    assert (one.rows, one.preview[0][0]) == (20, "2026-02-01")


def test_the_name_of_the_sheet_becomes_a_column_on_request() -> None:
    profile = inspect_file(AWKWARD / "09_varias_hojas.xlsx", ReadOptions(sheet_column="hoja"))
    assert headings(profile) == ["hoja", "Fecha", "Sucursal", "Espera"]
    assert profile.preview[0][0] == "Enero"
    with pytest.raises(EngineError) as refused:
        inspect_file(AWKWARD / "09_varias_hojas.xlsx", ReadOptions(sheets=("Portada", "Enero")))
    assert refused.value.code == "sheets_differ"


def test_hidden_sheets_wait_until_somebody_asks_for_them(tmp_path: Path) -> None:
    path = tmp_path / "hidden.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("Borrador", "Enero", "Febrero"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Sucursal", "Casos"])
            sheet.write_row(1, 0, [name, 3])
            sheet.write_row(2, 0, ["Sur", 4])
        book.worksheets()[1].activate()
        book.worksheets()[1].set_first_sheet()
        book.worksheets()[0].hide()
    profile = inspect_file(path)
    assert (profile.found.sheets, profile.found.hidden) == (("Enero", "Febrero"), ("Borrador",))
    assert inspect_file(path, ReadOptions(sheets=("Borrador",))).preview[0][0] == "Borrador"


def test_cells_merged_downwards_are_filled_and_those_across_are_said(tmp_path: Path) -> None:
    path = tmp_path / "merged.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Región", "Sucursal", "Casos", "Nota"])
        for first, region in ((1, "Caribe"), (4, "Andina")):
            sheet.merge_range(first, 0, first + 2, 0, region)
            for row in range(first, first + 3):
                sheet.write_row(row, 1, [f"S{row}", row])
        sheet.merge_range(6, 2, 6, 3, 9)
    profile = inspect_file(path)
    assert [row[0] for row in profile.preview] == ["Caribe"] * 3 + ["Andina"] * 3
    assert said(profile)["merged_down"] == {"count": 4}
    assert said(profile)["merged_across"] == {"count": 1, "rows": "7"}


def test_formulas_without_a_result_and_errors_are_said() -> None:
    formulas = said(inspect_file(AWKWARD / "formulas-some-uncalculated.xlsx"))
    assert formulas["formulas_without_result"] == {"count": 7, "cells": "C3, C5, C7, C9, C11 …"}
    assert said(inspect_file(AWKWARD / "error-cells.xlsx"))["error_cells"] == {
        "count": 1,
        "cells": "D6: #DIV/0!",
    }


def test_formulas_that_were_worked_out_are_not_said(tmp_path: Path) -> None:
    path = tmp_path / "good.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["n", "twice", "text"])
        for row in range(1, 400):
            sheet.write(row, 0, row)
            sheet.write_formula(row, 1, f"=A{row + 1}*2", None, 2 * row)
            sheet.write_formula(row, 2, '=IF(1,"x","")', None, "x")
    assert said(inspect_file(path)).keys() & {"formulas_without_result", "error_cells"} == set()


# Text


def test_a_list_of_an_old_system(tmp_path: Path) -> None:
    assert headings(inspect_file(AWKWARD / "11_sap_cabecera.tsv"))[0] == "Fe.contab."
    line, head = "-" * 36 + "\n", "|Fe.contab.|Centro  |  Importe|Mon|\n"
    page = "".join(f"|{day:02}.01.2026|Norte   |{day:6},18 |COP|\n" for day in range(13, 28))
    path = tmp_path / "list.txt"
    path.write_text("Lista\n\n" + line + head + line + page + line + head + line + page + line)
    profile = inspect_file(path)
    assert headings(profile) == ["Fe.contab.", "Centro", "Importe", "Mon"]
    assert (profile.rows, profile.preview[0]) == (30, ("13.01.2026", "Norte", "13,18", "COP"))
    _report, refused = loaded(tmp_path, path, centro=ColumnType.NUMBER)
    assert [row[0] for row in refused][::15] == ["6", "24"]


def test_a_long_report_is_cut_at_both_ends_with_its_numbers(tmp_path: Path) -> None:
    """Longer than what is looked at as a whole, with lines in its cells and empty rows between."""
    path = tmp_path / "long.csv"
    body = "".join(
        f'2026-01-{n % 28 + 1:02},"Norte\nde {n}",{n}\n' + "\n" * (n % 7 == 0) for n in range(60_000)
    )
    path.write_text(
        "Informe\n\nFecha;x,Sucursal,Casos\n" + body + "2026-01-05,Sur,mal\nTotal,,1799970000\nFuente: x\n"
    )
    profile = inspect_file(path)
    assert profile.found.heading_rows == (3,)
    assert [row.reason for row in profile.found.offered] == ["total_by_word", "footer"]
    report, refused = loaded(tmp_path, path, casos=ColumnType.NUMBER)
    assert (report.rows_loaded, report.rows_rejected) == (60_000, 1)
    assert int(refused[0][0]) == int(profile.found.offered[0].name) - 1 == 3 + 60_000 + 8572 + 1


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_rows_below_a_title_end_as_they_did(tmp_path: Path, end: str) -> None:
    path = tmp_path / "title.csv"
    path.write_bytes(end.join(["Informe", "", "día,casos", "2026-01-01,1", "2026-01-02,x", ""]).encode())
    report, refused = loaded(tmp_path, path, casos=ColumnType.NUMBER)
    assert (report.rows_loaded, refused[0][0]) == (1, "5")


@pytest.mark.parametrize("name", ["cr-cr-lf.csv", "mixed-line-ends.csv"])
def test_lines_that_end_in_different_ways_are_lines(tmp_path: Path, name: str) -> None:
    profile = inspect_file(AWKWARD / name)
    assert (profile.rows, headings(profile), "line_ends" in said(profile)) == (2, ["day", "v"], True)
    assert loaded(tmp_path, AWKWARD / name)[0].rows_loaded == 2


def test_lines_within_a_cell_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "cells.csv"
    path.write_bytes(b'day,note\r\n2026-01-01,"two\nlines"\r\n2026-01-02,one\r\n')
    profile = inspect_file(path)
    assert "line_ends" not in said(profile)
    assert profile.preview[0][1] == "two\nlines"


@pytest.mark.parametrize(
    "text",
    [
        "Este es un texto cualquiera\nque no es una tabla\n",
        "Estimados señores del banco,\nayer esperé mucho, y nadie vino.\nUn cliente que no vuelve.\nAdiós.\n",
    ],
)
def test_prose_is_no_table(tmp_path: Path, text: str) -> None:
    path = tmp_path / "letter.txt"
    path.write_text(text)
    with pytest.raises(EngineError) as refused:
        inspect_file(path)
    assert refused.value.code == "no_table"


def test_no_words_of_a_library_reach_a_page(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(b"a,b\r1,2\n3,4\r\r5,6\n")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1" + bytes(100))
    for name in ("odd.csv", "broken.parquet"):
        assert "Error" not in _refusal(tmp_path / name)


def _refusal(path: Path) -> str:
    try:
        inspect_file(path)
    except EngineError as refused:
        return str(refused)
    return ""


# Web pages and XML


def test_the_largest_table_of_a_page_is_read(tmp_path: Path) -> None:
    assert headings(inspect_file(AWKWARD / "19_xls_que_es_html.xls")) == ["fecha", "sucursal", "espera"]
    rows = "".join(
        f"<tr><td>2026-01-{n:02}</td><td>Bogot&aacute;</td><td>{n}</td><td>1</td></tr>" for n in range(1, 15)
    )
    path = tmp_path / "report.xls"
    path.write_text(
        "<html><style>td{}</style><table><tr><td>menu<td>x</table><table><tr><td colspan=4>Reporte</tr>"
        "<tr><th rowspan=2>Fecha<th rowspan=2>Sucursal<th colspan=2>Clientes</tr><tr><th>Atendidos<th>Perdidos</tr>"
        f"{rows}<tr><td>TOTAL</td><td></td><td>105</td><td>14</td></tr></table></html>"
    )
    profile = inspect_file(path)
    assert headings(profile) == ["Fecha", "Sucursal", "Clientes · Atendidos", "Clientes · Perdidos"]
    assert (profile.rows, profile.preview[0][1]) == (14, "Bogotá")
    assert [row.reason for row in profile.found.offered] == ["total_of_rows"]
    assert {"read_from_page"} <= said(profile).keys()
    assert loaded(tmp_path, path)[0].rows_loaded == 14


def workbook_xml(*sheets: str) -> str:
    mark = "urn:schemas-microsoft-com:office:spreadsheet"
    return f'<?xml version="1.0"?><Workbook xmlns="{mark}" xmlns:ss="{mark}">{"".join(sheets)}</Workbook>'


def sheet_xml(name: str, month: int) -> str:
    cell = '<Cell><Data ss:Type="{}">{}</Data></Cell>'
    head = cell.format("String", "Fecha") + cell.format("String", "Espera")
    rows = "".join(
        f"<Row>{cell.format('DateTime', f'2026-{month:02}-{n:02}T00:00:00.000')}{cell.format('Number', n)}</Row>"
        for n in range(1, 9)
    )
    broken = f"<Row>{cell.format('DateTime', '2026-01-30T08:15:00.000')}{cell.format('Error', '#N/A')}</Row>"
    return (
        f'<Worksheet ss:Name="{name}"><Table><Row ss:Index="2">{head}</Row>{rows}{broken}</Table></Worksheet>'
    )


def test_a_workbook_in_xml_is_read_like_one(tmp_path: Path) -> None:
    path = tmp_path / "book.xls"
    cover = '<Worksheet ss:Name="Portada"><Table><Row><Cell><Data ss:Type="String">Informe</Data></Cell></Row></Table></Worksheet>'
    path.write_text(workbook_xml(cover, sheet_xml("Enero", 1), sheet_xml("Febrero", 2)))
    profile = inspect_file(path)
    assert (profile.found.sheets, profile.found.heading_rows, profile.rows) == (
        ("Enero", "Febrero"),
        (2,),
        18,
    )
    assert profile.preview[8] == ("2026-01-30 08:15:00", "")
    assert said(profile)["error_cells"] == {"count": 2, "cells": "11: #N/A, 11: #N/A"}


@pytest.mark.parametrize(
    "text",
    [
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaa"><!ENTITY b "&a;&a;">]><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">&b;</Workbook>',
        "<html><body><p>A page without a table</p></body></html>",
        '<?xml version="1.0"?><feed><entry>1</entry></feed>',
    ],
)
def test_other_markup_is_refused_as_what_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "page.xls"
    path.write_text(text)
    with pytest.raises(EngineError) as refused:
        inspect_file(path)
    assert refused.value.code == "markup_file"


def test_a_span_beyond_all_tables_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "span.xls"
    path.write_text(
        "<table>" + "<tr><td colspan=99999999 rowspan=99999999>a</td><td>b</td></tr>" * 3 + "</table>"
    )
    assert len(inspect_file(path).columns) < 5000


# Turned


def test_one_column_for_each_month_is_turned(tmp_path: Path) -> None:
    path = AWKWARD / "07_una_columna_por_mes.csv"
    found = inspect_file(path).found
    assert (len(found.wide), found.by, found.year) == (12, "month", None)
    options = ReadOptions(turn=Turn(found.wide, ("mes", "valor")))
    profile = inspect_file(path, options)
    assert (profile.rows, profile.preview[1]) == (48, ("Actividad regular", "Clientes", "2025-02", "947"))
    assert loaded(tmp_path, path, options)[0].rows_loaded == 48


def test_months_without_a_year_are_given_one_and_totals_go(tmp_path: Path) -> None:
    path = tmp_path / "months.csv"
    path.write_text("Informe\n\nSucursal,Enero,Febrero,Marzo,Total\nNorte,1,2,3,6\n\nSur,4,x,,15\n")
    found = inspect_file(path).found
    assert (found.by, found.year) == ("month", 0)
    options = ReadOptions(turn=Turn(found.wide, ("mes", "valor"), 2026))
    profile = inspect_file(path, options)
    assert profile.preview == (
        ("Norte", "2026-01", "1"),
        ("Norte", "2026-02", "2"),
        ("Norte", "2026-03", "3"),
        ("Sur", "2026-01", "4"),
        ("Sur", "2026-02", "x"),
        ("Sur", "2026-03", ""),  # a figure that is missing is not one that never was
    )
    assert profile.proposed_key == ("Sucursal", "mes")  # next month's file has the same cells again
    assert said(profile)["totals_not_turned"] == {"columns": "Total"}
    _report, refused = loaded(tmp_path, path, options, valor=ColumnType.NUMBER)
    assert [row[0] for row in refused] == ["6"]


def test_rows_of_a_wide_table_without_all_their_cells_are_refused_as_ever(tmp_path: Path) -> None:
    path = tmp_path / "ragged.csv"
    path.write_text("a,b,ene-26,feb-26,mar-26\nNorte,u,1,2,3\nSur,v,1,2\nEste,w,1,2,3,4\n")
    options = ReadOptions(turn=Turn(("ene-26", "feb-26", "mar-26"), ("mes", "valor")))
    report, refused = loaded(tmp_path, path, options)
    assert (report.rows_loaded, report.reasons) == (3, {"too_few_cells": 1, "too_many_cells": 1})
    assert [row[0] for row in refused] == ["3", "4"]


def test_several_dates_of_a_case_are_steps(tmp_path: Path) -> None:
    path = tmp_path / "steps.csv"
    rows = "".join(f"C{n},2026-01-{n:02},2026-02-{n:02},2026-03-{n:02}\n" for n in range(1, 20))
    path.write_text("caso,abierto,asignado,cerrado\n" + rows)
    found = inspect_file(path).found
    assert (found.wide, found.by) == (("abierto", "asignado", "cerrado"), "step")
    turned = inspect_file(path, ReadOptions(turn=Turn(found.wide, ("paso", "fecha"))))
    assert turned.preview[1] == ("C1", "asignado", "2026-02-01")


# How it is said


def test_a_way_of_reading_goes_through_json_and_refuses_what_it_does_not_know() -> None:
    options = ReadOptions(
        heading_rows=(4, 5), leave_out=("46",), sheets=("a",), turn=Turn(("x",), ("m", "v"), 2026)
    )
    assert ReadOptions.from_json(options.to_json()) == options
    assert ReadOptions.from_json({"leave_out": [46]}).leave_out == ("46",)
    for given, code in (
        ({"heading_row": [4]}, "unknown_reading"),
        ({"heading_rows": 4}, "bad_reading"),
        ({"heading_rows": ["4"]}, "bad_reading"),
        ({"header": "yes"}, "bad_reading"),
        ({"turn": {"headings": ["x"], "names": ["m", "v"], "by": 1}}, "unknown_reading"),
        ({"turn": {"headings": []}}, "bad_reading"),
    ):
        with pytest.raises(EngineError) as refused:
            ReadOptions.from_json(given)
        assert refused.value.code == code


def test_a_heading_row_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(EngineError) as refused:
        inspect_file(path, ReadOptions(heading_rows=(7,)))
    assert refused.value.code == "no_heading_row"


def test_another_way_of_reading_is_another_batch(tmp_path: Path) -> None:
    path = AWKWARD / "01_titulo_combinadas_totales.xlsx"
    found = {loaded(tmp_path, path, options)[0].batch for options in (None, ReadOptions(leave_out=()))}
    assert len(found) == 2
