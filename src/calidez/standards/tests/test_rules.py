"""What a standard needs to be in force, and where it holds."""

from __future__ import annotations

import datetime as dt

from calidez.standards.rules import holds_in, missing_to_put_in_force

TODAY = dt.date(2026, 3, 1)


def test_what_is_missing_is_named() -> None:
    assert missing_to_put_in_force(target=None, starts=None, ends=None, on=TODAY) == ["target", "starts"]
    assert missing_to_put_in_force(target=0.0, starts=TODAY, ends=None, on=TODAY) == []
    ended = TODAY - dt.timedelta(days=1)
    assert missing_to_put_in_force(target=95.0, starts=ended, ends=ended, on=TODAY) == ["ends"]


def test_a_standard_holds_below_its_unit_or_only_where_named() -> None:
    assert holds_in("/all/north/", place="/all/")
    assert not holds_in("/all/", place="/all/north/")
    assert holds_in("/all/north/ward/", place="/all/", only=["/all/north/"])
    assert not holds_in("/all/south/", place="/all/", only=["/all/north/"])
    assert not holds_in("/all/", place="/all/", only=["/all/north/"])
