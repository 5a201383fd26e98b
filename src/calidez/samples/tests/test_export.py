"""What a unit has becomes a pack that another organisation can begin from, and which gives the same pack again."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from calidez.kit.catalog import catalog
from calidez.kit.core.children import Row
from calidez.kit.platform.errors import RuleBroken
from calidez.monitoring.models import Dataset
from calidez.people.models import Grant, Role, User
from calidez.samples.packs import shelf
from calidez.samples.packs.exporting import export_pack
from calidez.samples.packs.loading import load_pack
from calidez.samples.packs.schemas import schema_of_entry
from calidez.samples.packs.shelf import read_pack
from calidez.samples.tests.conftest import Begin
from calidez.standards.models import QualityDimension, Standard, StandardBasis


def create(model: Any, by: User, **values: Any) -> Any:
    creation = catalog.of(model).creation
    assert creation is not None
    return creation(by=by, **values)


def their_own(ana: User) -> None:
    """A standard that no pack brought, with all that YAML might stumble over."""
    warmth = create(QualityDimension, ana, name="Warmth: a smile")
    create(
        Standard,
        ana,
        unit=ana.unit,
        owner=ana,
        title="- no: “yes” # 5 %",
        requirement="First line\nsecond: line\n\n  third {line}, 'quoted'",
        dimension=warmth,
        target=7.25,
        measured_in="1,000",
        child_rows={
            f"rows_{StandardBasis._meta.model_name}": [
                Row({"kind": "norm", "reference": "ISO 9001:2015, 8.6"})
            ]
        },
    )


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("key", ["transport", "clinic"])
def test_the_way_round_gives_the_same_file(begin: Begin, key: str) -> None:
    before = transaction.savepoint()
    ana = begin()
    load_pack(shelf.pack_called(key), by=ana, unit=ana.unit, language="es")
    their_own(ana)
    first = export_pack(ana.unit, by=ana)
    # As if none of it had been: the trail lets nobody delete.
    transaction.savepoint_rollback(before)
    assert not Standard.objects.exists()
    ana = begin()
    done = load_pack(read_pack(first, "casa-azul.yaml"), by=ana, unit=ana.unit, language="es")
    assert len(done.lines) == sum(shelf.pack_called(key).counts.values()) + 1
    assert export_pack(ana.unit, by=ana) == first


@pytest.mark.slow
@pytest.mark.django_db
def test_it_says_what_the_shipped_pack_said(ana: User) -> None:
    pack = shelf.pack_called("restaurant")
    load_pack(pack, by=ana, unit=ana.unit, language="en")
    again = read_pack(export_pack(ana.unit, by=ana, key="our-own"), "again.yaml")
    assert again.key == "our-own"
    assert again.entries("commitments", "en") == pack.entries("commitments", "en")
    for mine, theirs in zip(again.entries("datasets", "en"), pack.entries("datasets", "en"), strict=True):
        assert (mine["key"], mine["name"]) == (theirs["key"], theirs["name"])
        assert schema_of_entry(mine) == schema_of_entry(theirs)
    assert again.entries("indicators", "en") == pack.entries("indicators", "en")
    assert again.entries("objectives", "en") == pack.entries("objectives", "en")
    for mine, theirs in zip(again.entries("standards", "en"), pack.entries("standards", "en"), strict=True):
        theirs = {
            **theirs,
            "basis": [
                {"reference": b["reference"], **row} if "reference" not in row else row
                for row, b in zip(theirs["basis"], mine["basis"], strict=True)
            ],
        }
        if "case" in theirs:
            theirs["case"] = {"direction": "at_most", **theirs["case"]}
        assert mine == theirs


@pytest.mark.django_db
def test_what_ended_and_what_may_not_be_seen_stays_behind(ana: User) -> None:
    load_pack(shelf.pack_called("hotel"), by=ana, unit=ana.unit, language="es")
    retired = Standard.objects.get(title="Cuenta sin errores")
    from calidez.standards.services import retire

    retire(retired, by=ana, note="No longer promised.")
    told = read_pack(export_pack(ana.unit, by=ana), "x.yaml")
    assert "correct_bill" not in [one["key"] for one in told.entries("standards", "es")]
    proves = next(one for one in told.entries("indicators", "es") if one["key"] == "correct_bill")
    assert "standard" not in proves
    stranger = create(User, ana, email="e@example.org", name="Eva", unit=ana.unit, language="es")
    create(Grant, ana, user=stranger, role=Role.objects.get(code="employee"), unit=ana.unit)
    assert Dataset.objects.count() == 3
    assert read_pack(export_pack(ana.unit, by=stranger), "x.yaml").counts == dict.fromkeys(
        ("policy", "commitments", "datasets", "standards", "indicators", "objectives"), 0
    )


@pytest.mark.django_db
def test_a_key_that_is_none_is_refused(ana: User) -> None:
    with pytest.raises(RuleBroken, match="small letters"):
        export_pack(ana.unit, by=ana, key="Our Own")
