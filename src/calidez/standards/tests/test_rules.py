"""What a standard needs to be promised, when a version may begin, who may approve it, and where it holds."""

from __future__ import annotations

import datetime as dt

import pytest

from calidez.standards.rules import (
    beyond_unacceptable,
    earliest_start,
    end_of_the_one_before,
    holds_in,
    may_approve,
    missing_of_stretch,
    missing_to_promise,
)

TODAY = dt.date(2026, 3, 1)
DAY = dt.timedelta(days=1)


def test_what_is_missing_is_named() -> None:
    assert missing_to_promise(target=None, bases=0, ends=None, on=TODAY) == ["target", "basis"]
    assert missing_to_promise(target=0.0, bases=1, ends=None, on=TODAY) == []
    assert missing_to_promise(target=95.0, bases=1, ends=TODAY, on=TODAY) == []
    assert missing_to_promise(target=95.0, bases=1, ends=TODAY - DAY, on=TODAY) == ["ends"]


@pytest.mark.parametrize(
    ("reason", "plan", "until", "beyond", "lacking"),
    [
        ("", "", None, False, None),
        ("", "", None, True, "stretch_reason"),
        ("  ", "Two desks", TODAY + DAY, True, "stretch_reason"),
        ("The law asks", "", None, True, "stretch_plan"),
        ("The law asks", "Two desks", None, True, "stretch_until"),
        ("The law asks", "Two desks", TODAY, True, "stretch_until"),
        ("The law asks", "Two desks", TODAY + DAY, True, None),
        ("The law asks", "Two desks", TODAY + DAY, False, None),
        ("The law asks", "", None, False, "stretch_plan"),
    ],
)
def test_more_than_was_shown_to_be_possible_needs_a_reason_and_a_dated_plan(
    reason: str, plan: str, until: dt.date | None, beyond: bool, lacking: str | None
) -> None:
    assert missing_of_stretch(reason=reason, plan=plan, until=until, beyond=beyond, on=TODAY) == lacking


def test_only_the_first_version_may_begin_in_the_past() -> None:
    assert earliest_start(before=None, on=TODAY) is None
    assert earliest_start(before=TODAY - 30 * DAY, on=TODAY) == TODAY
    # One that has not begun yet is not overtaken.
    assert earliest_start(before=TODAY + 5 * DAY, on=TODAY) == TODAY + 6 * DAY
    assert earliest_start(before=TODAY, on=TODAY) == TODAY + DAY


def test_a_version_ends_the_day_before_the_next_unless_it_had_ended() -> None:
    assert end_of_the_one_before(starts=TODAY, ended=None) == TODAY - DAY
    assert end_of_the_one_before(starts=TODAY, ended=TODAY + 90 * DAY) == TODAY - DAY
    assert end_of_the_one_before(starts=TODAY, ended=TODAY - 40 * DAY) == TODAY - 40 * DAY


def test_nobody_approves_their_own_words() -> None:
    assert may_approve("ana", proposed_by="beto", wrote={"beto"})
    assert not may_approve("ana", proposed_by="ana", wrote=())
    assert not may_approve("ana", proposed_by="beto", wrote={"beto", "ana"})


def test_unacceptable_is_worse_than_the_threshold() -> None:
    assert beyond_unacceptable(79.9, at_least=True, unacceptable=80.0)
    assert not beyond_unacceptable(0.8 * 100, at_least=True, unacceptable=80.0)
    assert beyond_unacceptable(31.0, at_least=False, unacceptable=30.0)
    assert not beyond_unacceptable(0.1 * 3 * 100, at_least=False, unacceptable=30.0)
    assert not beyond_unacceptable(0.0, at_least=True, unacceptable=None)


def test_a_standard_holds_below_its_unit_or_only_where_named() -> None:
    assert holds_in("/all/north/", place="/all/")
    assert not holds_in("/all/", place="/all/north/")
    assert holds_in("/all/north/ward/", place="/all/", only=["/all/north/"])
    assert not holds_in("/all/south/", place="/all/", only=["/all/north/"])
    assert not holds_in("/all/", place="/all/", only=["/all/north/"])
