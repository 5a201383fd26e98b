"""Expressions say what they mean on data, and refuse what they do not understand with its place."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st

from calidez.engine import (
    Column,
    ColumnType,
    ExpressionError,
    Role,
    Schema,
    ValueType,
    canonical,
    columns_of,
    parse_expression,
)
from calidez.engine.dialects import DIALECTS
from calidez.engine.expressions.compiling import Compiler

SCHEMA = Schema(
    (
        Column("opened", "opened", ColumnType.TIMESTAMP, Role.TIME, date_order="ymd"),
        Column("closed", "closed", ColumnType.TIMESTAMP, date_order="ymd"),
        Column("day", "day", ColumnType.DATE, date_order="ymd"),
        Column("branch", "branch", role=Role.BRANCH),
        Column("waiting", "waiting", ColumnType.NUMBER),
        Column("score", "score", ColumnType.INTEGER),
        Column("solved", "solved", ColumnType.BOOLEAN),
    )
)
ROW = """SELECT TIMESTAMPTZ '2024-03-01 22:30:00+00' AS opened, TIMESTAMPTZ '2024-03-01 23:15:30+00' AS closed,
    DATE '2024-02-29' AS day, 'Peñón ''Sur''' AS branch, 12.5::DOUBLE AS waiting, 7::BIGINT AS score, NULL::BOOLEAN AS solved"""


def compiled(text: str, dialect: str = "duckdb", zone: str = "UTC") -> str:
    return Compiler(DIALECTS[dialect], zone).sql(parse_expression(text, SCHEMA)).sql(dialect=dialect)


def value(text: str, zone: str = "UTC") -> object:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.sql(f"SELECT {compiled(text, zone=zone)} FROM ({ROW})").fetchall()[0][0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3 - 4 / 8", 6.5),
        ("-(2 + 1) * 2", -6),
        ("7 / 2", 3.5),
        ("score / 0", None),
        ("score % 0", None),
        ("-7 % 3", 2),
        ("score * 1000000000 * 1000000000 * 1000000000", 7e27),
        ("round(2.5)", 3),
        ("round(-2.5)", -3),
        ("round(12.345, 1)", 12.3),
        ("abs(-3) + floor(1.9) + ceil(1.1)", 6),
        ("least(3, null, 2) + greatest(waiting, 20)", 22),
        ("coalesce(null, score, 1)", 7),
        ("nullif(score, 7) is null", True),
        ("waiting <= 12.5 and score > 6", True),
        ("not (waiting < 10 or score = 7)", False),
        ("score in (1, 7) and branch not in ('Norte')", True),
        ("score between 7 and 8 and score not between 8 and 9", True),
        ("branch like 'Pe%' and branch not like '_x%'", True),
        ("branch like 'Pe__n%S_r_' and branch like '%ñ%''_u%' and not branch like 'P.*'", True),
        ("'a.b (c) #-d' like 'a.b (_)%d' and not 'axb' like 'a.b%_'", True),
        (f"'{'a' * 2000}' like '%_%_%_%_%_b'", False),  # by trying every place it would take years
        ("branch = 'Peñón ''Sur'''", True),
        ("length(branch) + length(trim(' a '))", 12),
        ("lower(branch) = 'peñón ''sur''' and upper('ñ') = 'Ñ'", True),
        ("solved is null and not solved is not null", True),
        ("solved is true or solved is false", False),
        ("solved = true", None),
        ("case when waiting > 10 then 'late' when waiting > 5 then 'near' end", "late"),
        ("case when solved then 1 else score end", 7),
        ("year(day) * 10000 + month(day) * 100 + day(day)", 20240229),
        ("quarter(day) + weekday(day)", 5),
        ("hour(opened) * 100 + minute(opened)", 2230),
        ("minutes_between(opened, closed)", 45.5),
        ("seconds_between(opened, closed) + hours_between(opened, closed)", 2730 + 45.5 / 60),
        ("days_between(day, date '2024-03-02')", 2),
        (
            "day = '2024-02-29' and opened > '2024-03-01' and opened < timestamp '2024-03-01T23:00:00+00:00'",
            True,
        ),
        ("day < opened", True),
        ('"score" = 7 AND Score = 7', True),
        ("1e2 + .5", 100.5),
    ],
)
def test_values(text, expected):
    found = value(text)
    assert found == (pytest.approx(expected) if isinstance(expected, float) else expected)


def test_parts_of_a_moment_are_on_the_clock_of_the_zone():
    assert value("hour(opened)", zone="Europe/Madrid") == 23
    assert value("day(opened) + hour(opened)", zone="Asia/Kolkata") == 2 + 4


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("", "expression_empty", 0),
        ("waiting <", "unexpected_end", 9),
        ("waiting < < 3", "unexpected_token", 10),
        ("wait < 3", "unknown_column_near", 0),
        ("elsewhere < 3", "unknown_column", 0),
        ("branch = AGENT", "unquoted_text", 9),
        ("branch in ('a', NO ANSWER)", "unquoted_text", 16),
        ("score in (1,5, 2)", "ambiguous_comma", 10),
        ("waiting <= 1.234,5", "unexpected_token", 16),
        ("score + sqrt(2)", "unknown_function", 8),
        ("abs(1, 2)", "wrong_arguments", 0),
        ("round(waiting, score)", "wrong_arguments", 0),
        ("branch + 1", "wrong_type", 7),
        ("branch > 3", "wrong_type", 7),
        ("solved < true", "wrong_type", 7),
        ("score and solved", "wrong_type", 10),
        ("branch like 'a\\b'", "unexpected_character", 12),
        ("score; drop table x", "unexpected_character", 5),
        ("score -- no comments", "unknown_column", 9),
        ("branch = 'open", "unclosed_text", 9),
        ("day > '2024-02-30'", "wrong_type", 4),
        ("(((score)", "unexpected_end", 9),
        ("case score end", "unexpected_token", 5),
        ("case when solved then 1 else 'a' end", "wrong_type", 0),
        ("select", "unknown_column", 0),
        ("score in (null)", "wrong_type", 10),
        ("(" * 100 + "1" + ")" * 100, "expression_too_deep", 50),
        ("1" + "+1" * 3000, "expression_too_long", 4000),
        ("1e999", "unexpected_token", 0),
    ],
)
def test_refusals_say_where(text, code, position):
    with pytest.raises(ExpressionError) as refusal:
        parse_expression(text, SCHEMA)
    assert (refusal.value.code, refusal.value.position) == (code, position)


def test_the_type_that_is_needed_is_checked():
    assert parse_expression("solved", SCHEMA, expect=ValueType.BOOLEAN).type is ValueType.BOOLEAN
    with pytest.raises(ExpressionError):
        parse_expression("score", SCHEMA, expect=ValueType.BOOLEAN)


def test_the_columns_of_an_expression_are_known():
    assert columns_of(parse_expression("score > 1 or branch in ('a') and round(waiting) = 2", SCHEMA)) == {
        "score",
        "branch",
        "waiting",
    }


@pytest.mark.parametrize("dialect", DIALECTS)
@given(text=st.text(st.characters(blacklist_characters="\x00", blacklist_categories=["Cs"]), max_size=30))
@settings(max_examples=30)
def test_no_text_of_a_user_becomes_sql(dialect, text):
    """Whatever stands between the quotes comes back as one literal, in every dialect."""
    sql = compiled("branch = '" + text.replace("'", "''") + "'", dialect)
    tree = sqlglot.parse_one(f"SELECT {sql}", read=dialect)
    literals = [node.this for node in tree.find_all(sqlglot.exp.Literal)]
    assert literals == [text]
    assert {type(node) for node in tree.expressions[0].walk()} <= {
        sqlglot.exp.Paren,
        sqlglot.exp.EQ,
        sqlglot.exp.Column,
        sqlglot.exp.Identifier,
        sqlglot.exp.Literal,
    }


@given(
    text=st.text(alphabet="score waiting'\"()+-*/%<>=,.andornotincasewhenthenend0123456789 \n", max_size=40)
)
@settings(max_examples=150)
def test_any_text_is_read_or_refused(text):
    node, refusal = _read(text)
    if refusal is not None:
        assert 0 <= refusal.position <= len(text)
    else:
        assert Compiler(DIALECTS["duckdb"], "UTC").sql(node).sql(dialect="duckdb")


def _read(text: str):
    try:
        return parse_expression(text, SCHEMA), None
    except ExpressionError as error:
        return None, error


def test_moments_in_expressions_are_utc():
    node = parse_expression("opened > '2024-03-01T10:00:00+02:00'", SCHEMA)
    assert node.arguments[1].value == datetime(2024, 3, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("waiting <= 20,5 y score > 6", "waiting <= 20.5 and score > 6"),
        ("no (waiting < 10 o score = 7)", "not (waiting < 10 or score = 7)"),
        ("waiting entre 1,5 y 2", "waiting between 1.5 and 2"),
        ("score no entre 8 y 9", "score not between 8 and 9"),
        ("score en (1,5; 2,5)", "score in (1.5, 2.5)"),
        ("score in (1,7)", "score in (1,7)"),  # as it always was
        ("branch no en ('Norte'; 'Sur')", "branch not in ('Norte', 'Sur')"),
        ("closed es nulo o closed no es nulo", "closed is null or closed is not null"),
        ("solved es verdadero", "solved is true"),
        ("solved = falso", "solved = false"),
        ("waiting ≤ 20 y score ≠ 3", "waiting <= 20 and score <> 3"),
        ('branch = "Norte"', "branch = 'Norte'"),
        ("branch = “O'Higgins” o branch como «N%»", "branch = 'O''Higgins' or branch like 'N%'"),
        ('"score" = 7  AND  score=7', '"score" = 7  AND  score=7'),
        ("round(waiting, 1) > 0,5", "round(waiting, 1) > 0.5"),
        ("least(1,5; 0,0) < 2", "least(1.5, 0.0) < 2"),
    ],
)
def test_spanish_is_understood_and_kept_in_the_words_of_the_language(said, meant):
    assert canonical(said, SCHEMA) == meant
    assert parse_expression(said, SCHEMA) == parse_expression(meant, SCHEMA)
    assert canonical(meant, SCHEMA) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("no > 3 y y < 2", "no > 3 and y < 2"),
        ("no no en (1, 2)", "not no in (1, 2)"),
        ("o = 1 o o = 2", "o = 1 or o = 2"),
    ],
)
def test_a_column_called_like_a_spanish_word_stays_a_column(said, meant):
    schema = Schema(tuple(Column(name, name, ColumnType.NUMBER) for name in ("no", "o", "y")))
    assert canonical(said, schema) == meant
    assert parse_expression(said, schema) == parse_expression(meant, schema)


def test_an_unknown_column_names_the_nearest_by_its_name_or_its_heading():
    schema = Schema((Column("espera", "Espera"), Column("t1", "Tiempo")))
    for said, near in (("espra = 'x'", "espera"), ("tienpo = 'x'", "t1")):
        with pytest.raises(ExpressionError) as refusal:
            parse_expression(said, schema)
        assert refusal.value.params["nearest"] == near
