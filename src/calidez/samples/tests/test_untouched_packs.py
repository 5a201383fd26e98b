"""A pack that nobody has begun with waits: its drafts are counted apart, and nothing of it is called broken."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from calidez.kit.catalog import catalog
from calidez.kit.desk.brought import brought
from calidez.kit.desk.gaps import board
from calidez.monitoring.models import Indicator, Standing
from calidez.objectives.models import Objective
from calidez.people.models import Unit, User
from calidez.policy.models import Commitment, Policy
from calidez.samples.packs import shelf
from calidez.samples.packs.loading import load_pack
from calidez.standards.models import Standard

pytestmark = pytest.mark.django_db
KINDS = (Policy, Commitment, Standard, Indicator, Objective)
# The words of what is broken, and of what a person would have to mend.
ALARMS = re.compile(r"slab[oó]n(es)? rotos?|por corregir|no se puede poner")


@pytest.fixture
def page(ana: User, client: Client) -> Any:
    client.force_login(ana)

    def read(address: str) -> str:
        text = client.get(address).content.decode()
        return re.sub(r"<nav.*?</nav>", "", text, flags=re.DOTALL)

    return read


def load(ana: User, key: str, language: str) -> None:
    load_pack(shelf.pack_called(key), by=ana, unit=ana.unit, language=language)


@pytest.mark.parametrize("key", ["hotel", "clinic"])
def test_an_untouched_pack_shows_no_broken_link_and_says_how_to_begin(ana: User, page: Any, key: str) -> None:
    load(ana, key, "en")
    assert {gap.key: count for gap, count in board.counts(ana).items() if count} == {}
    for model in KINDS:
        entity = catalog.of(model)
        for record in model.objects.all()[:2]:
            assert not ALARMS.search(page(entity.url(record))), record
    with translation.override("es"):
        name = shelf.pack_called(key).name
    came = reverse("samples:came", args=[key, ana.unit.uid])
    for address in (reverse("kit:broken-links"), reverse("kit:my-work"), reverse("home")):
        text = page(address)
        assert f"borradores del paquete inicial «{name}»" in text
        assert f'href="{came}"' in text


def test_each_list_tells_of_its_own(ana: User, page: Any) -> None:
    load(ana, "hotel", "es")
    assert "10 borradores del paquete inicial" in page(catalog.of(Standard).list_url())
    assert "1 borrador del paquete inicial" in page(catalog.of(Policy).list_url())
    assert "3 borradores del paquete inicial" in page(catalog.of(Objective).list_url())
    assert "11 indicadores del paquete inicial" in page(catalog.of(Indicator).list_url())
    assert "del paquete inicial" not in page(catalog.of(Commitment).list_url())


def test_what_was_put_into_practice_is_counted_no_more(ana: User) -> None:
    load(ana, "hotel", "es")
    assert brought(ana)[0].text.startswith("14 drafts")
    Standard.objects.filter(code="STD-001").update(state=Standard.State.PROPOSED)
    assert brought(ana)[0].text.startswith("13 drafts")
    Standard.objects.filter(state=Standard.State.DRAFT).update(state=Standard.State.RETIRED)
    Objective.objects.update(state=Objective.State.WITHDRAWN)
    assert brought(ana)[0].text.startswith("1 draft of")
    Policy.objects.update(state=Policy.State.RETIRED)
    (indicators,) = brought(ana)
    assert indicators.text.startswith("11 indicators")


def test_a_measured_indicator_waits_no_more(ana: User) -> None:
    load(ana, "hotel", "es")
    one = Indicator.objects.order_by("pk").first()
    assert one is not None
    Standing.objects.update_or_create(
        indicator=one, unit=one.unit, defaults={"period_start": "2026-01-01", "value": 1.0}
    )
    (told,) = brought(ana, "monitoring.indicator")
    assert told.text.startswith("10 indicators")


def test_who_may_not_load_packs_is_told_nothing(ana: User) -> None:
    load(ana, "hotel", "es")
    assert brought(User.objects.create(email="e@example.org", name="Eva", unit=ana.unit)) == ()


def test_a_pack_in_two_units_is_told_of_each(ana: User) -> None:
    creation = catalog.of(Unit).creation
    assert creation is not None
    north = creation(by=ana, code="N", name="North", kind=Unit.Kind.BRANCH, parent=ana.unit)
    load(ana, "hotel", "es")
    load_pack(shelf.pack_called("hotel"), by=ana, unit=north, language="es")
    links = brought(ana, "standards.standard")
    assert [link.url for link in links] == [
        reverse("samples:came", args=["hotel", unit.uid]) for unit in (ana.unit, north)
    ]
