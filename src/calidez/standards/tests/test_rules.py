"""What a standard needs to be promised, and where it holds."""

from __future__ import annotations

import datetime as dt

import pytest

from calidez.standards.rules import beyond_unacceptable, holds_in, missing_of_stretch, missing_to_promise

TODAY = dt.date(2026, 3, 1)
DAY = dt.timedelta(days=1)


def test_what_is_missing_is_named() -> None:
    assert missing_to_promise(target=None, bases=0) == ["target", "basis"]
    assert missing_to_promise(target=0.0, bases=1) == []


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
