"""What a file holds is found from its bytes; what cannot be known is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from calidez.engine import Role, inspect_file
from calidez.engine.delimiters import detect_delimiter, detect_header
from calidez.engine.encodings import detect_encoding

DATA = Path(__file__).parent / "data"
# Larger public files may lie beside the checkout; what they show is also tested on excerpts that travel with it.
BESIDE = Path(__file__).parents[5] / "shared" / "data"
NHS = BESIDE / "emergency" / "v6framework_230831.csv"


def looked(tmp_path: Path, text: str | bytes, **more: object):
    path = tmp_path / "file.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return inspect_file(path, **more)  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("days", "orders", "ambiguous"),
    [
        (["01/02/2024", "03/04/2024"], ("dmy", "mdy"), True),
        (["01/02/2024", "13/04/2024"], ("dmy",), False),
        (["01/02/2024", "04/13/2024"], ("mdy",), False),
        (["2024-01-02", "2024-12-13"], ("ymd",), False),
        (["01/02/2024", "2024-05-06"], ("dmy", "mdy"), True),
    ],
)
def test_the_order_of_day_and_month_is_told_only_when_every_date_tells_it(days, orders, ambiguous, tmp_path):
    for clock, kind in (("", "date"), (" 10:30", "timestamp")):
        profile = looked(tmp_path, "Fecha,n\n" + "".join(f"{day}{clock},{n}\n" for n, day in enumerate(days)))
        column = profile.column("Fecha")
        assert (column.type, column.date_orders, column.ambiguous) == (kind, orders, ambiguous)
        assert ("ambiguous_dates" in {problem.code for problem in profile.problems}) == ambiguous
        assert (column.column().date_order is None) == ambiguous


def test_several_formats_in_one_column_are_pointed_at(tmp_path):
    days = ["13/01/2024", "14/01/2024", "01/15/2024", "2024-01-16"] * 5
    profile = looked(tmp_path, "day,n\n" + "".join(f"{day},{n}\n" for n, day in enumerate(days)))
    column = profile.column("day")
    assert (column.type, column.misfits) == ("date", 5)
    assert "mixed_dates" in {problem.code for problem in profile.problems}


@pytest.mark.parametrize(
    ("cells", "kind", "decimal"),
    [
        (["12,5", "10,25", "9,75"], "number", ","),
        (["1.200,5", "10,25", "-9,75"], "number", ","),
        (["12,5", "10,25", "hacia las diez"], "text", "."),
        (["1.200", "2.300", "10.400"], "integer", ","),
    ],
)
def test_numbers_with_comma_decimals_are_numbers_and_no_dates(cells, kind, decimal, tmp_path):
    profile = looked(
        tmp_path, "Fecha;Espera\n" + "".join(f"2024-01-0{n};{c}\n" for n, c in enumerate(cells, 1))
    )
    column = profile.column("Espera")
    assert (str(column.type), column.decimal) == (kind, decimal)
    assert not {problem.code for problem in profile.problems} & {"ambiguous_dates", "mixed_dates"}


def test_types_roles_and_the_counts_of_a_plain_file(tmp_path):
    rows = "".join(
        f"T-{n},2024-01-{n % 28 + 1:02},Centro {n % 3},{'phone' if n % 2 else 'chat'},{n / 7:.3f},{n},{'sí' if n % 2 else 'no'},"
        f"{n:05},NA\n"
        for n in range(100)
    )
    profile = looked(tmp_path, "Ticket,Fecha,Sucursal,Canal,Espera,Nota,Resuelto,CP,Vacía\n" + rows)
    found = {column.source: (str(column.type), str(column.suggested_role)) for column in profile.columns}
    assert found == {
        "Ticket": ("text", "key"),
        "Fecha": ("date", "time"),
        "Sucursal": ("text", "branch"),
        "Canal": ("text", "segment"),
        "Espera": ("number", "value"),
        "Nota": ("integer", "value"),
        "Resuelto": ("boolean", "segment"),
        "CP": ("text", "segment"),  # leading zeros: a code
        "Vacía": ("text", "ignore"),
    }
    assert (profile.rows, profile.exact, profile.repeated_rows) == (100, True, 0)
    assert profile.proposed_key == ("Ticket",)
    assert profile.column("Vacía").empty == 100
    assert profile.column("CP").constant_width == 5
    assert len(profile.preview) == 50
    assert profile.preview[0][:2] == ("T-0", "2024-01-01")


def test_formulas_ragged_and_repeated_rows_are_pointed_at(tmp_path):
    profile = looked(tmp_path, "name,n\n=1+1,1\nAna,2\nAna,2\nLuis\n")
    problems = {problem.code: problem.params for problem in profile.problems}
    assert problems["formulas"] == {"column": "name"}
    assert problems["ragged_rows"] == {"count": 1}
    assert problems["repeated_rows"] == {"count": 1}
    assert "run as a formula" in str(next(p for p in profile.problems if p.code == "formulas"))


def test_the_excerpt_of_the_airport_gets_a_key_that_counts_every_row_once():
    profile = inspect_file(DATA / "airport_passengers.csv")
    assert profile.repeated_rows == 29
    assert profile.column("activity_period").suggested_role is Role.TIME
    assert {"activity_period", "activity_type_code"} <= set(profile.proposed_key)
    assert "passenger_count" not in profile.proposed_key


def test_a_log_with_moments_and_no_repeats_gets_no_key(tmp_path):
    rows = "".join(f"2024-01-01 10:{n:02}:00,Centro,{n % 7}\n" for n in range(60))
    assert looked(tmp_path, "at,branch,wait\n" + rows).proposed_key == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings_are_detected(encoding):
    sample = ("Fecha,Sucursal\n" + "2024-01-01,Peñón de Añil\n" * 50).encode(encoding)
    assert detect_encoding(sample, whole=True) == encoding


def test_a_character_cut_at_the_end_of_the_sample_is_no_other_encoding():
    sample = ("añ" * 100).encode()[:-1]
    assert detect_encoding(sample, whole=False) == "utf-8"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_detected(delimiter):
    rows = [["name", "amount", "when"], ["Ana, Luis", "1,5", "10:30:00"], ['say "x"', "2,5", "11:30:00"]]
    text = "\n".join(
        delimiter.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows
    )
    assert detect_delimiter(text) == delimiter


def test_headers_are_told_from_data():
    assert detect_header([["a", "b"], ["1", "2"]])
    assert detect_header([["name", "2019", "x"], ["Ana", "1", "2"]])
    assert not detect_header([["2024-01-01", "Centro", "5"], ["2024-01-02", "Norte", "6"]])
    assert not detect_header([["1", "2"], ["3", "4"]])


@pytest.mark.skipif(not NHS.exists(), reason="the survey is not here")
def test_a_real_survey_with_two_ways_of_writing_dates():
    profile = inspect_file(NHS)
    assert profile.rows == 7908
    assert profile.column("Date").misfits > 0
    assert profile.proposed_key == ("Comment ID",)
