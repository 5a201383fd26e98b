"""Cells as people write them: what each is read as, and what is no date, number or stretch of time."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from calidez.engine import (
    Column,
    ColumnType,
    EngineError,
    Role,
    Schema,
    inspect_file,
    load_file,
    validate_file,
)
from calidez.engine.date_forms import MONTHS, day_in
from calidez.engine.parsing import affixed, boolean, duration, is_missing, number
from calidez.engine.written_dates import day, moment, moment_of_parts, time_of_day

MISSING_WORDS = [
    "",
    "N/A",
    "n.d.",
    "N/D",
    "#N/D",
    "nd",
    "s/d",
    "sin dato",
    "No aplica",
    "?",
    "-",
    "—",
    "..",
    "NULL",
]


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as opened:
        yield opened


def read(connection, expression: str, *cells: str):
    names = ", ".join(f"? AS v{n}" for n in range(len(cells)))
    found = connection.execute(
        f"SELECT CAST(({expression}) AS VARCHAR) FROM (SELECT {names})", cells
    ).fetchone()
    return found[0]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("2024-01-05", "2024-01-05"),
        ("20240105", "2024-01-05"),
        ("5/1/2024", "2024-01-05"),
        ("15 de enero de 2024", "2024-01-15"),
        ("lunes, 15 de enero de 2024", "2024-01-15"),
        ("15-ene-2024", "2024-01-15"),
        ("15-ago-24", "2024-08-15"),
        ("05JAN2024", "2024-01-05"),
        ("Jan 5, 2024", "2024-01-05"),
        ("1st Feb 2024", "2024-02-01"),
        ("ene-24", "2024-01-01"),
        ("Aug 2022", "2022-08-01"),
        ("sept. 2024", "2024-09-01"),
        ("enero de 2024", "2024-01-01"),
        ("2024-ene", "2024-01-01"),
        ("07_2015", "2015-07-01"),
        ("7/2015", "2015-07-01"),
        ("2024-W05", "2024-01-29"),
        ("2024-Q2", "2024-04-01"),
        ("T3 2024", "2024-07-01"),
        ("1T2024", "2024-01-01"),
        ("2024 1 15", "2024-01-15"),
        ("31-feb-2024", None),
        ("13/2024", None),
        ("2024", None),
        ("260105", None),
        ("ABC 12", None),
        ("15 foo 2024", None),
        ("2024-W60", None),
        ("T5 2024", None),
    ],
)
def test_days_are_read_in_the_forms_that_people_write(connection, cell, found):
    assert read(connection, day("v0", "dmy"), cell) == found


@pytest.mark.parametrize(
    ("form", "cell", "found"),
    [
        ("YYMMDD", "260105", "2026-01-05"),
        ("YYMMDD", "261305", None),
        ("DDMMAAAA", "05012026", "2026-01-05"),
        ("dd.mm.yy", "5.1.26", "2026-01-05"),
        ("DD-MMM-YY", "05-ene-26", "2026-01-05"),
        ("year", "2024", "2024-01-01"),
        ("serial", "45292", "2024-01-01"),
        ("unix", "1704067200", "2024-01-01"),
        ("unix_ms", "1704067200123", "2024-01-01"),
    ],
)
def test_a_form_that_is_said_is_followed_and_shown_as_it_is_read(connection, form, cell, found):
    assert read(connection, day("v0", "ymd", form), cell) == found
    shown = day_in(cell, form)
    assert (shown.isoformat() if shown else None) == found


@pytest.mark.parametrize("form", ["DD/MM", "banana", "YYYY", "mm:ss", "YYYY-MM-DD YYYY"])
def test_a_form_without_year_and_month_is_refused(form):
    with pytest.raises(EngineError) as refused:
        Column("day", "day", ColumnType.DATE, form=form)
    assert refused.value.code == "bad_date_form"


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("05/01/2026 01:33 p. m.", "2026-01-05 13:33:00+00"),
        ("5/1/2026 2:30PM", "2026-01-05 14:30:00+00"),
        ("15 de enero de 2024, 2:30 p. m.", "2024-01-15 14:30:00+00"),
        ("15 de enero de 2024 a las 14:30", "2024-01-15 14:30:00+00"),
        ("05JAN2024:14:30:00", "2024-01-05 14:30:00+00"),
        ("2024-01-05T10:00:00-05:00", "2024-01-05 15:00:00+00"),
        ("15 ene 2024 14:30 h", "2024-01-15 14:30:00+00"),
        ("2026/10/01 2:19:40 a. m. GMT-5", "2026-10-01 07:19:40+00"),  # as a form's answers are exported
        ("2026/10/01 2:19:40 PM GMT-5", "2026-10-01 19:19:40+00"),
        ("2026/10/01 2:19:40 p.\u00a0m. GMT+5:30", "2026-10-01 08:49:40+00"),
        ("2026-10-01 14:00 GMT", "2026-10-01 14:00:00+00"),
        ("2026-10-01 14:00 UTC", "2026-10-01 14:00:00+00"),
        ("01/10/2026 14:00:10 -0500", "2026-10-01 19:00:10+00"),
        ("01/10/2026 14:00 UTC+2", "2026-10-01 12:00:00+00"),
        ("1 oct 2026 14:00 GMT-5", "2026-10-01 19:00:00+00"),
        ("Thu, 15 Jan 2026 10:23:11 GMT", "2026-01-15 10:23:11+00"),
        ("2026/10/01 25:19:40 GMT-5", None),
        ("01-10-2026", "2026-10-01 00:00:00+00"),
        ("15 ene 2024 25:30", None),
    ],
)
def test_moments_are_read_with_their_clock(connection, cell, found):
    assert read(connection, moment("v0", "dmy", "UTC"), cell) == found


@pytest.mark.parametrize(
    ("clock", "found"),
    [
        ("14:30", "2026-01-05 19:30:00+00"),
        ("2:30 p. m.", "2026-01-05 19:30:00+00"),
        ("930", "2026-01-05 14:30:00+00"),
        ("143005", "2026-01-05 19:30:05+00"),
        ("0.5", "2026-01-05 17:00:00+00"),
        ("25:00", None),
        ("", None),
    ],
)
def test_a_day_and_a_time_of_two_columns_are_one_moment(connection, clock, found):
    told = moment_of_parts("v0", "v1", "ymd", "America/Bogota", "YYMMDD")
    assert read(connection, told, "260105", clock) == found


@given(minute=st.integers(0, 24 * 60 - 1))
def test_every_minute_of_a_day_is_read_in_both_clocks(minute):
    at = dt.time(minute // 60, minute % 60)
    with duckdb.connect() as connection:
        for written in (f"{at:%H:%M}", f"{at:%I:%M} {'p. m.' if at.hour >= 12 else 'a. m.'}", f"{at:%H%M}"):
            assert int(read(connection, time_of_day("v0"), written)) == minute * 60_000_000


@given(found=st.dates(dt.date(1970, 1, 1), dt.date(2068, 12, 31)), names=st.integers(0, 1))
def test_every_day_written_with_its_month_by_name_is_that_day(found, names):
    name = MONTHS[found.month - 1][names]
    with duckdb.connect() as connection:
        for written in (
            f"{found.day} de {name} de {found.year}",
            f"{found.day:02}-{name}-{found.year % 100:02}",
            f"{name.title()} {found.day}, {found.year}",
        ):
            assert read(connection, day("v0", "ymd"), written) == found.isoformat()


@pytest.mark.parametrize(
    ("cell", "comma", "point"),
    [
        ("1.141,18-", "-1141.18", None),
        ("1,141.18-", None, "-1141.18"),
        ("(1.200,5)", "-1200.5", None),
        ("5-", "-5.0", "-5.0"),
        ("- 5", None, None),
        ("5-6", None, None),
    ],
)
def test_a_minus_may_stand_behind(connection, cell, comma, point):
    assert (read(connection, number("v0", ","), cell), read(connection, number("v0"), cell)) == (comma, point)


@pytest.mark.parametrize(
    ("cell", "affix", "found"),
    [
        ("93,5 %", "%", "93.5"),
        ("93,5%", "%", "93.5"),
        ("0", "%", "0.0"),
        ("0,93", "%", None),  # might be a share of one
        ("12 min", "min", "12.0"),
        ("12", "min", "12.0"),
        ("$ 1.200,50", "$", "1200.5"),
        ("-$5", "$", "-5.0"),
        ("12 km", "min", None),
    ],
)
def test_numbers_are_read_with_the_sign_beside_them(connection, cell, affix, found):
    assert read(connection, affixed("v0", ",", affix), cell) == found


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("00:03:15", 195),
        ("27:30:00", 99_000),
        ("2 days 03:00:00", 183_600),
        ("1.02:03:04", 93_784),
        ("PT3M15S", 195),
        ("3 min 15 s", 195),
        ("1h", 3600),
        ("3,5 h", 12_600),
        ("-0:00:10", -10),
        ("1:02:03.5", 3723.5),
        ("5:30", None),
        ("0:75:00", None),
        ("abc", None),
        ("", None),
    ],
)
def test_stretches_of_time_are_seconds(connection, cell, seconds):
    found = read(connection, duration("v0"), cell)
    assert (None if found is None else float(found)) == seconds


def test_two_parts_are_hours_or_minutes_as_somebody_says(connection):
    assert float(read(connection, duration("v0", "duration_hm"), "5:30")) == 19_800
    assert float(read(connection, duration("v0", "duration_ms"), "5:30")) == 330


@given(seconds=st.integers(0, 400_000))
def test_every_stretch_of_time_is_read_as_it_is_written(seconds):
    written = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    with duckdb.connect() as connection:
        assert float(read(connection, duration("v0"), written)) == seconds


@pytest.mark.parametrize("word", MISSING_WORDS)
def test_what_stands_for_nothing_is_nothing(connection, word):
    assert read(connection, is_missing("v0"), word) == "true"


@pytest.mark.parametrize("word", ["0", "no", "#REF!", "#DIV/0!", "#¡VALOR!", "ninguno 3", "1", "sí"])
def test_errors_and_words_that_say_something_are_not_nothing(connection, word):
    assert read(connection, is_missing("v0"), word) == "false"


@pytest.mark.parametrize("word", ["sí", "Si", "SÍ", "si", "Yes", "x", "verdadero"])
def test_yes_is_yes_in_every_accent(connection, word):
    assert read(connection, boolean("v0"), word) == "true"


# What is proposed


def looked(tmp_path: Path, text: str):
    path = tmp_path / "file.csv"
    path.write_text(text)
    return inspect_file(path)


def column_of(tmp_path: Path, header: str, cells: list[str], *, beside: str = ""):
    rows = "".join(f'2026-01-{n % 28 + 1:02},"{cell}"\n' for n, cell in enumerate(cells))
    return looked(tmp_path, f"{beside or 'día'},{header}\n{rows}").column(header)


def test_the_type_that_takes_every_cell_wins(tmp_path):
    late = column_of(tmp_path, "wait", [str(n) for n in range(990)] + ["3.5"] * 5)
    assert (late.type, late.misfits) == (ColumnType.NUMBER, 0)
    codes = column_of(tmp_path, "room", [str(n) for n in range(990)] + ["12A"])
    assert (codes.type, codes.misfits) == (ColumnType.TEXT, 0)
    words = column_of(tmp_path, "wait", [f"{n}.5" for n in range(990)] + ["pending"])
    assert (words.type, words.misfits, words.misfit_samples) == (ColumnType.NUMBER, 1, ("pending",))


def test_durations_percentages_and_what_stands_for_nothing_are_found(tmp_path):
    waited = column_of(tmp_path, "espera", ["00:03:15", "01:00:00", "27:00:00"])
    assert (waited.type, waited.form, waited.unit) == (ColumnType.NUMBER, "duration", "s")
    two = column_of(tmp_path, "espera", ["3:15", "12:40"])
    assert (two.type, two.ambiguous, two.forms) == (ColumnType.NUMBER, True, ("duration_hm", "duration_ms"))
    share = column_of(tmp_path, "cumplimiento", ["93,5 %", "90 %", "n.d."])
    assert (share.type, share.form, share.unit, share.markers) == (ColumnType.NUMBER, "%", "%", ("n.d.",))
    score = column_of(tmp_path, "puntaje", ["1", "2", "5", "-99", "4", "-99"])
    assert (score.type, score.nothing) == (ColumnType.INTEGER, ("-99", 2))
    assert column_of(tmp_path, "puntaje", ["1", "2", "-5", "-99"]).nothing is None
    yes = column_of(tmp_path, "resuelto", ["sí", "si", "Sí", "NO", "no"])
    assert yes.type is ColumnType.BOOLEAN


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("fecha", ["990101", "991231"], (ColumnType.DATE, "YYMMDD", ())),
        ("fecha", ["260105", "260106"], (ColumnType.DATE, "", ("YYMMDD", "DDMMYY"))),
        ("creado", ["1704067200", "1704153600"], (ColumnType.INTEGER, "", ())),
        ("created", ["1704067200", "1704153600"], (ColumnType.TIMESTAMP, "unix", ())),
        ("fecha", ["45292", "45293"], (ColumnType.DATE, "serial", ())),
        ("f_alta", ["20240105", "20240106"], (ColumnType.DATE, "", ())),
        ("año", ["2023", "2024"], (ColumnType.DATE, "", ("year",))),
        ("pedidos", ["2023", "2024"], (ColumnType.INTEGER, "", ())),
    ],
)
def test_digits_are_dates_where_the_heading_says_so(header, cells, expected, tmp_path):
    rows = "".join(f"{cell},{n}\n" for n, cell in enumerate(cells))
    column = looked(tmp_path, f"{header},n\n{rows}").column(header)
    assert (column.type, column.form, column.forms) == expected


def test_a_date_in_parts_is_put_together(tmp_path):
    profile = looked(tmp_path, "año,mes,n\n2024,enero,1\n2024,febrero,2\n")
    assert (profile.column("año").joined, profile.column("año").suggested_role) == (("mes",), Role.TIME)
    profile = looked(tmp_path, "date,hora,n\n2024-01-05,14:30,1\n2024-01-06,09:15,2\n")
    date = profile.column("date")
    assert (date.joined, date.type, profile.column("hora").suggested_role) == (
        ("hora",),
        ColumnType.TIMESTAMP,
        Role.IGNORE,
    )


# What becomes of a cell that cannot be read

SEEN = Schema(
    (
        Column("day", "day", ColumnType.DATE, Role.TIME, date_order="ymd"),
        Column("branch", "branch", ColumnType.TEXT, Role.BRANCH),
        Column("wait", "wait", ColumnType.NUMBER),
        Column("score", "score", ColumnType.INTEGER, missing=("-99", "Pendiente")),
    )
)


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_bad_cell_is_left_empty_and_its_row_stays(store, load, ending):
    rows = [
        ("2026-01-01", "A", "3", "1"),
        ("2026-01-02", "A", "soon", "-99"),
        ("x", "A", "4", "pendiente"),
        ("2026-01-03", "B", "", "2,5"),
    ]
    if ending == "csv":
        text = "day,branch,wait,score\n" + "".join(",".join(f'"{c}"' for c in row) + "\n" for row in rows)
    else:
        text = "".join(
            f'{{"day": "{d}", "branch": "{b}", "wait": "{w}", "score": "{s}"}}\n' for d, b, w, s in rows
        )
    report = load(store.create("seen", SEEN), text, f"file.{ending}", needed=())
    assert (report.rows_read, report.rows_loaded, report.rows_rejected, report.rows_with_gaps) == (4, 3, 1, 2)
    assert report.reasons == {"bad_date": 1}
    assert {(c.column, c.code, c.count, c.samples) for c in report.emptied_cells} == {
        ("wait", "bad_number", 1, ("soon",)),
        ("score", "bad_integer", 1, ("2,5",)),
    }
    assert report.emptied_file
    assert "soon" in report.emptied_file.read_text()
    with duckdb.connect() as connection:
        held = connection.execute(
            f"SELECT wait, score FROM {store.open('seen').source()} ORDER BY day"
        ).fetchall()
    assert held == [(3.0, 1), (None, None), (None, None)]


def test_what_an_indicator_needs_costs_the_row(store, load):
    text = "day,branch,wait,score\n2026-01-01,A,3,1\n2026-01-02,A,soon,bad\n"
    report = load(store.create("seen", SEEN), text, needed=("wait",))
    assert (report.rows_loaded, report.rows_rejected) == (1, 1)
    assert [(c.column, c.code, c.samples) for c in report.rejected_cells] == [
        ("wait", "bad_number", ("soon",))
    ]


def test_with_a_key_the_cells_left_empty_are_told_too(store, load):
    keyed = Schema((*SEEN.columns[:3], Column("id", "id", ColumnType.INTEGER, Role.KEY)))
    text = "day,branch,wait,id\n2026-01-01,A,3,1\n\n2026-01-02,A,soon,2\n2026-01-02,A,4,x\n"
    report = load(store.create("seen", keyed), text, needed=())
    assert (report.rows_loaded, report.rows_rejected, report.rows_with_gaps) == (2, 1, 1)
    assert report.emptied_file
    assert report.emptied_file.read_text().splitlines()[1].startswith("4,wait,bad_number")


def test_so_many_bad_cells_that_they_are_not_kept_are_all_told(store, load, monkeypatch):
    from calidez.engine import aside

    monkeypatch.setattr(aside, "LIMIT_BYTES", 1000)
    rows = "".join(f"2026-01-{n % 28 + 1:02},A,{'soon' if n % 2 else n},1\n" for n in range(4000))
    report = load(store.create("seen", SEEN), "day,branch,wait,score\n" + rows, needed=())
    assert (report.rows_loaded, report.rows_with_gaps) == (4000, 2000)
    assert report.emptied_file
    assert report.emptied_file.read_text().splitlines()[1].startswith("3,wait,")


def test_a_day_that_holds_for_all_rows_is_theirs(tmp_path, store):
    survey = Schema(
        (
            Column("date", "", ColumnType.DATE, Role.TIME, date_order="ymd", constant="2026-03-31"),
            Column("score", "score", ColumnType.INTEGER),
        )
    )
    path = tmp_path / "survey.csv"
    path.write_text("score\n5\n4\n")
    report = load_file(store.create("survey", survey), path, reject_dir=tmp_path)
    assert (report.rows_loaded, report.time_from) == (2, dt.datetime(2026, 3, 31, tzinfo=dt.UTC))


def test_a_reading_without_new_ways_is_the_batch_that_it_was(tmp_path):
    plain = Column("wait", "wait", ColumnType.NUMBER).to_json()
    assert not {"form", "missing", "joined", "constant"} & plain.keys()
    told = Column("wait", "wait", ColumnType.NUMBER, form="%", missing=("x",))
    assert Column.from_json(told.to_json()) == told


# Rows that the dataset has already, where no key tells


def test_a_file_that_goes_on_from_the_last_one_adds_what_is_new(store, load, tmp_path):
    dataset = store.create("seen", SEEN)
    first = "day,branch,wait,score\n2026-01-01,A,3,1\n2026-01-01,A,3,1\n2026-01-02,A,4,1\n"
    load(dataset, first)
    path = tmp_path / "more.csv"
    path.write_text(first + "2026-01-02,A,4,1\n2026-01-03,A,5,1\n")
    checked = validate_file(dataset, path, SEEN, reject_dir=tmp_path)
    assert (checked.rows_loaded, checked.rows_alike) == (5, 3)
    skipping = validate_file(dataset, path, SEEN, reject_dir=tmp_path, skip_alike=True)
    assert (skipping.rows_loaded, skipping.rows_known, skipping.rows_alike) == (2, 3, 0)
    loaded = load_file(dataset, path, reject_dir=tmp_path, skip_alike=True)
    assert (loaded.rows_loaded, loaded.rows_known, dataset.rows()) == (2, 3, 5)
    later = tmp_path / "later.csv"
    later.write_text("day,branch,wait,score\n2026-02-01,A,3,1\n")
    assert validate_file(dataset, later, SEEN, reject_dir=tmp_path).rows_alike == 0


# Keys


def test_alike_visits_are_no_repeated_rows(tmp_path):
    rows = "".join(f"2026-01-{n % 28 + 1:02},{n * 7 % 20}\n" for n in range(2000))
    profile = looked(tmp_path, "day,wait\n" + rows)
    assert (profile.repeated_rows, profile.proposed_key) == (1860, ())


def test_answers_of_a_survey_are_no_repeated_rows(tmp_path):
    rows = "".join(
        f"2026-0{n % 3 + 1}-01,{'NSEW'[n % 4]},Region {n % 4 // 2},{n * n % 5 + 1},{n // 7 % 5 + 1}\n"
        for n in range(900)
    )
    assert looked(tmp_path, "mes,sucursal,región,trato,rapidez\n" + rows).proposed_key == ()


def test_a_file_written_twice_is_told_from_chance(tmp_path):
    lines = [f"2026-01-{n % 28 + 1:02},Branch {n % 7},{n * 37 % 991}\n" for n in range(300)]
    profile = looked(tmp_path, "day,branch,wait\n" + "".join(lines + lines[:200]))
    assert profile.repeated_rows == 200
    assert profile.proposed_key


def test_uniqueness_in_a_few_rows_is_no_key(tmp_path):
    assert looked(tmp_path, "fecha,espera\n2026-01-01,3\n2026-01-02,4\n2026-01-03,5\n").proposed_key == ()


# Workbooks


def test_stretches_of_time_of_a_workbook_keep_their_kind(tmp_path):
    path = tmp_path / "waits.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, beyond = book.add_worksheet(), book.add_format({"num_format": "[h]:mm:ss"})
        clock = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["día", "espera"])
        for n, days in enumerate((0.5, 27.5 / 24, 195 / 86_400), start=1):
            sheet.write_datetime(n, 0, dt.datetime(2026, 1, n), clock)
            sheet.write_number(n, 1, days, beyond)
    column = inspect_file(path).column("espera")
    assert (column.type, column.form, column.unit) == (ColumnType.NUMBER, "duration", "s")
    assert set(column.samples) == {"12:00:00", "27:30:00", "0:03:15"}


def test_where_every_column_tells_repeats_a_cell_that_cannot_be_read_costs_no_row(store, load):
    columns = (
        Column("day", "day", ColumnType.DATE, Role.TIME, date_order="ymd", key=True),
        Column("wait", "wait", ColumnType.NUMBER, key=True),
        Column("note", "note", key=True),
    )
    text = "day,wait,note\n2026-01-01,5,a\n2026-01-01,5,a\n2026-01-02,did not come,b\n2026-01-02,,c\n"
    report = load(store.create("visits", Schema(columns)), text, "visits.csv", needed=())
    assert (report.rows_loaded, report.rows_repeated, report.rows_rejected) == (3, 1, 0)
    assert [cell.count for cell in report.emptied_cells] == [1]
