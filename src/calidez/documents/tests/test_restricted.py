"""A restricted document walked past every door by somebody who may not know them."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from calidez.config.tests.layers import layer
from calidez.documents import jobs
from calidez.documents.models import Acknowledgement, Document, DocumentVersion
from calidez.documents.tests.asking import asked, client_of, told
from calidez.documents.tests.conftest import Clinic
from calidez.documents.tests.factories import approved, in_force, make_document
from calidez.kit.catalog import catalog
from calidez.kit.core import access, audit
from calidez.kit.desk.comments import services as comments
from calidez.kit.desk.files.services import attach
from calidez.kit.desk.inbox import reminders
from calidez.kit.desk.inbox.waiting import pending
from calidez.kit.desk.notifications.models import Notification
from calidez.people.tests.factories import person

TITLE, SECRET = "Whistleblowing", "Zanzibar"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@dataclass(frozen=True)
class Hidden:
    """Restricted, asked of the north alone, with two versions that held and one in the works."""

    document: Document
    first: DocumentVersion
    second: DocumentVersion
    picture: str


@pytest.fixture
def hidden(shared_hidden: Hidden, db: None) -> Hidden:
    return copy.deepcopy(shared_hidden)


@pytest.fixture(scope="module")
def shared_hidden(shared_clinic: Clinic) -> Iterator[Hidden]:
    with layer():
        yield hidden_in(copy.deepcopy(shared_clinic))


def hidden_in(clinic: Clinic) -> Hidden:
    document = make_document(
        clinic.author,
        clinic.world.root,
        approvers=[clinic.boss],
        confidentiality=Document.Confidentiality.RESTRICTED,
        readers_units=[clinic.world.north],
        title=TITLE,
    )
    first = in_force(document, by=clinic.author, approved_by=[clinic.boss], text=f"Tell {SECRET}.")
    second = in_force(
        document,
        by=clinic.author,
        approved_by=[clinic.boss],
        text=f"Tell {SECRET} at once.",
        summary=f"About {SECRET}.",
    )
    approved(document, by=clinic.author, approved_by=[clinic.boss], summary=f"More of {SECRET}.")
    [picture] = attach(first, [SimpleUploadedFile("plan.png", PNG)], by=clinic.author)
    comments.comment(document, f"Think of {SECRET}.", by=clinic.author)
    Acknowledgement.objects.filter(document_version=second).update(
        due=timezone.localdate().replace(year=2020)
    )
    return Hidden(document, first, second, str(picture.uid))


SHUT = (
    "/documents/{document}/",
    "/documents/{document}/?on=2030-01-01",
    "/documents/{document}/thread/down/",
    "/documents/{document}/people/?q=a",
    "/documents/{document}/compare/?from=1&to=2",
    "/documents/{document}/print/",
    "/documents/{document}/versions/1/print/",
    "/documents/{document}/versions/1/file/",
    "/documents/{document}/versions/1/pictures/{picture}/",
    "/document-versions/{first}/",
    "/document-versions/{first}/thread/up/?on=2030-01-01",
    "/documents/{document}/panels/history/",
    "/document-versions/{first}/panels/content/",
    "/document-versions/{first}/panels/comments/?on=2030-01-01",
    "/document-versions/{first}/files/{picture}/",
    "/document-versions/{first}/files/{picture}/content/",
    "/document-versions/{first}/file/file/",
    "/document-versions/{first}/do/dispose/",
    "/documents/{document}/edit/",
    "/documents/{document}/do/retire/",
)
SILENT = (
    "/",
    "/documents/",
    "/documents/?q=Whistleblowing",
    "/documents/?q=Zanzibar",
    "/documents/?group=owner",
    "/documents/?columns=code,title,version_in_force,digest",
    "/documents/export.csv",
    "/documents/export.csv?q=Zanzibar&columns=code,title",
    "/documents/options/owner/",
    "/document-versions/",
    "/document-versions/?q=Zanzibar",
    "/document-versions/export.csv?columns=document,summary",
    "/document-versions/options/document/?q=Whistle",
    "/document-versions/new/",
    "/document-versions/new/?document={pk}",
    "/acknowledgements/",
    "/acknowledgements/?q=Whistleblowing",
    "/acknowledgements/options/document_version/?q=Whistle",
    "/search/?q=Whistleblowing",
    "/search/?q=Zanzibar",
    "/search/?q=Whistlebowing",
    "/broken-links/",
    "/broken-links/?kind=documents.unread",
    "/my-work/",
    "/notifications/",
    "/notifications/latest/",
    "/documents-in-force/",
    "/my-reading/",
)


def test_shut_doors_stay_shut(clinic: Clinic, hidden: Hidden) -> None:
    names = {
        "document": hidden.document.uid,
        "first": hidden.first.uid,
        "picture": hidden.picture,
    }
    for who in (clinic.second, clinic.world.auditor):
        for address in SHUT:
            answer = client_of(who).get(address.format(**names))
            assert answer.status_code == 404, (who, address, answer.status_code)


@pytest.mark.slow
def test_what_is_open_to_them_says_nothing_of_it(clinic: Clinic, hidden: Hidden) -> None:
    audit.seal()  # as the worker does where writers do not, so that the search knows of it
    searches = ("q=Whistle", "q=Zanzi")
    for who in (clinic.second, clinic.world.auditor):
        for address in SILENT:
            page = told(who, address.format(pk=hidden.document.pk))
            if any(word in address for word in searches):
                # The words that were typed stand in the field of the search.
                assert hidden.document.code not in page, (who, address)
                assert str(hidden.document.uid) not in page, (who, address)
            else:
                for word in (TITLE, SECRET, hidden.document.code):
                    assert word not in page, (who, address)
    assert TITLE in told(clinic.world.admin, "/documents/?q=Zanzibar")
    assert hidden.document.code in told(clinic.world.admin, "/search/?q=Zanzibar")
    assert TITLE in told(clinic.world.admin, "/broken-links/")


def test_the_programming_interface_says_nothing_of_it(clinic: Clinic, hidden: Hidden) -> None:
    document, first = hidden.document, hidden.first
    for who in (clinic.second, clinic.world.auditor):
        for path in (
            *("documents", "documents?q=Whistleblowing", "document-versions", "acknowledgements"),
            *("gaps?kind=documents.unread", "broken-links", "documents?changed_since=2020-01-01T00:00:00Z"),
        ):
            answer = asked(who, path).content.decode()
            assert TITLE not in answer.replace("q=Whistleblowing", ""), path
            assert SECRET not in answer, path
            assert document.code not in answer, path
        for path in (
            *(f"documents/{document.code}", f"documents/{document.uid}", f"documents/{document.uid}/history"),
            *(f"document-versions/{first.uid}", f"document-versions/{first.uid}/history"),
        ):
            assert asked(who, path).status_code == 404, path
        answer = asked(who, f"document-versions?document={document.code}")
        assert answer.status_code in {404, 422} or not answer.json()["items"]
    assert asked(clinic.boss, f"documents/{document.code}").status_code == 200
    # Whoever writes versions somewhere does not learn of it by writing one for it.
    for name in (document.code, str(document.uid)):
        answer = asked(clinic.second, "document-versions", "POST", {"document": name, "text": "Mine."})
        assert answer.status_code in {403, 422}
        assert TITLE not in answer.content.decode()


def test_nobody_shut_out_waits_for_it_or_hears_of_it(clinic: Clinic, hidden: Hidden) -> None:
    jobs.ask_new_readers()
    reminders.remind(timezone.localdate())
    for who in (clinic.second, clinic.world.auditor):
        assert not [item for item in pending(who) if TITLE in item.text]
        assert not Notification.objects.filter(person=who, text__contains=TITLE).exists()


def test_only_those_who_may_see_it_are_named_in_comments(clinic: Clinic, hidden: Hidden) -> None:
    """To be named is to be told; and whom one can name tells who may see it."""
    for record in (hidden.document, hidden.second):
        people = {person.name for person in comments.people_to_mention(record)}
        assert {"Amy Author", "Bert Boss"} <= people
        assert not {"Sue Second"} & people
        _kept, mentions = comments.comment(record, "@Sue Second look: Zanzibar", by=clinic.author)
        assert not mentions.found
    assert not Notification.objects.filter(person=clinic.second).exists()
    assert "Rita Reader" in {person.name for person in comments.people_to_mention(hidden.document)}
    reading = Acknowledgement.objects.get(document_version=hidden.second, person=clinic.reader)
    assert "Sue Second" not in {person.name for person in comments.people_to_mention(reading)}


@pytest.mark.parametrize("confidentiality", Document.Confidentiality.values)
def test_who_may_be_told_is_who_may_see(clinic: Clinic, hidden: Hidden, confidentiality: str) -> None:
    """The two ways to ask agree, person by person."""
    Document.objects.update(confidentiality=confidentiality)
    everybody = type(clinic.author).objects.filter(is_active=True)
    for model in (Document, DocumentVersion, Acknowledgement):
        entity = catalog.of(model)
        for record in model.objects.all():
            seen_by = {p.pk for p in everybody if entity.queryset(p).filter(pk=record.pk).exists()}
            told_of = set(access.seers(entity, record).values_list("pk", flat=True))
            assert told_of == seen_by, (record, confidentiality)


def test_whoever_was_shut_out_does_not_edit_it_either(clinic: Clinic, hidden: Hidden) -> None:
    """A role that may edit documents is no key to a hidden one."""
    writer = person(
        clinic.world.admin, clinic.world.root, "writer@example.org", "Wanda Writer", role="process_owner"
    )
    for path in (f"documents/{hidden.document.uid}", f"document-versions/{hidden.second.uid}"):
        assert asked(writer, path, "PATCH", {"title": "Mine", "text": "Mine"}).status_code == 404
    assert "Whistle" not in told(writer, "/document-versions/new/")
    answer = asked(writer, "document-versions", "POST", {"document": hidden.document.code, "text": "Mine."})
    assert answer.status_code == 422
    assert TITLE not in answer.content.decode()
    page = client_of(writer).post(
        "/document-versions/new/", {"document": hidden.document.pk, "text": "Mine."}
    )
    assert TITLE not in page.content.decode()
    assert not DocumentVersion.objects.filter(created_by=writer).exists()
    beside = client_of(writer).post(
        f"/document-versions/beside/preview/?record={hidden.second.uid}", {"text": "Mine."}
    )
    assert beside.status_code == 404
