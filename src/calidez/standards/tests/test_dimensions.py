"""Quality dimensions: the published ones are there in the reader's language, the company adds its own."""

from __future__ import annotations

import pytest
from django.utils import translation

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.platform.errors import RuleBroken
from calidez.people.tests.factories import create
from calidez.standards.models import QualityDimension
from calidez.standards.services import ship_dimensions

pytestmark = pytest.mark.django_db


def test_the_thirteen_are_there_once() -> None:
    ship_dimensions()
    families = list(QualityDimension.objects.values_list("family", flat=True))
    assert (families.count("servqual"), families.count("en13816")) == (5, 8)


def test_they_are_named_in_the_readers_language() -> None:
    found = QualityDimension.objects.get(key="servqual-reliability")
    with translation.override("es"):
        assert str(found) == "Fiabilidad"
    with translation.override("en"):
        assert str(found) == "Reliability"


def test_a_published_name_stays_and_what_it_means_here_may_be_written(world: World) -> None:
    edition = catalog.of(QualityDimension).edition
    assert edition is not None
    found = QualityDimension.objects.get(key="servqual-empathy")
    assert edition(found, by=world.admin, meaning="We call people by their name.").meaning
    with pytest.raises(RuleBroken, match="published model"):
        edition(found, by=world.admin, name="Warmth")


def test_names_of_ones_own_get_a_key_and_are_not_there_twice(world: World) -> None:
    own = create(QualityDimension, world.admin, name="Calidez y trato")
    assert (own.key, own.family) == ("calidez-y-trato", "own")
    with pytest.raises(RuleBroken, match="already a dimension"):
        create(QualityDimension, world.admin, name="Calidez y trato")
