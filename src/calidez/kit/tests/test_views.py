"""Saved views: kept, shared, begun with, and never showing more than the reader may see."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.core import audit
from calidez.kit.desk.lists import ListQuery
from calidez.kit.desk.saved_views import services
from calidez.kit.desk.saved_views.models import SavedView
from calidez.people.models import Position
from calidez.people.tests.factories import create, person

pytestmark = pytest.mark.django_db
QUERY = "?q=clerk&sort=-name&columns=name,purpose&nonsense=1&page=2"


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def kept(client: Client, **values: str) -> SavedView:
    answer = client.post("/positions/views/", {"query": QUERY, "name": "Clerks", **values})
    assert answer.status_code == 302
    return SavedView.objects.order_by("pk").last()


def test_a_view_is_an_address_that_can_be_kept_changed_and_left(world: World) -> None:
    create(Position, world.admin, name="Clerk", unit=world.north)
    client = client_of(world.admin)
    view = kept(client)
    assert view.params == {"q": "clerk", "sort": "-name", "columns": "name,purpose"}
    lasting = client.get(f"/positions/views/{view.uid}/")
    assert lasting["Location"] == f"/positions/?columns=name%2Cpurpose&q=clerk&sort=-name&view={view.uid}"
    page = client.get(lasting["Location"]).content.decode()
    assert "Clerks" in page
    assert "Clerks *" not in page
    changed = client.get(lasting["Location"].replace("clerk", "nurse")).content.decode()
    assert "Clerks *" in changed
    menu = client.get(
        "/positions/views/" + lasting["Location"].partition("/positions/")[2].replace("clerk", "nurse")
    )
    assert "Save the changes in “Clerks”" in menu.content.decode()
    client.post(f"/positions/views/{view.uid}/", {"do": "save", "query": "?q=nurse"})
    view.refresh_from_db()
    assert view.params == {"q": "nurse"}
    client.post(f"/positions/views/{view.uid}/", {"do": "rename", "name": "  Our   nurses "})
    view.refresh_from_db()
    assert view.name == "Our nurses"
    assert audit.history(view) == []
    client.post(f"/positions/views/{view.uid}/", {"do": "remove"})
    assert not SavedView.objects.exists()


def test_a_list_begins_with_the_view_that_a_person_chose(world: World) -> None:
    client = client_of(world.admin)
    view = kept(client, first="yes")
    begun = client.get("/positions/")
    assert begun["Location"] == services.address(catalog.of(Position), view)
    assert client.get("/positions/?view=all").status_code == 200
    assert client_of(world.auditor).get("/positions/").status_code == 200
    client.post(f"/positions/views/{view.uid}/", {"do": "not-first"})
    assert client.get("/positions/").status_code == 200


def test_sharing_is_for_those_who_may_edit_and_leaves_a_trace(world: World) -> None:
    client = client_of(world.admin)
    view = kept(client, audience="everybody")
    reader = client_of(world.auditor)
    assert "Clerks" in reader.get("/positions/").content.decode()
    assert (
        reader.post("/positions/views/", {"name": "Mine", "audience": "everybody", "query": ""}).status_code
        == 403
    )
    assert reader.post(f"/positions/views/{view.uid}/", {"do": "remove"}).status_code == 403
    client.post(f"/positions/views/{view.uid}/", {"do": "rename", "name": "Clerks", "audience": ""})
    assert "Clerks" not in reader.get("/positions/").content.decode()
    assert [event.verb for event in audit.history(view)] == ["edit", "create"]
    assert client_of(world.outsider).get(f"/positions/views/{view.uid}/").status_code == 404


def test_a_unit_s_view_is_for_its_people_and_shows_each_what_they_may_see(world: World) -> None:
    create(Position, world.admin, name="Clerk of the north", unit=world.north)
    create(Position, world.admin, name="Clerk of the south", unit=world.south)
    view = kept(client_of(world.admin), audience=str(world.north.uid))
    south = person(world.admin, world.south, "south@example.org", "Sam South", role="administrator")
    assert "Clerks" not in client_of(south).get("/positions/").content.decode()
    shown = client_of(world.north_manager).get(services.address(catalog.of(Position), view)).content.decode()
    assert "Clerk of the north" in shown
    assert "Clerk of the south" not in shown
    refused = client_of(world.north_manager).post(
        "/positions/views/", {"name": "Theirs", "audience": str(world.south.uid), "query": ""}
    )
    assert refused.status_code == 302
    assert not SavedView.objects.filter(name="Theirs").exists()


def test_a_view_keeps_no_letter_that_deceives(world: World) -> None:
    entity = catalog.of(Position)
    kept = services.told(entity, ListQuery({"q": "a\u202eb", "columns": "\u202e", "sort": "name"}))
    assert kept == {"sort": "name"}
