"""Steps for many records: done and refused record by record, at once and in the background."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.core import audit
from calidez.kit.desk.bulk import jobs, services
from calidez.kit.desk.bulk.offers import find, offers
from calidez.kit.desk.lists import ListQuery
from calidez.kit.desk.runs.models import Run
from calidez.people.models import Position, Unit
from calidez.people.tests.factories import create

pytestmark = pytest.mark.django_db


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def three(here: Any) -> list[Any]:
    return [create(Position, here.admin, name=f"Clerk {n}", unit=here.north) for n in range(3)]


def test_what_can_be_equal_may_be_changed_for_all(world: World) -> None:
    positions = catalog.of(Position)
    assert [offer.key for offer in offers(positions, world.admin)] == ["field:unit"]
    assert offers(positions, world.auditor) == ()
    assert "field:code" not in [offer.key for offer in offers(catalog.of(Unit), world.admin)]


def test_each_record_is_done_or_refused_by_itself(world: World) -> None:
    first, second, third = three(world)
    create(Position, world.admin, name="Clerk 1", unit=world.south)  # the second cannot move there
    catalog.of(Position).edition(third, by=world.admin, name="Clerk 3")  # changed meanwhile
    client = client_of(world.admin)
    picks = [f"{r.uid}:1" for r in (first, second, third)] + [
        "nonsense",
        "11111111-1111-4111-8111-111111111111:1",
    ]
    chosen = {"action": "field:unit", "pick": picks, "query": "?q=Clerk"}
    asked = client.post("/positions/bulk/", chosen)
    assert asked.status_code == 200
    assert "4 positions" in asked.content.decode()
    assert client.post("/positions/bulk/", {**chosen, "meant": "yes"}).status_code == 422
    meant = {**chosen, "meant": "yes", "unit": world.south.pk}
    answer = client.post("/positions/bulk/", meant)
    assert answer.status_code == 302
    report = client.get(answer["Location"]).content.decode()
    assert "This unit already has a position with this name." in report
    assert "Ada Administrator changed it after you opened the list" in report
    assert "It is no longer there" in report
    for record in (first, second, third):
        record.refresh_from_db()
    assert [r.unit for r in (first, second, third)] == [world.south, world.north, world.north]
    assert audit.history(first, limit=1)[0].verb == "edit"
    lines = (
        b"".join(client.get(f"{answer['Location']}report.csv").streaming_content)
        .decode("utf-8-sig")
        .splitlines()
    )
    assert len(lines) == 5
    assert lines[1].startswith("Clerk 0,")
    assert client_of(world.auditor).get(answer["Location"]).status_code == 404


def test_all_that_the_list_finds_and_nothing_else(world: World) -> None:
    three(world)
    other = create(Position, world.admin, name="Nurse", unit=world.north)
    client = client_of(world.admin)
    sent = {"action": "field:unit", "all": "yes", "query": "?q=clerk", "meant": "yes", "unit": world.south.pk}
    client.post("/positions/bulk/", sent)
    other.refresh_from_db()
    assert other.unit == world.north
    assert Position.objects.filter(unit=world.south).count() == 3


def test_a_person_reaches_no_further_in_bulk_than_one_by_one(world: World) -> None:
    position = create(Position, world.admin, name="Clerk", unit=world.south)
    client = client_of(world.north_manager)
    sent = {"action": "field:unit", "pick": f"{position.uid}:1", "meant": "yes", "unit": world.north.pk}
    answer = client.post("/positions/bulk/", sent)
    assert (
        "It is no longer there, or you may no longer see it."
        in client.get(answer["Location"]).content.decode()
    )
    position.refresh_from_db()
    assert position.unit == world.south
    assert client_of(world.auditor).post("/positions/bulk/", sent).status_code == 403


def test_a_second_start_repeats_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    records = three(world)
    positions = catalog.of(Position)
    offer = find(positions, world.admin, "field:unit")
    assert offer is not None
    with translation.override("en"):
        picks = services.all_of(positions, world.admin, ListQuery({}))
        run = services.ask(positions, offer, picks, {"unit": [str(world.south.pk)]}, by=world.admin)
        jobs.run_bulk(run=str(run.uid))
        versions = list(Position.objects.order_by("pk").values_list("version", flat=True))
        jobs.run_bulk(run=str(run.uid))
    assert list(Position.objects.order_by("pk").values_list("version", flat=True)) == versions == [2, 2, 2]
    assert Run.objects.get().outcomes.count() == len(records)


def test_many_are_done_in_the_background(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    three(world)
    monkeypatch.setattr("calidez.kit.faces.pages.bulk.AT_ONCE", 2)
    client = client_of(world.admin)
    sent = {"action": "field:unit", "all": "yes", "meant": "yes", "unit": world.south.pk}
    answer = client.post("/positions/bulk/", sent)
    assert "It waits for its turn." in client.get(answer["Location"]).content.decode()
    jobs.run_bulk(run=str(Run.objects.get().uid))
    assert "3 records: done." in client.get(answer["Location"]).content.decode()
    assert Position.objects.filter(unit=world.south).count() == 3
