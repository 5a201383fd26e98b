"""Values of files and API calls: read as meant, or refused with a sentence; never guessed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.core.finding import key_of
from calidez.kit.core.values import Notation, Reader, Unreadable, number_from
from calidez.people.models import Position, Unit, User
from calidez.people.tests.factories import create
from calidez.standards.models import Standard

UNITS, STANDARDS = catalog.of(Unit), catalog.of(Standard)


def read(
    raw: dict[str, Any], *, user: Any = None, entity: Any = STANDARDS, **notation: str
) -> dict[str, Any]:
    return Reader(entity, entity.all_fields, user, notation=Notation(**notation)).read(raw)


def refused(raw: dict[str, Any], **options: Any) -> dict[str, str]:
    with pytest.raises(Unreadable) as caught:
        read(raw, **options)
    return caught.value.errors


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("95,5", ",", 95.5),
        ("95.5", ",", 95.5),
        ("1.125", ".", 1.125),
        ("1,125", ",", 1.125),
        ("1.234,5", ",", 1234.5),
        ("1,234,567", ".", 1234567),
        (" −7 ", ".", -7),
        (".5", ".", 0.5),
    ],
)
def test_numbers_are_read_as_the_place_writes_them(text: str, decimal: str, value: float) -> None:
    assert number_from(text, decimal) == value


@pytest.mark.parametrize(
    ("text", "decimal"), [("1.125", ","), ("1,125", "."), ("12a", "."), ("", "."), ("nan", ".")]
)
def test_ambiguous_and_foreign_numbers_are_refused(text: str, decimal: str) -> None:
    with pytest.raises(ValidationError):
        number_from(text, decimal)


@given(st.floats(min_value=-1e9, max_value=1e9, allow_nan=False), st.sampled_from([".", ","]))
def test_what_is_written_is_read_back(value: float, decimal: str) -> None:
    text = format(Decimal(repr(value)), "f").replace(".", decimal)
    assert number_from(text, decimal) == value


def test_dates_are_never_guessed() -> None:
    assert read({"starts": "2026-03-12"})["starts"] == dt.date(2026, 3, 12)
    assert read({"starts": dt.datetime(2026, 3, 12)})["starts"] == dt.date(2026, 3, 12)
    assert read({"starts": "12/03/2026"}, dates="dmy")["starts"] == dt.date(2026, 3, 12)
    assert read({"starts": "12/03/2026"}, dates="mdy")["starts"] == dt.date(2026, 12, 3)
    assert "day/month" in refused({"starts": "12/03/2026"})["starts"]
    assert refused({"starts": "31/02/2026"}, dates="dmy")
    assert refused({"starts": "soon"})


def test_choices_are_known_by_value_and_by_the_words_of_every_language() -> None:
    for said in ("at_least", "at least", "AT LEAST", "al menos", "AL MÉNOS"):
        assert read({"direction": said})["direction"] == "at_least"
    assert "at_most" in refused({"direction": "roughly"})["direction"]


def test_everything_wrong_is_said_at_once() -> None:
    errors = refused({"title": "", "target": "lots", "colour": "red", "tolerance": 0})
    assert set(errors) == {"title", "target", "colour"}
    assert read({"target": None, "tolerance": 0}) == {"target": None, "tolerance": 0}


@pytest.mark.django_db
def test_references_are_found_by_code_identifier_or_both_within_reach(world: World) -> None:
    for said in ("NORTH", "north", str(world.north.uid), {"uid": world.north.uid}, {"code": "NORTH"}):
        assert read({"unit": said}, user=world.admin)["unit"] == world.north
    assert read({"owner": "Auditor@example.org"}, user=world.admin)["owner"] == world.auditor
    assert read({"units": "NORTH; SOUTH"}, user=world.admin)["units"] == [world.north, world.south]
    assert "cannot see" in refused({"unit": "SOUTH"}, user=world.north_manager)["unit"]
    assert "cannot see" in refused({"unit": "ELSEWHERE"}, user=world.admin)["unit"]


@pytest.mark.django_db
def test_a_name_that_several_share_names_none_of_them(world: World) -> None:
    for unit in (world.north, world.south):
        create(Position, world.admin, name="Nurse", unit=unit)
    entity = catalog.of(User)
    assert "Several" in refused({"position": "Nurse"}, user=world.admin, entity=entity)["position"]
    nurse = Position.objects.get(unit=world.north)
    assert key_of(nurse) == str(nurse.uid)
    assert read({"position": key_of(nurse)}, user=world.admin, entity=entity)["position"] == nurse
    assert (key_of(world.north), key_of(world.admin)) == ("NORTH", "admin@example.org")


@pytest.mark.parametrize(
    "value", ["9" * 400, 10**400, float("inf"), "1" * 5000], ids=["text", "whole", "infinite", "long"]
)
def test_numbers_beyond_all_numbers_are_refused(value: Any) -> None:
    assert refused({"target": value}) == {"target": "This number is too large to reckon with."}


def test_what_is_no_number_is_refused() -> None:
    assert refused({"target": float("nan")}) == {"target": "A number is needed here."}


def test_the_null_character_is_refused_in_texts_and_references(world: World) -> None:
    said = "A text cannot hold the null character."
    assert refused({"title": "a\0b", "unit": "NO\0RTH"}, user=world.admin) == {"title": said, "unit": said}


def test_of_thousands_of_names_that_mean_nothing_a_hundred_are_told() -> None:
    assert len(refused({f"x{n}": 1 for n in range(5_000)})) == 100
