"""A link said once gives both edges, their past, the filter, the broken links at either end and “New: …” from there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Q
from django.test import Client
from django.utils import timezone, translation

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core import edges, mentions
from calidez.kit.core.edges import Carrier, Way, edges_of, needed
from calidez.kit.core.links import Link, Missing, every_link
from calidez.kit.core.trail import Look
from calidez.kit.desk import gaps
from calidez.kit.desk.gaps.board import counts
from calidez.kit.desk.gaps.finding import may_mend
from calidez.kit.desk.gaps.mending import way
from calidez.kit.desk.made_from import forms_from
from calidez.kit.desk.thread import strands, strands_then
from calidez.kit.desk.thread_past import values_then
from calidez.monitoring.models import Indicator
from calidez.monitoring.tests.factories import indicator
from calidez.people.models import Unit
from calidez.standards.models import Standard
from calidez.standards.tests.factories import standard

pytestmark = pytest.mark.django_db

PROVES = Link(
    "standard",
    up="proves",
    down="is proven by",
    missing=Missing("proof.of_nothing", "Indicator of nothing", "It proves nothing."),
    missing_there=Missing(
        "promise.unproven",
        "Promise without proof",
        "Nothing proves it.",
        expected=lambda standards: standards.exclude(title__startswith="Later"),
        counted=Q(state=Indicator.State.ACTIVE),
        yet="Nothing proves it yet.",
    ),
)


def declare(monkeypatch: pytest.MonkeyPatch, model: Any, *links: Link) -> Entity:
    """Only these links, whatever else the parts declare."""
    for entity in catalog:
        monkeypatch.setattr(type(entity), "links", links if entity.model is model else ())
    return catalog.of(model)


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def forget() -> None:
        for cached in (edges._of_declaration, gaps._of_declaration, mentions._followed):
            cached.cache_clear()

    forget()
    monkeypatch.setattr(gaps, "_gaps", {})
    monkeypatch.setattr(gaps, "of_held", lambda: ())
    yield
    forget()


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def said(found: Any) -> list[tuple[str, str]]:
    return [(strand.label, node.text) for strand in found for node in strand.nodes]


def numbers(user: Any) -> dict[str, int]:
    return {gap.key: count for gap, count in counts(user).items()}


def test_one_declaration_is_followed_both_ways_today_and_then(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    entity = declare(monkeypatch, Indicator, PROVES)
    promise, other = standard(world, world.north, 1), standard(world, world.north, 2)
    proof = indicator(world, world.north, 1, standard=promise)
    assert said(strands(promise, Way.DOWN, world.admin, passed=())) == [("is proven by", str(proof))]
    assert said(strands(proof, Way.UP, world.admin, passed=())) == [("proves", str(promise))]
    before = Look(timezone.now(), timezone.localdate())
    assert entity.edition is not None
    proof = entity.edition(proof, by=world.admin, standard=other)
    for one, direction, expected in (
        (promise, Way.DOWN, [("is proven by", str(proof))]),
        (other, Way.DOWN, []),
        (proof, Way.UP, [("proves", str(promise))]),
    ):
        values = values_then(one, before)
        assert values is not None
        assert said(strands_then(one, values, direction, world.admin, before, passed=())) == expected
    assert needed(Indicator) == {"standard"}


def test_a_named_record_may_lie_below_and_a_set_is_followed_like_one(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(
        monkeypatch,
        Standard,
        Link("units", up="keeps", down="holds in", below=True, where=~Q(title__startswith="Later")),
    )
    promise = catalog.of(Standard).edition(  # type: ignore[misc]
        standard(world, world.north, 1), by=world.admin, units=[world.north]
    )
    assert said(strands(promise, Way.DOWN, world.admin, passed=())) == [("holds in", str(world.north))]
    assert said(strands(world.north, Way.UP, world.admin, passed=())) == [("keeps", str(promise))]
    Standard.objects.filter(pk=promise.pk).update(title="Later on")
    assert said(strands(world.north, Way.UP, world.admin, passed=())) == []
    (edge,) = edges_of(Unit, Way.UP)
    assert (edge.filter, edge.carrier) == ("units", Carrier("units", False))
    # Named below, it is not what a new one is made from.
    assert list(forms_from(world.north, world.admin)) == []


def test_the_list_is_narrowed_by_a_link_and_says_so_only_then(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    entity = declare(monkeypatch, Indicator, PROVES)
    monkeypatch.setattr(type(entity), "filters", ("state",))
    promise = standard(world, world.north, 1)
    proof, other = (
        indicator(world, world.north, number, standard=one) for number, one in enumerate((promise, None))
    )
    client = client_of(world.admin)
    narrowed = client.get(f"/indicators/?standard={promise.uid}").content.decode()
    assert str(proof.uid) in narrowed
    assert str(other.uid) not in narrowed
    assert f"Proves the standard: {promise}" in re.sub(r"\s+", " ", narrowed)
    assert 'name="standard"' in narrowed
    assert 'id="filter-standard"' not in client.get("/indicators/").content.decode()
    found = client.get("/api/v1/indicators", {"standard": promise.code}).json()["items"]
    assert [one["uid"] for one in found] == [str(proof.uid)]


def test_what_should_stand_at_either_end_and_does_not_is_a_broken_link(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(monkeypatch, Indicator, PROVES)
    promise = standard(world, world.north, 1)
    later = standard(world, world.north, 2)
    Standard.objects.filter(pk=later.pk).update(title="Later on")
    proof = indicator(world, world.north, 1)
    assert numbers(world.admin) == {"proof.of_nothing": 1, "promise.unproven": 1}
    here, there = gaps.gaps()
    assert way(here, proof).url == f"/indicators/{proof.uid}/edit/"  # type: ignore[union-attr]
    form = way(there, promise)
    assert form is not None
    assert form.url == f"/indicators/new/?standard={promise.uid}&unit={world.north.uid}"
    assert may_mend(there, promise, world.north_manager)
    assert not may_mend(there, promise, world.auditor)
    texts = {
        str(one.uid): [
            gap.text for strand in strands(one, Way.DOWN, world.admin, passed=()) for gap in strand.gaps
        ]
        for one in (promise, Standard.objects.get(pk=later.pk))
    }
    assert texts == {str(promise.uid): ["Nothing proves it."], str(later.uid): ["Nothing proves it yet."]}
    Indicator.objects.filter(pk=proof.pk).update(standard=promise, state=Indicator.State.RETIRED)
    assert numbers(world.admin) == {"proof.of_nothing": 0, "promise.unproven": 1}
    Indicator.objects.filter(pk=proof.pk).update(state=Indicator.State.ACTIVE)
    assert numbers(world.admin) == {"proof.of_nothing": 0, "promise.unproven": 0}


def test_a_set_without_anything_that_counts_is_a_broken_link(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = Missing("x.units", "Nowhere", "It holds nowhere.", counted=Q(name__startswith="North"))
    declare(monkeypatch, Standard, Link("units", up="keeps", down="holds in", below=True, missing=units))
    promise = standard(world, world.north, 1)
    edit = catalog.of(Standard).edition
    assert edit is not None
    for chosen, broken in ((), 1), ((world.south,), 1), ((world.north, world.south), 0):
        promise = edit(promise, by=world.admin, units=chosen)
        assert numbers(world.admin) == {"x.units": broken}, chosen


def test_new_from_the_other_end_comes_filled_in(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    declare(monkeypatch, Indicator, Link("standard", up="proves", down="is proven by", new="Prove it"))
    promise = standard(world, world.north, 1)
    client = client_of(world.north_manager)
    address = f"/indicators/new/?standard={promise.uid}&amp;unit={world.north.uid}"
    page = client.get(f"/standards/{promise.uid}/").content.decode()
    assert re.search(rf'href="{re.escape(address)}"[^>]*>.*?Prove it', page, re.DOTALL)
    form = client.get(address.replace("&amp;", "&")).content.decode()
    for one in (promise, world.north):
        assert re.search(rf'<option value="{one.pk}"[^>]* selected', form), one


def test_new_is_offered_only_to_those_who_may_create_there(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(monkeypatch, Indicator, Link("standard", up="proves", down="is proven by"))
    promise, above, elsewhere = (
        standard(world, unit, number) for number, unit in enumerate((world.north, world.root, world.south), 1)
    )
    assert [form.text for form in forms_from(promise, world.admin)] == ["New: indicator"]
    assert list(forms_from(promise, world.auditor)) == []
    # What the company promises is shown in the north, where its manager may prove it for the north.
    assert len(list(forms_from(above, world.north_manager))) == 1
    assert list(forms_from(elsewhere, world.north_manager)) == []
    assert "indicators/new" not in client_of(world.auditor).get(f"/standards/{promise.uid}/").content.decode()
    refused = client_of(world.auditor).get(f"/indicators/new/?standard={promise.uid}")
    assert refused.status_code == 403
    # Nor does an address fill in what one may not see.
    form = client_of(world.north_manager).get(f"/indicators/new/?standard={elsewhere.uid}").content.decode()
    assert str(elsewhere) not in form


@pytest.mark.parametrize(
    "link",
    [
        Link("standard", up="proves", down="is proven by", new=False),
        Link("standard", up="proves", down="is proven by", new_for=lambda standard: False),
    ],
)
def test_new_is_not_offered_where_the_link_says_so(
    world: Any, monkeypatch: pytest.MonkeyPatch, link: Link
) -> None:
    declare(monkeypatch, Indicator, link)
    assert list(forms_from(standard(world, world.north, 1), world.admin)) == []


def test_new_needs_a_form_that_asks_for_the_field(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    entity = declare(monkeypatch, Indicator, Link("standard", up="proves", down="is proven by"))
    monkeypatch.setattr(type(entity), "created_in_form", False)
    assert list(forms_from(standard(world, world.north, 1), world.admin)) == []
    monkeypatch.setattr(type(entity), "created_in_form", True)
    assert entity.creation is not None
    monkeypatch.setattr(entity.creation, "fields", ("name",))
    assert list(forms_from(standard(world, world.north, 1), world.admin)) == []


def test_every_link_of_the_parts_names_a_field_and_is_said_in_spanish() -> None:
    keys = [gap.key for gap in gaps.gaps()]
    assert len(keys) == len(set(keys))
    found = every_link()
    assert found
    for entity, link in found:
        assert entity.model._meta.get_field(link.field)
        texts = [link.up, link.down]
        texts += [] if link.new in (None, True, False) else [link.new]
        for missing in (link.missing, link.missing_there):
            if isinstance(missing, Missing):
                texts += [missing.label, missing.sentence, missing.yet]
            else:
                texts.append(missing)
        for text in filter(None, texts):
            with translation.override("es"):
                spanish = str(text)
            with translation.override("en"):
                assert spanish != str(text), (entity.key, link.field, text)
