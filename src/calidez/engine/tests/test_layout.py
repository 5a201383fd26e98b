"""Where the table lies: titles, headings of one or more rows, totals and sources; and nothing of it in a file that has none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calidez.engine.delimiters import detect_header
from calidez.engine.layout import Layout, find_layout, is_prose, is_table
from calidez.engine.table_rows import Merge, Row

DATA = [[f"2026-01-{day:02}", ("Norte", "Sur")[day % 2], str(day), str(day * 100)] for day in range(1, 21)]
NAMES = ["Fecha", "Sucursal", "Espera", "Monto"]
SUMS = (str(sum(range(1, 21))), str(100 * sum(range(1, 21))))


def rows(*cells: list[str]) -> list[Row]:
    return [Row(number, row) for number, row in enumerate(cells, start=1)]


def layout(*cells: list[str], merges: tuple[Merge, ...] = ()) -> Layout:
    return find_layout(rows(*cells), merges=merges)


def reasons(found: Layout) -> list[tuple[int, str]]:
    return [(out.row, out.reason) for out in found.left_out]


@pytest.mark.parametrize("titles", range(1, 9))
@pytest.mark.parametrize("between", [0, 1, 3])
@pytest.mark.parametrize("padded", [True, False])
def test_titles_above_the_headings_are_no_rows(titles: int, between: int, padded: bool) -> None:
    """A workbook pads a title with empty cells, text has only the one."""
    above = [[f"Informe {n}", *[""] * (3 if padded else 0)] for n in range(titles)]
    found = layout(*above, *([[""] * 4 if padded else []] * between), NAMES, *DATA)
    assert found.heading_rows == (titles + between + 1,)
    assert found.titles == tuple(range(1, titles + 1))
    assert found.headings == tuple(NAMES)
    assert not found.left_out


def test_parameters_of_a_report_are_titles() -> None:
    above = [["Reporte", "", "", ""], ["Desde:", "01/01/2026", "", ""], ["Hasta:", "31/01/2026", "", ""]]
    assert layout(*above, NAMES, *DATA).heading_rows == (4,)


def test_units_under_the_names_join_them() -> None:
    found = layout(["Informe", "", "", ""], [""] * 4, NAMES, ["", "", "(min)", "(COP)"], *DATA)
    assert found.heading_rows == (3, 4)
    assert found.headings == ("Fecha", "Sucursal", "Espera (min)", "Monto (COP)")


@pytest.mark.parametrize("span", [2, 3])
@pytest.mark.parametrize("told", [True, False])
def test_groups_above_the_names_join_them(span: int, told: bool) -> None:
    """As a workbook says what is merged, and as text leaves the cells empty."""
    groups = ["Enero", *[""] * (span - 1), "Febrero", *[""] * (span - 1)]
    names = ["Sucursal", *["Ventas", "Clientes", "Quejas"][:span] * 2]
    merges = (Merge(1, 1, 1, span), Merge(1, 1, span + 1, 2 * span)) if told else ()
    data = [["Norte", *map(str, range(2 * span))], ["Sur", *map(str, range(2 * span))]]
    found = layout(["", *groups], names, *data, merges=merges)
    assert found.heading_rows == (1, 2)
    assert found.headings[:3] == ("Sucursal", "Enero · Ventas", "Enero · Clientes")
    assert found.headings[-1] == f"Febrero · {names[-1]}"


def test_names_under_a_group_join_it_and_leave_its_neighbours() -> None:
    head = ["Fecha", "Sucursal", "Clientes", "", "Espera"]
    under = ["", "", "Atendidos", "Perdidos", ""]
    data = [[f"2026-01-{n:02}", "Norte", "5", "1", "3"] for n in range(1, 9)]
    assert layout(head, under, *data).headings == (
        "Fecha",
        "Sucursal",
        "Clientes · Atendidos",
        "Clientes · Perdidos",
        "Espera",
    )


@pytest.mark.parametrize("word", ["TOTAL", "Total general", "Suma", "Totales", "Grand total", "total:"])
@pytest.mark.parametrize("column", [0, 1])
def test_a_total_is_recognised_by_its_word_and_its_sum(word: str, column: int) -> None:
    total = ["", "", *SUMS]
    total[column] = word
    assert reasons(layout(NAMES, *DATA, total)) == [(22, "total_of_rows")]
    total[2:] = ["7", "8"]
    assert reasons(layout(NAMES, *DATA, total)) == [(22, "total_by_word")]


def test_subtotals_and_a_sum_without_a_name() -> None:
    first, second = DATA[:10], DATA[10:]
    half = ["Subtotal", "", str(sum(range(1, 11))), str(100 * sum(range(1, 11)))]
    other = ["Total Sur", "", str(sum(range(11, 21))), str(100 * sum(range(11, 21)))]
    found = layout(NAMES, *first, half, *second, other, ["", "", *SUMS])
    assert reasons(found) == [(12, "total_of_rows"), (23, "total_of_rows"), (24, "total_of_rows")]


def test_a_category_called_total_is_a_row() -> None:
    """As in published statistics, or as a kind of loss: there is another name or a date beside it."""
    data = [
        [f"2026-{m:02}", kind, str(m * 7 + n)]
        for m in range(1, 9)
        for n, kind in enumerate(("Total", "Parcial"))
    ]
    assert reasons(layout(["mes", "tipo", "casos"], *data)) == []


@pytest.mark.parametrize(
    "text",
    ["Fuente: sistema de turnos", "Generado el 3 de febrero de 2026", "Source: register", "20 registros"],
)
@pytest.mark.parametrize("apart", [0, 2])
def test_what_stands_below_the_table_is_no_row(text: str, apart: int) -> None:
    found = layout(NAMES, *DATA, *[[""] * 4] * apart, [text, "", "", ""])
    assert reasons(found) == [(22 + apart, "footer")]


def test_a_list_of_an_old_system_has_lines_and_headings_on_every_page() -> None:
    line = ["-" * 40]
    found = layout(["Lista"], line, NAMES, line, *DATA[:10], line, NAMES, line, *DATA[10:], line)
    assert found.heading_rows == (3,)
    assert reasons(found) == [(4, "rule"), (15, "rule"), (16, "headings_again"), (17, "rule"), (28, "rule")]


@pytest.mark.parametrize(
    "names", [["2026-01", "2026-02", "2026-03"], ["2023", "2024", "2025"], ["ene-26", "feb-26", "mar-26"]]
)
def test_periods_may_be_headings(names: list[str]) -> None:
    assert layout(["Sucursal", *names], ["Norte", "1", "2", "3"], ["Sur", "4", "5", "6"]).heading_rows == (1,)


def test_a_row_that_somebody_points_at_is_the_headings() -> None:
    found = find_layout(rows(["a", "b"], ["c", "d"], ["1", "2"]), headings=[2])
    assert (found.heading_rows, found.headings, found.first_row, found.titles) == ((2,), ("c", "d"), 3, (1,))
    assert find_layout(rows(["a", "b"], ["c", "d"]), headings=[]).heading_rows == ()


def test_the_end_of_a_long_file_is_looked_at_too() -> None:
    end = [
        Row(900 + n, row) for n, row in enumerate([*DATA, ["Total", "", "9", "9"], ["Fuente: x", "", "", ""]])
    ]
    found = find_layout(rows(NAMES, *DATA), end, whole=False)
    assert reasons(found) == [(920, "total_by_word"), (921, "footer")]


def test_a_letter_is_prose_and_a_survey_is_not() -> None:
    assert is_prose(rows(["Este es un texto cualquiera"], ["que no es una tabla"]))
    assert is_prose(
        rows(["Estimados señores del banco,"], *[["Les escribo para contarles lo que pasó."]] * 9)
    )
    assert not is_prose(rows(["¿Qué le pareció el servicio?"], *[["Muy bueno, me atendieron rápido"]] * 9))
    assert not is_prose(rows(["comentario"], *[["Muy bueno, me atendieron rápido"]] * 9))
    assert not is_table(rows(["Informe anual"], ["Preparado por Calidad"]))


# What was always read stays as it was

words = st.text("abcdefghij ", min_size=1, max_size=9).filter(str.strip)
figures = st.integers(-999, 99999).map(str)
dates = st.dates().map(str)
cells = st.sampled_from([words, figures, dates])


@st.composite
def good_tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    """Full rows under names that differ, of columns that are each of one kind."""
    kinds = draw(st.lists(cells, min_size=2, max_size=6))
    names = draw(st.lists(words, min_size=len(kinds), max_size=len(kinds), unique_by=str.strip))
    data = draw(st.lists(st.tuples(*kinds).map(list), min_size=1, max_size=30))
    return names, data


@settings(max_examples=300, deadline=None)
@given(good_tables(), st.booleans())
def test_a_good_file_is_read_as_it_always_was(table: tuple[list[str], list[list[str]]], named: bool) -> None:
    names, data = table
    all_rows = [names, *data] if named else data
    found = layout(*all_rows)
    assert found.heading_rows == ((1,) if detect_header(all_rows) else ())
    assert found.titles == ()
    assert [out for out in found.left_out if out.reason not in ("headings_again",)] == []


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.text("ab1-|.,: =%()", max_size=6), max_size=5), max_size=25))
def test_no_rows_are_beyond_it(table: list[list[str]]) -> None:
    found = find_layout(rows(*table))
    numbers = {n for n, row in enumerate(table, start=1)}
    assert {*found.heading_rows, *found.titles, *(out.row for out in found.left_out)} <= numbers
