"""Figures are taken as people write them, in the language of the page."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from calidez.kit.desk.forms import Later, NumberField, record_form, sections_of
from calidez.kit.templatetags.kit import breakable
from calidez.people.models import Position


class Positions:
    model = Position
    conditions = {}
    all_fields = ("name", "unit", "purpose")
    sections = (("What", ("name", "unit")), Later("Purpose", ("purpose",)))


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("es", "95,5", 95.5),
        ("es", "95.5", 95.5),
        ("es", "1.500", 1500),
        ("es", "1.234.567,25", 1234567.25),
        ("es", "0.500", 0.5),
        ("es", " 1 500,5 ", 1500.5),
        ("es", "−3,25", -3.25),
        ("en", "95.5", 95.5),
        ("en", "95,5", 95.5),
        ("en", "1,500", 1500),
        ("en", ".5", 0.5),
        ("en", "+7.", 7),
        ("es", "", None),
    ],
)
def test_numbers_are_read_as_the_language_writes_them(language, text, value):
    with translation.override(language):
        assert NumberField(required=False).clean(text) == value


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize(
    "text", ["noventa", "9-5", "1.2.3", "1,2,3", "1.23,4.5", "nan", "inf", "1e5", "٩٥x", "95 %", "--1"]
)
def test_what_is_no_number_is_refused(language, text):
    with translation.override(language), pytest.raises(ValidationError):
        NumberField().clean(text)


@pytest.mark.parametrize(
    ("value", "spanish", "english"),
    [
        (95.0, "95", "95"),
        (95.5, "95,5", "95.5"),
        (1500.25, "1500,25", "1500.25"),
        (0.00001, "0,00001", "0.00001"),
    ],
)
def test_a_stored_number_is_written_so_that_it_is_read_back_alike(value, spanish, english):
    for language, text in (("es", spanish), ("en", english)):
        with translation.override(language):
            assert NumberField().prepare_value(value) == text
            assert NumberField().clean(text) == value


@pytest.mark.django_db
def test_a_group_left_for_later_is_folded_until_something_stands_in_it_or_is_wrong(world):
    """Its title stays; what was written or refused in it must be in sight."""

    names = ("name", "unit", "purpose")
    shown = sections_of(Positions, record_form(Positions, names, world.admin), names)
    assert [(s.title, s.folded) for s in shown] == [("What", False), ("Purpose", True)]
    written = record_form(Positions, names, world.admin, data={"name": "", "purpose": "To greet guests"})
    assert not sections_of(Positions, written, names)[1].folded
    step = sections_of(Positions, record_form(Positions, ("purpose",), world.admin), ("purpose",))
    assert not step[0].folded, "a step asks for what it needs now"
    wrong = record_form(Positions, names, world.admin, data={"name": "x", "purpose": ""})
    wrong.add_error("purpose", "Say what for.")
    assert not sections_of(Positions, wrong, names)[1].folded
    # A step that asks for nothing else asks for it now.
    alone = sections_of(Positions, record_form(Positions, ("purpose",), world.admin), ("purpose",))
    assert [(s.title, s.folded) for s in alone] == [("Purpose", False)]


@pytest.mark.django_db
def test_where_nothing_is_chosen_a_list_says_whether_one_must(world):
    form = record_form(Positions, ("name", "unit"), world.admin)
    assert form.fields["unit"].empty_label in {"Choose…", "–"}
    needed = record_form(Positions, ("name", "unit"), world.admin, required=("unit",))
    assert needed.fields["unit"].empty_label == "Choose…"


@pytest.mark.django_db
def test_a_reason_that_is_missing_is_asked_for_by_its_name(world):
    form = record_form(Positions, ("name",), world.admin, data={"name": "x", "note": ""}, note=True)
    assert form.errors["note"] == ["Write why."]


def test_the_name_of_a_file_breaks_between_its_words_and_before_its_ending():
    assert breakable("fecha_de_cita.csv") == "fecha_<wbr>de_<wbr>cita<wbr>.csv"
    assert breakable("<b>.csv & 3.5 h") == "&lt;b&gt;.csv &amp; 3.5 h"
