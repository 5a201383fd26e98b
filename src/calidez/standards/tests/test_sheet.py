"""Who must know a standard confirms its sheet: one document, a version of it for each version of the standard."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone, translation

from calidez.documents import services as documents
from calidez.documents.models import Acknowledgement, Document
from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.core import audit
from calidez.kit.core.children import Row
from calidez.people.models import Role
from calidez.people.tests.factories import create, person
from calidez.standards import services
from calidez.standards.models import Standard
from calidez.standards.services import sheet
from calidez.standards.tests.factories import BASIS, in_force, second_person, standard_in_force

pytestmark = pytest.mark.django_db


def published(world: World, **values: Any) -> Standard:
    return standard_in_force(
        world,
        world.root,
        1,
        readers_units=[world.north],
        case_limit=20.0,
        case_measured_in="min",
        unacceptable=80.0,
        reaction="The manager opens a second desk.",
        frequency="month",
        remedy="A free visit.",
        child_rows={
            "rows_standardbasis": [BASIS],
            "rows_localtarget": [Row({"unit": world.south, "target": 85.0})],
        },
        **values,
    )


def test_a_standard_without_readers_has_no_sheet(world: World) -> None:
    assert standard_in_force(world, world.north, 1).document is None
    assert not Document.objects.exists()


def test_readers_are_asked_to_confirm_the_sheet(world: World) -> None:
    reader = person(world.admin, world.north, "desk@example.org", "Dora Desk", role="employee")
    found = published(world)
    document = found.document
    assert (document.kind, document.title, document.state) == ("standard", found.title, "in_force")
    version = document.current
    assert version.effective_on == found.latest.starts
    assert version.approved_by == "Sofia Second"
    assert version.created_by == world.admin
    assert Acknowledgement.objects.filter(document_version=version, person=reader).exists()


def test_the_sheet_says_all_that_is_promised(world: World) -> None:
    found = published(world)
    with translation.override("en"):
        text = sheet.text_of(found.latest)
    for said in (
        "Patients are seen within 11 minutes.",
        "**We promise:** at least 90% of cases within 20\N{NO-BREAK SPACE}min.",
        "**Tolerance:** 2 percentage points.",
        "below 80%",
        "The manager opens a second desk.",
        "- South clinic: at least 85% of cases within 20\N{NO-BREAK SPACE}min",
        "Every month",
        "A free visit.",
        "- Customer need: Survey of 2023. Waiting is the first complaint.",
        "Ada Administrator answers for it. It holds in: Northwind Clinics.",
    ):
        assert said in text


def test_each_version_has_its_own_text_once(world: World) -> None:
    found = published(world)
    first = found.latest
    sheet.publish(first, by=second_person(world))
    assert found.document.versions.count() == 1
    revised = catalog.of(Standard).edition(
        services.revise(found, by=world.admin), by=world.admin, target=92.0, readers_units=[world.south]
    )
    done = in_force(revised, world, starts=timezone.localdate())
    assert done.document == found.document
    assert done.latest.sheet == done.document.versions.order_by("-number").first()
    assert done.document.current == done.latest.sheet
    assert list(done.document.readers_units.all()) == [world.south]


def test_a_retired_standard_takes_its_sheet_along(world: World) -> None:
    gone = services.retire(published(world), by=world.admin, note="Replaced.")
    gone.document.refresh_from_db()
    assert gone.document.state == Document.State.RETIRED


def test_whoever_may_retire_a_standard_retires_its_sheet_with_it(world: World) -> None:
    """The sheet belongs to the standard: no right to documents is needed."""
    found = published(world)
    create(Role, world.admin, code="promises", name="Promises", table={"standard": ["view", "retire"]})
    keeper = person(world.admin, world.root, "keeper@example.org", "Kim Keeper", role="promises")
    gone = services.retire(found, by=keeper, note="Replaced.")
    gone.document.refresh_from_db()
    assert gone.document.state == Document.State.RETIRED
    event = audit.history(gone.document, limit=1)[0]
    assert (event.verb, event.actor, event.note) == ("retire", "Kim Keeper", "The standard was retired.")


def test_a_sheet_that_somebody_retired_is_no_dead_end(world: World) -> None:
    found = published(world)
    documents.retire(Document.objects.get(pk=found.document.pk), by=world.admin, note="By mistake")
    revised = catalog.of(Standard).edition(
        services.revise(found, by=world.admin), by=world.admin, target=92.0
    )
    done = in_force(revised, world, starts=timezone.localdate())
    assert done.document != found.document
    assert done.document.current == done.latest.sheet
