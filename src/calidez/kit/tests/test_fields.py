"""The fields that are said once: migrations see what Django sees, and a state says its own tone."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models
from django.utils.translation import gettext_lazy, override

from calidez.kit.catalog import catalog
from calidez.kit.core import fields
from calidez.kit.core.fields import States, tones
from calidez.kit.platform.display import Tone
from calidez.objectives.models import Objective
from calidez.people.models import Unit, User


class Light(States):
    RED = "red", gettext_lazy("Draft"), Tone.BAD
    GREEN = "green", "Green"


def test_a_state_is_its_value_its_words_and_its_tone() -> None:
    assert [(one.value, str(one.label), one.tone) for one in Light] == [
        ("red", "Draft", Tone.BAD),
        ("green", "Green", Tone.NEUTRAL),
    ]
    assert Light("red") is Light.RED
    assert Light.RED == "red"
    assert str(Light.RED) == "red"
    with override("es"):
        assert Light.choices == [("red", "Borrador"), ("green", "Green")]


def test_two_states_cannot_share_a_value() -> None:
    with pytest.raises(ValueError, match="duplicate"):

        class Twice(States):
            ONE = "one", "One", Tone.GOOD
            TWO = "one", "Two", Tone.BAD


def test_lists_and_life_cycles_draw_the_tone() -> None:
    assert tones(Objective)["reached"] == Tone.GOOD
    assert tones(Objective)["active"] == Tone.NEUTRAL
    assert tones(Unit) == {}
    one = Objective(state=Objective.State.NOT_REACHED)
    badge = catalog.of(Objective).state_badge(one)
    assert badge is not None
    assert (badge.text, badge.tone) == ("Not reached", Tone.BAD)


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        (fields.code(), models.CharField("code", max_length=20, unique=True, editable=False)),
        (
            fields.owner(User, related_name="things"),
            models.ForeignKey(
                User,
                verbose_name="owner",
                on_delete=models.PROTECT,
                related_name="things",
                help_text="Who answers for it.",
            ),
        ),
        (
            fields.place(Unit, "Where it happened.", editable=False),
            models.ForeignKey(
                Unit,
                verbose_name="unit",
                on_delete=models.PROTECT,
                related_name="+",
                help_text="Where it happened.",
                editable=False,
            ),
        ),
        (
            fields.state(Light),
            models.CharField("state", max_length=10, choices=Light.choices, default="red", editable=False),
        ),
    ],
)
def test_a_migration_sees_the_plain_field(said: Any, plain: Any) -> None:
    assert said.deconstruct() == plain.deconstruct()
