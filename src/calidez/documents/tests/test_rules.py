"""What was approved, who is next, when enough have read it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calidez.documents import rules

DAY = dt.date(2026, 3, 2)
CONTENT = {
    "title": "Admission",
    "kind": "procedure",
    "text": "Greet everybody.",
    "file": "",
    "question": "Who is greeted?",
    "right": "Everybody",
    "wrong": ["Nobody"],
    "pictures": {},
}


@pytest.mark.parametrize("name", sorted(CONTENT))
def test_the_digest_changes_with_everything_that_is_approved(name: str) -> None:
    other = {"wrong": ["x"], "pictures": {"plan.png": "x"}}.get(name, "x")
    assert rules.digest_of(**CONTENT) == rules.digest_of(**CONTENT)
    assert rules.digest_of(**{**CONTENT, name: other}) != rules.digest_of(**CONTENT)


def test_what_moves_from_one_field_to_the_next_is_another_content() -> None:
    assert rules.digest_of(**{**CONTENT, "title": "Admissionp", "kind": "rocedure"}) != rules.digest_of(
        **CONTENT
    )
    assert rules.digest_of(**{**CONTENT, "wrong": ["a", "b"]}) != rules.digest_of(
        **{**CONTENT, "wrong": ["a,b"]}
    )


def test_what_is_missing_to_submit_is_named() -> None:
    def missing(**given: object) -> list[str]:
        full = {"content": True, "number": 1, "summary": "", "approvers": [2], "author": 1}
        return rules.missing_to_submit(**{**full, **given})

    assert missing() == []
    assert missing(content=False) == [rules.CONTENT]
    assert missing(number=2) == [rules.SUMMARY]
    assert missing(number=2, summary="Shorter.") == []
    assert missing(approvers=[]) == [rules.APPROVERS]
    assert missing(approvers=[1]) == [rules.OTHERS]
    assert missing(approvers=[1, 2]) == []


def test_whose_turn_it_is() -> None:
    waiting = [(2, 20), (1, 10), (3, 30)]
    assert rules.turn(waiting, sequential=True) == {10}
    assert rules.turn(waiting, sequential=False) == {10, 20, 30}
    assert rules.turn([(2, 20), (2, 21), (3, 30)], sequential=True) == {20, 21}
    assert rules.turn([], sequential=True) == set()


def test_nobody_asked_is_not_everybody_read() -> None:
    assert rules.reached(done=0, asked=0, share=None)
    assert not rules.reached(done=0, asked=0, share=1)
    assert not rules.reached(done=7, asked=10, share=75)
    assert rules.reached(done=8, asked=10, share=75)


@given(st.integers(1, 500), st.integers(1, 100), st.data())
def test_as_many_as_are_needed_are_enough_and_one_less_is_not(
    asked: int, share: int, data: st.DataObject
) -> None:
    done = data.draw(st.integers(0, asked))
    needed = rules.still_needed(done=done, asked=asked, share=share)
    assert rules.reached(done=done + needed, asked=asked, share=share)
    if needed:
        assert not rules.reached(done=done + needed - 1, asked=asked, share=share)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2027, 1, 31), 13, dt.date(2028, 2, 29)),
        (dt.date(2026, 11, 15), 2, dt.date(2027, 1, 15)),
        (dt.date(2026, 12, 1), 12, dt.date(2027, 12, 1)),
    ],
)
def test_months_later(day: dt.date, months: int, then: dt.date) -> None:
    assert rules.add_months(day, months) == then


def test_on_the_day_it_ends_the_next_one_holds() -> None:
    end = DAY + dt.timedelta(days=10)
    assert rules.in_force_on(DAY, end, DAY)
    assert not rules.in_force_on(DAY, end, end)
    assert not rules.in_force_on(None, None, DAY)
    assert rules.in_force_on(DAY, None, end)


def test_kept_for_ever_is_never_disposed_of() -> None:
    assert not rules.may_be_disposed_of(None, on=DAY)
    assert not rules.may_be_disposed_of(DAY, on=DAY)
    assert rules.may_be_disposed_of(DAY, on=DAY + dt.timedelta(days=1))


def test_answers_are_compared_as_people_write_them() -> None:
    assert rules.same_answer("  four  HOURS", "Four hours")
    assert not rules.same_answer("", "Four hours")
    assert rules.lines("a\n\n  b \n") == ["a", "b"]
    answers = ["a", "b", "c", "d"]
    assert rules.shuffled(answers, seed="x") == rules.shuffled(reversed(answers), seed="x")
    assert len({tuple(rules.shuffled(answers, seed=str(n))) for n in range(50)}) > 10
