"""Conditions put together from lists become an expression and come back from it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calidez.engine import Column, ColumnType, Schema, parse_expression
from calidez.engine.expressions.clauses import (
    OFFERED,
    WITHOUT_VALUE,
    Clause,
    Clauses,
    Is,
    clauses_of,
    written,
)

SCHEMA = Schema(tuple(Column(str(type_), str(type_), type_) for type_ in ColumnType))
TEXTS = st.text(st.characters(exclude_characters="\\", exclude_categories=("Cs",)), min_size=1, max_size=12)
VALUES = {
    ColumnType.TEXT: TEXTS,
    ColumnType.NUMBER: st.floats(allow_nan=False, allow_infinity=False),
    ColumnType.INTEGER: st.integers(-(2**40), 2**40).map(float),
    ColumnType.DATE: st.dates(),
}


@st.composite
def clause(draw):
    type_ = draw(st.sampled_from(list(ColumnType)))
    says = draw(st.sampled_from(OFFERED[type_]))
    if says in WITHOUT_VALUE:
        return Clause(str(type_), says)
    if says is Is.HOLDS:
        return Clause(str(type_), says, (draw(TEXTS.filter(lambda text: not set(text) & set("%_"))),))
    count = {Is.BETWEEN: 2, Is.ONE_OF: 3, Is.NONE_OF: 3}.get(says, 1)
    return Clause(str(type_), says, tuple(draw(VALUES[type_]) for _ in range(count)))


@given(st.lists(clause(), min_size=1, max_size=4), st.booleans())
def test_what_is_put_together_comes_back(clauses, either):
    said = Clauses(tuple(clauses), either and len(clauses) > 1)
    found = clauses_of(written(said), SCHEMA)
    assert found is not None
    assert written(found) == written(clauses_of(written(found), SCHEMA))
    if said.either:
        assert found == said
    # Two ends of a stretch side by side come back as one; everything else as it was.
    ends = [c for c in clauses if c.says in (Is.LEAST, Is.MOST)]
    if not ends:
        assert found == said


@given(st.lists(clause(), min_size=1, max_size=3))
def test_the_expression_means_the_same_after_coming_back(clauses):
    text = written(Clauses(tuple(clauses), either=True))
    again = written(clauses_of(text, SCHEMA))
    assert parse_expression(again, SCHEMA) == parse_expression(text, SCHEMA)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", Clauses()),
        ("20 >= number", Clauses((Clause("number", Is.MOST, (20.0,)),))),
        ("number >= 1 and number <= 2", Clauses((Clause("number", Is.BETWEEN, (1.0, 2.0)),))),
        ("not boolean", Clauses((Clause("boolean", Is.FALSE),))),
        ("text en ('a'; 'b')", Clauses((Clause("text", Is.ONE_OF, ("a", "b")),))),
        ("date >= '2026-01-05'", Clauses((Clause("date", Is.LEAST, (dt.date(2026, 1, 5),)),))),
        ("number + 1 < 3", None),
        ("number < integer", None),
        ("not (number < 3 and boolean)", None),
        ("number < 3 or integer = 1 and boolean", None),
        ("text like 'a%'", None),
        ("timestamp >= '2026-01-05'", None),
        ("boolean = true", None),
    ],
)
def test_what_clauses_cannot_say_stays_an_expression(text, found):
    assert clauses_of(text, SCHEMA) == found
