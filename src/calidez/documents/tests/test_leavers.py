"""Whoever leaves leaves no work unseen: it goes to somebody, or is a broken link until it does."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from calidez.documents import services
from calidez.documents.models import Document, DocumentVersion
from calidez.documents.tests.conftest import Clinic
from calidez.documents.tests.factories import draft, make_document
from calidez.kit.catalog import catalog
from calidez.kit.core import audit
from calidez.kit.core.held import held_in
from calidez.kit.desk import inbox
from calidez.kit.desk.gaps import gaps
from calidez.kit.desk.gaps.finding import records
from calidez.kit.desk.leaving import hand_over, lots
from calidez.kit.tests.visits import client_of
from calidez.people.models import Grant, User

pytestmark = pytest.mark.django_db
OWNER, APPROVER = "documents.owner_gone", "documents.document_approvers_gone"


@pytest.fixture
def waiting(clinic: Clinic) -> DocumentVersion:
    """A version that waits for the boss."""
    document = make_document(clinic.author, clinic.world.root, approvers=[clinic.boss])
    return services.submit(draft(document, by=clinic.author), by=clinic.author)


def broken(key: str, user: User) -> list[Any]:
    return list(records(next(gap for gap in gaps() if gap.key == key), user))


def test_a_version_does_not_wait_for_an_approver_who_has_left(
    clinic: Clinic, waiting: DocumentVersion
) -> None:
    admin = clinic.world.admin
    assert [(lot.key, lot.count, lot.mine) for lot in lots(clinic.boss, admin)] == [(APPROVER, 1, 1)]
    handed = hand_over(clinic.boss, {APPROVER: clinic.second}, by=admin, note="Moved away.")
    assert (handed.count, handed.refused) == (1, ())
    assert [item.uid for item in inbox.pending(clinic.second)] == [waiting.uid]
    assert inbox.pending(clinic.boss) == ()
    document = Document.objects.get()
    told = audit.history(document, limit=1)[0]
    assert (told.verb, told.actor, told.note) == ("hand_over", str(admin), "Moved away.")
    assert services.approve(waiting, by=clinic.second).state == DocumentVersion.State.APPROVED


def test_what_nobody_took_is_a_broken_link_until_somebody_does(
    clinic: Clinic, waiting: DocumentVersion
) -> None:
    admin, document = clinic.world.admin, waiting.document
    assert broken(APPROVER, admin) == []
    User.objects.filter(pk__in=[clinic.boss.pk, clinic.author.pk]).update(is_active=False)
    assert (broken(APPROVER, admin), broken(OWNER, admin)) == ([document], [document])
    page = client_of(admin).get("/broken-links/").content.decode()
    assert f"/people/{clinic.boss.uid}/leaving/" in page
    hand_over(clinic.boss, {APPROVER: clinic.second}, by=admin)
    hand_over(clinic.author, {OWNER: clinic.second}, by=admin)
    assert (broken(APPROVER, admin), broken(OWNER, admin)) == ([], [])


def test_whoever_moved_and_has_no_role_there_any_more_has_left_too(
    clinic: Clinic, waiting: DocumentVersion
) -> None:
    admin = clinic.world.admin
    Grant.objects.filter(user=clinic.boss).update(unit=clinic.world.north)
    assert broken(APPROVER, admin) == [waiting.document], "the document belongs to the whole organisation"
    Grant.objects.filter(user=clinic.boss).update(unit=clinic.world.root, ends=timezone.localdate())
    assert broken(APPROVER, admin) == []


def test_who_may_not_take_it_is_refused_with_the_reason(clinic: Clinic, waiting: DocumentVersion) -> None:
    for receiver, said in ((clinic.reader, "may not see it"), (clinic.author, "somebody else")):
        handed = hand_over(clinic.boss, {APPROVER: receiver}, by=clinic.world.admin)
        assert handed.count == 0
        assert said in handed.refused[0][1] or "may not approve" in handed.refused[0][1]
    assert list(waiting.document.approvers.values_list("person", flat=True)) == [clinic.boss.pk]


def test_nobody_hands_over_what_they_may_not_change(clinic: Clinic, waiting: DocumentVersion) -> None:
    assert [(lot.count, lot.mine) for lot in lots(clinic.boss, clinic.reader)] == [(1, 0)]
    assert hand_over(clinic.boss, {APPROVER: clinic.second}, by=clinic.reader).count == 0


def test_the_page_hands_over_and_ends_the_access(clinic: Clinic, waiting: DocumentVersion) -> None:
    client = client_of(clinic.world.admin)
    address = f"/people/{clinic.boss.uid}/leaving/"
    assert str(waiting.document) in client.get(address).content.decode()
    unsaid = client.post(address, {"everything": str(clinic.second.uid), "deactivate": "1"})
    assert unsaid.status_code == 422, "the reason is kept for whoever asks later"
    given = {"everything": str(clinic.second.uid), "note": "Moved away.", "deactivate": "1"}
    assert client.post(address, given).status_code == 302
    clinic.boss.refresh_from_db()
    assert not clinic.boss.is_active
    assert broken(APPROVER, clinic.world.admin) == []
    panel = client.get(f"/people/{clinic.boss.uid}/?whole=1").content.decode()
    assert address not in panel, "nothing is left to hand over"


def test_one_kind_may_go_to_another_person_or_to_nobody(clinic: Clinic, waiting: DocumentVersion) -> None:
    client = client_of(clinic.world.admin)
    given = {"everything": str(clinic.second.uid), APPROVER: "-", "note": "Moved."}
    client.post(f"/people/{clinic.boss.uid}/leaving/", given)
    assert list(waiting.document.approvers.values_list("person", flat=True)) == [clinic.boss.pk]
    clinic.boss.refresh_from_db()
    assert clinic.boss.is_active, "only handed over"


def test_nobody_takes_the_work_only_where_somebody_says_so(clinic: Clinic, waiting: DocumentVersion) -> None:
    client = client_of(clinic.world.admin)
    address = f"/people/{clinic.boss.uid}/leaving/"
    page = client.get(address).content.decode()
    assert "Choose a person" in page
    assert "Nobody for now (" in page
    assert client.post(address, {"note": "Gone.", "deactivate": "1"}).status_code == 422
    clinic.boss.refresh_from_db()
    assert clinic.boss.is_active
    assert client.post(address, {"note": "Gone.", "deactivate": "1", "everything": "-"}).status_code == 302
    clinic.boss.refresh_from_db()
    assert not clinic.boss.is_active


def test_strangers_find_no_such_page(clinic: Clinic) -> None:
    stranger: Client = client_of(clinic.world.outsider)
    assert stranger.get(f"/people/{clinic.boss.uid}/leaving/").status_code == 404


def test_every_kind_with_an_owner_says_what_becomes_of_it() -> None:
    """Also those of parts to come: an owner of whom nothing is said is held in every state."""
    for entity in catalog:
        nobodys = entity.held == ()  # said on purpose, as of tokens
        if not nobodys and any(field.name == "owner" for field in entity.model._meta.concrete_fields):
            assert any(held.who == "owner" for held in held_in(entity)), entity.key
