"""The calendar address: unguessable, revocable, true to the person's rights, and quiet when nothing changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from calidez.kit.catalog import catalog
from calidez.kit.core import audit
from calidez.kit.desk import inbox
from calidez.kit.desk.inbox import Pending, feed, sources
from calidez.kit.desk.inbox.models import CalendarFeed
from calidez.people.models import Position, User
from calidez.people.tests.factories import create

pytestmark = pytest.mark.django_db
DUE = dt.date(2026, 3, 11)


@pytest.fixture
def people(world: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(sources, "_sources", {})

    def positions(who: Any) -> list[Pending]:
        return [
            Pending(
                text=f"Describe {p.name}",
                url=f"/positions/{p.uid}/",
                kind="Position",
                due=DUE,
                subject="people.position",
                uid=p.uid,
            )
            for p in catalog.of(Position).queryset(who, "edit")
        ]

    inbox.add_source(positions, key="desk", label="Positions", verb="edit")
    return world


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def events(client: Client, token: str) -> list[Any]:
    answer = client.get(f"/calendar/{token}.ics")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_due_days_are_all_day_entries_with_a_link(people: Any, client: Client) -> None:
    position = create(Position, people.admin, name="Nurse", unit=people.north)
    (event,) = events(client, feed.make_address(people.admin))
    assert event["summary"] == "Describe Nurse"
    assert event["dtstart"].dt == DUE
    assert event["dtend"].dt == DUE + dt.timedelta(days=1)
    assert event["url"] == f"http://testserver/positions/{position.uid}/"
    assert event["sequence"] == 1


def test_an_entry_keeps_its_name_and_says_that_it_changed(people: Any, client: Client) -> None:
    position = create(Position, people.admin, name="Nurse", unit=people.north)
    token = feed.make_address(people.admin)
    (before,) = events(client, token)
    edition = catalog.of(Position).edition
    assert edition is not None
    edition(position, by=people.admin, name="Head nurse")
    (after,) = events(client, token)
    assert after["uid"] == before["uid"]
    assert after["sequence"] == before["sequence"] + 1
    assert after["summary"] == "Describe Head nurse"


def test_it_shows_what_the_person_may_see_at_the_time(people: Any, client: Client) -> None:
    create(Position, people.admin, name="Nurse", unit=people.north)
    create(Position, people.admin, name="Porter", unit=people.south)
    token = feed.make_address(people.north_manager)
    assert [e["summary"] for e in events(client, token)] == ["Describe Nurse"]
    people.north_manager.grants.all().delete()
    assert events(client, token) == []
    User.objects.filter(pk=people.north_manager.pk).update(is_active=False)
    assert client.get(f"/calendar/{token}.ics").status_code == 404


def test_only_the_digest_is_kept_and_a_new_address_shuts_the_old(people: Any, client: Client) -> None:
    first = feed.make_address(people.admin)
    assert first not in str(CalendarFeed.objects.values().get())
    assert len(first) >= 43
    second = feed.make_address(people.admin)
    assert client.get(f"/calendar/{first}.ics").status_code == 404
    assert client.get(f"/calendar/{second}.ics").status_code == 200
    feed.revoke_address(people.admin)
    assert client.get(f"/calendar/{second}.ics").status_code == 404
    verbs = [event.verb for event in audit.history(people.admin)][:3]
    assert verbs == ["revoke_calendar_address", "create_calendar_address", "create_calendar_address"]


def test_nothing_changed_is_answered_shortly(people: Any, client: Client) -> None:
    create(Position, people.admin, name="Nurse", unit=people.north)
    address = f"/calendar/{feed.make_address(people.admin)}.ics"
    whole = client.get(address)
    assert client.get(address, headers={"If-None-Match": whole["ETag"]}).status_code == 304
    assert client.get(address, headers={"If-Modified-Since": whole["Last-Modified"]}).status_code == 304
    assert client.get(address).content == whole.content
    create(Position, people.admin, name="Porter", unit=people.north)
    assert client.get(address, headers={"If-None-Match": whole["ETag"]}).status_code == 200
    assert client.post(address).status_code == 405


def test_it_speaks_the_persons_language(people: Any, client: Client) -> None:
    User.objects.filter(pk=people.admin.pk).update(language="es")
    body = client.get(f"/calendar/{feed.make_address(people.admin)}.ics").content.decode()
    assert "Calidez: mi trabajo" in body


def test_the_page_tells_the_address_once(people: Any, client: Client) -> None:
    mine = client_of(people.admin)
    assert "No address yet" in mine.get("/my-work/calendar/").content.decode()
    made = mine.post("/my-work/calendar/").content.decode()
    token = made.split("/calendar/")[-1].split(".ics")[0]
    assert "webcal://testserver/calendar/" in made
    assert client.get(f"/calendar/{token}.ics").status_code == 200
    assert token not in mine.get("/my-work/calendar/").content.decode()
    mine.post("/my-work/calendar/", {"revoke": "1"})
    assert client.get(f"/calendar/{token}.ics").status_code == 404
