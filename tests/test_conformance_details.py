"""Every kind of record: comments, mentions, files and the past, inside the reader's units and nowhere else."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calidez.kit import access, audit
from calidez.kit.catalog import Entity, catalog
from calidez.kit.comments import services as comments
from calidez.kit.comments.models import Comment
from calidez.kit.conformance import World, kinds, load_factories, make
from calidez.kit.files import services as files
from calidez.kit.files.models import Attachment
from calidez.kit.notifications.models import Notification

load_factories()

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12  # whatever the number of parts: what they hang on a page is fetched later
every_kind = pytest.mark.parametrize("entity", kinds(), ids=lambda e: e.key, scope="module")


def client_of(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(entity: Entity, record, *, whole: bool = True) -> str:
    """Where the closing panels stand: all at once, or as the page first comes."""
    shown = "?show=definition" if entity.key == "indicator" else "?"
    return entity.url(record) + shown + ("&whole=1" if whole else "")


@every_kind
def test_who_sees_a_record_talks_about_it_and_whoever_is_named_is_told(
    entity: Entity, world: World, record: Any
) -> None:
    author = world.north_manager if comments.may_comment(record, world.north_manager) else world.admin
    client, url = client_of(author), entity.url(record)
    answer = client.post(url + "comments/", {"text": "Look at this, @Alan Auditor & @Olga Outsider"})
    assert answer.status_code == 302
    said = Comment.objects.get()
    assert (said.subject, said.subject_uid) == (record._meta.label_lower, record.uid)
    shown = client.get(page(entity, record)).content.decode()
    assert '<strong class="c-mention">@Alan Auditor</strong>' in shown
    told = Notification.objects.filter(kind="mention")
    assert [n.person for n in told] == [world.auditor]
    offered = client.get(url + "people/", {"q": "a"}).content.decode()
    assert "Alan Auditor" in offered
    assert "Olga" not in offered
    assert audit.history(record, 1)[0].verb == "comment"
    assert client_of(world.auditor).post(url + "comments/", {"text": "x"}).status_code == 403
    assert (
        'action="' + url + "comments/"
        not in client_of(world.auditor).get(page(entity, record)).content.decode()
    )
    for stranger in (world.outsider,):
        assert client_of(stranger).post(url + "comments/", {"text": "x"}).status_code == 404
        assert client_of(stranger).get(url + "people/").status_code == 404
    assert client.post(f"{url}comments/{said.uid}/", {"text": "Changed"}).status_code == 302
    said.refresh_from_db()
    assert (said.text, said.mentions) == ("Changed", [])
    client.post(f"{url}comments/{said.uid}/withdraw/")
    assert "Changed" not in client.get(page(entity, record)).content.decode()
    assert Comment.objects.get().withdrawn_by == author


@every_kind
def test_files_are_given_out_only_with_the_record(entity: Entity, world: World, record: Any) -> None:
    other = make(entity, world, world.south, 2)
    client, url = client_of(world.admin), entity.url(record)
    sent = {"files": [SimpleUploadedFile("acta.txt", b"Acta 7"), SimpleUploadedFile("b.txt", b"b")]}
    answer = client.post(url + "files/", {**sent, "effective_on": "2026-01-31", "note": "Minutes"})
    assert answer.status_code == 302
    kept = Attachment.objects.get(name="acta.txt")
    assert (kept.effective_on.isoformat(), kept.media_type, kept.size) == ("2026-01-31", "text/plain", 6)
    assert "acta.txt" in client.get(page(entity, record)).content.decode()
    address = f"{url}files/{kept.uid}/"
    assert "Acta 7" in client.get(address).content.decode()
    assert b"".join(client.get(address + "content/").streaming_content) == b"Acta 7"
    # Neither by another record's address, nor without a role, nor signed out, nor from another unit.
    assert client.get(f"{entity.url(other)}files/{kept.uid}/content/").status_code == 404
    assert client_of(world.outsider).get(address + "content/").status_code == 404
    assert Client().get(address + "content/").status_code == 302
    assert client_of(world.auditor).post(url + "files/", {}).status_code == 403
    assert client_of(world.auditor).get(address + "content/").status_code == 200
    if entity.scope is not None:
        (foreign,) = files.attach(other, [SimpleUploadedFile("c.txt", b"c")], by=world.admin)
        manager = client_of(world.north_manager)
        assert manager.get(f"{entity.url(other)}files/{foreign.uid}/content/").status_code == 404
        assert manager.post(f"{entity.url(other)}comments/", {"text": "x"}).status_code == 404


@every_kind
def test_the_past_is_read_from_the_trail(entity: Entity, world: World, record: Any) -> None:
    client, url = client_of(world.admin), page(entity, record)
    joint = "&" if "?" in url else "?"
    today = client.get(f"{url}{joint}on={timezone.localdate().isoformat()}")
    assert "audit trail" in today.content.decode()
    assert "panel-past" in today.content.decode()
    for event in audit.history(record, 2):
        assert "panel-past" in client.get(f"{url}{joint}after={event.pk}").content.decode()
    for nonsense in (
        "on=2026-13-45",
        "on=x",
        "on=9999-12-31",
        "on=0001-01-01",
        "after=x",
        "after=" + "9" * 30,
    ):
        assert client.get(f"{url}{joint}{nonsense}").status_code == 200
    assert client_of(world.outsider).get(f"{url}{joint}on=2026-01-01").status_code == 404


@every_kind
def test_a_page_costs_the_same_however_much_is_said(entity: Entity, world: World, record: Any) -> None:
    client = client_of(world.admin)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page(entity, record, whole=False)).status_code == 200
        return len(captured)

    def add(number: int) -> None:
        comments.comment(record, f"Comment {number} @Nora North", by=world.admin)
        files.attach(record, [SimpleUploadedFile(f"{number}.txt", str(number).encode())], by=world.admin)

    add(0)
    queries()  # what a process asks once
    few = queries()
    for number in range(1, 4):
        add(number)
    assert queries() == few
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
