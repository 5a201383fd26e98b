"""Beside every kind of record: comments, mentions, files and the past, inside the reader's units and nowhere else."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from calidez.kit.catalog import Entity, catalog
from calidez.kit.conformance import World, make
from calidez.kit.core import access, audit
from calidez.kit.core.any_record import Named
from calidez.kit.desk.comments import services as comments
from calidez.kit.desk.comments.models import Comment
from calidez.kit.desk.files import services as files
from calidez.kit.desk.files.models import Attachment
from calidez.kit.desk.notifications.models import Notification
from calidez.kit.tests.visits import client_of, content, queries

pytestmark = pytest.mark.django_db
AsSomebody = Callable[[str], Client]
MOST_QUERIES = 12  # whatever the number of parts: what they hang on a page is fetched later
NONSENSE = ("on=2026-13-45", "on=x", "on=9999-12-31", "on=0001-01-01", "after=x", "after=" + "9" * 30)


def page(entity: Entity, record: Any, *, whole: bool = True) -> str:
    """Where the closing panels stand: all at once, or as the page first comes."""
    shown = "?show=definition" if entity.key == "indicator" else "?"
    return entity.url(record) + shown + ("&whole=1" if whole else "")


@pytest.mark.thorough
def test_who_sees_a_record_talks_about_it_and_whoever_is_named_is_told(
    entity: Entity, world: World, record: Any, client_as: AsSomebody
) -> None:
    author = "north_manager" if comments.may_comment(record, world.north_manager) else "admin"
    client, auditor, url = client_as(author), client_as("auditor"), entity.url(record)
    answer = client.post(url + "comments/", {"text": "Look at this, @Alan Auditor & @Olga Outsider"})
    assert answer.status_code == 302
    said = Comment.objects.get()
    assert said.about == Named.of(record)
    assert '<strong class="c-mention">@Alan Auditor</strong>' in content(client, page(entity, record))
    told = Notification.objects.filter(kind="mention")
    assert [n.person for n in told] == [world.auditor]
    offered = content(client, url + "people/", {"q": "a"})
    assert "Alan Auditor" in offered
    assert "Olga" not in offered
    assert audit.history(record, 1)[0].verb == "comment"
    assert auditor.post(url + "comments/", {"text": "x"}).status_code == 403
    assert 'action="' + url + "comments/" not in content(auditor, page(entity, record))
    stranger = client_as("outsider")
    assert stranger.post(url + "comments/", {"text": "x"}).status_code == 404
    assert stranger.get(url + "people/").status_code == 404


@pytest.mark.machine
def test_what_was_said_is_mended_and_withdrawn(
    entity: Entity, world: World, record: Any, admin: Client
) -> None:
    said, _mentions = comments.comment(record, "Said, @Alan Auditor", by=world.admin)
    url = entity.url(record)
    assert admin.post(f"{url}comments/{said.uid}/", {"text": "Changed"}).status_code == 302
    said.refresh_from_db()
    assert (said.text, said.mentions) == ("Changed", [])
    admin.post(f"{url}comments/{said.uid}/withdraw/")
    assert "Changed" not in content(admin, page(entity, record))
    assert Comment.objects.get().withdrawn_by == world.admin


@pytest.mark.thorough
def test_files_are_given_out_only_with_the_record(
    entity: Entity, world: World, record: Any, there: Any, client_as: AsSomebody
) -> None:
    client, auditor, url = client_as("admin"), client_as("auditor"), entity.url(record)
    sent = {"files": [SimpleUploadedFile("acta.txt", b"Acta 7"), SimpleUploadedFile("b.txt", b"b")]}
    answer = client.post(url + "files/", {**sent, "effective_on": "2026-01-31", "note": "Minutes"})
    assert answer.status_code == 302
    kept = Attachment.objects.get(name="acta.txt")
    assert (kept.effective_on.isoformat(), kept.media_type, kept.size) == ("2026-01-31", "text/plain", 6)
    assert "acta.txt" in content(client, page(entity, record))
    address = f"{url}files/{kept.uid}/"
    assert "Acta 7" in content(client, address)
    assert b"".join(client.get(address + "content/").streaming_content) == b"Acta 7"
    # Neither by another record's address, nor without a role, nor signed out, nor from another unit.
    assert client.get(f"{entity.url(there)}files/{kept.uid}/content/").status_code == 404
    assert client_as("outsider").get(address + "content/").status_code == 404
    assert Client().get(address + "content/").status_code == 302
    assert auditor.post(url + "files/", {}).status_code == 403
    assert auditor.get(address + "content/").status_code == 200
    if entity.scope is not None:
        (foreign,) = files.attach(there, [SimpleUploadedFile("c.txt", b"c")], by=world.admin)
        manager = client_as("north_manager")
        assert manager.get(f"{entity.url(there)}files/{foreign.uid}/content/").status_code == 404
        assert manager.post(f"{entity.url(there)}comments/", {"text": "x"}).status_code == 404


@pytest.mark.thorough
def test_the_past_is_read_from_the_trail(
    entity: Entity, record: Any, admin: Client, client_as: AsSomebody
) -> None:
    url = page(entity, record) + "&"
    today = content(admin, f"{url}on={timezone.localdate().isoformat()}")
    assert "audit trail" in today
    assert "panel-past" in today
    for event in audit.history(record, 1):
        assert "panel-past" in content(admin, f"{url}after={event.pk}")
    assert client_as("outsider").get(f"{url}on=2026-01-01").status_code == 404


@pytest.mark.parametrize("day", NONSENSE)
def test_a_day_that_is_none_is_ignored(day: str, shared_world: World, admin: Client) -> None:
    content(admin, f"/units/{shared_world.north.uid}/?{day}")


def test_a_page_costs_the_same_however_much_is_said(
    entity: Entity, world: World, record: Any, admin: Client
) -> None:
    def costs() -> int:
        return queries(lambda: content(admin, page(entity, record, whole=False)))

    def add(number: int) -> None:
        comments.comment(record, f"Comment {number} @Nora North", by=world.admin)
        files.attach(record, [SimpleUploadedFile(f"{number}.txt", str(number).encode())], by=world.admin)

    add(0)
    costs()  # what a process reads once for all pages is read by now
    few = costs()
    for number in range(1, 4):
        add(number)
    assert costs() == few
    assert few <= MOST_QUERIES


def test_nobody_learns_of_people_or_records_by_a_mention(world: World) -> None:
    entity = next(e for e in catalog if e.key == "position")
    here = make(entity, world, world.south, 1)
    names = [person.name for person in comments.people_to_mention(here)]
    assert "Nora North" not in names
    assert set(names) == {"Ada Administrator", "Alan Auditor"}
    kept, mentions = comments.comment(here, "@Nora North @Nobody", by=world.admin)
    assert (kept.mentions, mentions.unknown) == ([], ("Nora", "Nobody"))
    assert not Notification.objects.filter(kind="mention").exists()
    assert not access.audience(entity, here).filter(pk=world.north_manager.pk).exists()
    assert client_of(world.admin).get(f"{entity.url(here)}files/{uuid.uuid4()}/").status_code == 404
