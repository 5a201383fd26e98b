"""“Read and understood”: who is asked, who may say so, what ends it, and who had read it on a day."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from calidez.documents import jobs, selectors, services, waiting
from calidez.documents.models import Acknowledgement, Document, DocumentVersion
from calidez.documents.tests.conftest import Clinic
from calidez.documents.tests.factories import approved, in_force, make_document
from calidez.kit.catalog import catalog
from calidez.kit.desk import inbox
from calidez.kit.desk.inbox import reminders
from calidez.kit.desk.inbox.sources import source
from calidez.kit.desk.notifications.models import Notification
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.kit.platform.formats import day
from calidez.kit.platform.jobs.models import Job
from calidez.people.models import User

State = Acknowledgement.State


@pytest.fixture
def document(clinic: Clinic) -> Document:
    return make_document(
        clinic.author,
        clinic.world.root,
        approvers=[clinic.boss],
        readers_positions=[clinic.position],
    )


def nurse(clinic: Clinic, who: User) -> User:
    edition = catalog.of(User).edition
    assert edition is not None
    return edition(who, by=clinic.world.admin, position=clinic.position)


def asked(version: DocumentVersion, who: User) -> Acknowledgement:
    return version.acknowledgements.get(person=who)


def test_those_of_the_positions_are_asked_once_it_holds(clinic: Clinic, document: Document) -> None:
    nurse(clinic, clinic.reader)
    version = approved(document, by=clinic.author, approved_by=[clinic.boss])
    assert not version.acknowledgements.exists()
    version = services.put_in_force(version, by=clinic.author)
    one = version.acknowledgements.get()
    assert (one.person, one.state) == (clinic.reader, State.ASKED)
    assert one.due == timezone.localdate() + dt.timedelta(days=14)
    told = Notification.objects.filter(person=clinic.reader, kind="documents.reading")
    assert [n.text for n in told] == ["Please read: Admission, version 1"]


def test_a_unit_means_all_below_and_only_who_may_see_documents(clinic: Clinic) -> None:
    document = make_document(
        clinic.author, clinic.world.root, approvers=[clinic.boss], readers_units=[clinic.world.root]
    )
    version = in_force(document, by=clinic.author, approved_by=[clinic.boss])
    names = set(version.acknowledgements.values_list("person__name", flat=True))
    assert {"Rita Reader", "Otto Other", "Bert Boss"} <= names
    assert "Olga Outsider" not in names  # holds no role, so could neither read nor say so


def test_only_the_person_asked_says_so(clinic: Clinic, document: Document) -> None:
    nurse(clinic, clinic.reader)
    version = in_force(document, by=clinic.author, approved_by=[clinic.boss])
    one = asked(version, clinic.reader)
    with pytest.raises(RuleBroken, match="Only Rita Reader can say"):
        services.acknowledge(one, by=clinic.other)
    done = services.acknowledge(one, by=clinic.reader)
    assert (done.state, done.done_at is not None) == (State.DONE, True)
    with pytest.raises(NotAllowed):
        services.acknowledge(one, by=clinic.world.auditor)


def test_a_superseded_version_is_not_acknowledged(clinic: Clinic, document: Document) -> None:
    nurse(clinic, clinic.reader)
    first = in_force(document, by=clinic.author, approved_by=[clinic.boss])
    one = asked(first, clinic.reader)
    second = in_force(document, by=clinic.author, approved_by=[clinic.boss], text="New.", summary="New.")
    one.refresh_from_db()
    assert one.state == State.VOID
    assert one.void_reason.startswith("Version 2 is in force since")
    with pytest.raises(RuleBroken, match="no longer holds: read version 2 instead"):
        services.acknowledge(one, by=clinic.reader)
    assert asked(second, clinic.reader).state == State.ASKED


def test_a_retired_version_is_not_acknowledged(clinic: Clinic, document: Document) -> None:
    nurse(clinic, clinic.reader)
    version = in_force(document, by=clinic.author, approved_by=[clinic.boss])
    one = asked(version, clinic.reader)
    document.refresh_from_db()
    services.retire(document, by=clinic.author, note="Over")
    with pytest.raises(RuleBroken, match="is retired: there is nothing to confirm"):
        services.acknowledge(one, by=clinic.reader)


def test_the_check_question_must_be_answered_right_and_tries_are_counted(
    clinic: Clinic, document: Document
) -> None:
    nurse(clinic, clinic.reader)
    version = in_force(
        document,
        by=clinic.author,
        approved_by=[clinic.boss],
        question="Whom do we greet?",
        right_answer="Everybody",
        wrong_answers="Nobody\nFriends",
    )
    one = asked(version, clinic.reader)
    with pytest.raises(RuleBroken, match="Answer the check question first: Whom do we greet"):
        services.acknowledge(one, by=clinic.reader)
    for _try in range(2):
        with pytest.raises(RuleBroken, match="not the right answer"):
            services.acknowledge(one, by=clinic.reader, answer="Nobody")
    one.refresh_from_db()
    assert (one.tries, one.state, one.answer) == (2, State.ASKED, "")
    done = services.acknowledge(one, by=clinic.reader, answer="everybody ")
    assert (done.state, done.tries) == (State.DONE, 2)


def test_the_page_offers_the_answers(clinic: Clinic, document: Document) -> None:
    nurse(clinic, clinic.reader)
    version = in_force(
        document,
        by=clinic.author,
        approved_by=[clinic.boss],
        question="Whom do we greet?",
        right_answer="Everybody",
        wrong_answers="Nobody\nFriends",
    )
    client = Client()
    client.force_login(clinic.reader, backend="django.contrib.auth.backends.ModelBackend")
    one = asked(version, clinic.reader)
    address = f"{catalog.of(Acknowledgement).url(one)}do/acknowledge/"
    page = client.get(address).content.decode()
    assert page.count('type="radio"') == 3
    assert "Whom do we greet?" in page
    refused = client.post(address, {"version": one.version, "answer": "Friends"})
    assert refused.status_code == 422
    assert "not the right answer" in refused.content.decode()
    assert client.post(address, {"version": one.version, "answer": "Everybody"}).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.tries) == (State.DONE, 1)


def test_without_a_question_one_press_is_enough(clinic: Clinic, document: Document) -> None:
    nurse(clinic, clinic.reader)
    version = in_force(document, by=clinic.author, approved_by=[clinic.boss])
    one = asked(version, clinic.reader)
    client = Client()
    client.force_login(clinic.reader, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(f"{catalog.of(Acknowledgement).url(one)}do/acknowledge/", {"version": one.version})
    assert answer.status_code == 302
    one.refresh_from_db()
    assert one.state == State.DONE


def test_whoever_joins_later_is_asked_and_whoever_leaves_no_longer(
    clinic: Clinic, document: Document
) -> None:
    nurse(clinic, clinic.reader)
    version = in_force(document, by=clinic.author, approved_by=[clinic.boss])
    Job.objects.all().delete()
    nurse(clinic, clinic.other)
    assert Job.objects.filter(name="documents.ask_new_readers").count() == 1
    jobs.ask_new_readers()
    assert asked(version, clinic.other).state == State.ASKED
    edition = catalog.of(User).edition
    assert edition is not None
    clinic.reader.refresh_from_db()
    edition(clinic.reader, by=clinic.world.admin, position=None)
    jobs.ask_new_readers()
    assert asked(version, clinic.reader).state == State.VOID
    assert asked(version, clinic.reader).void_reason == "No longer among its readers."
    assert services.follow_readers() == 0


def test_other_readers_of_the_document_are_asked_at_once(clinic: Clinic, document: Document) -> None:
    version = in_force(document, by=clinic.author, approved_by=[clinic.boss])
    edition = catalog.of(Document).edition
    assert edition is not None
    document.refresh_from_db()
    edition(document, by=clinic.author, readers_units=[clinic.world.north])
    assert asked(version, clinic.reader).state == State.ASKED


def test_reminders_before_and_after_the_day(clinic: Clinic, document: Document) -> None:
    nurse(clinic, clinic.reader)
    one = asked(in_force(document, by=clinic.author, approved_by=[clinic.boss]), clinic.reader)
    Notification.objects.all().delete()
    days = [reminders.remind(one.due + dt.timedelta(days=offset)) for offset in (-4, -2, -1, 2, 3, 9)]
    assert days == [0, 1, 0, 1, 0, 1]
    texts = list(Notification.objects.order_by("id").values_list("text", flat=True))
    said = day(one.due)
    assert texts == [
        f"Due on {said}: Read: Admission, version 1",
        f"Overdue since {said}: Read: Admission, version 1",
        f"Overdue since {said}: Read: Admission, version 1",
    ]


def test_it_stands_in_everybodys_work_until_it_is_done(clinic: Clinic, document: Document) -> None:
    nurse(clinic, clinic.reader)
    version = approved(document, by=clinic.author, approved_by=[])
    approving, reading = source("documents.documentversion"), source("documents.acknowledgement")
    assert approving is not None
    assert reading is not None
    (item,) = approving.all(clinic.boss)
    assert item.text == "Approve: Admission, version 1"
    assert item.since == version.approvals.get(person=clinic.boss).asked_at
    assert inbox.count(clinic.boss) == 1
    assert approving.all(clinic.second) == []
    assert inbox.count(clinic.second) == 0
    version = services.approve(version, by=clinic.boss)
    assert [p.text for p in waiting.to_put_in_force(clinic.author)] == ["Put in force: Admission, version 1"]
    version = services.put_in_force(version, by=clinic.author)
    (item,) = reading.all(clinic.reader)
    assert inbox.count(clinic.reader) == 1
    assert (item.text, item.due) == ("Read: Admission, version 1", asked(version, clinic.reader).due)
    services.acknowledge(asked(version, clinic.reader), by=clinic.reader)
    assert reading.all(clinic.reader) == []
    assert waiting.to_put_in_force(clinic.author) == ()


def test_readers_that_are_missing_on_the_day_are_the_owners_work(clinic: Clinic) -> None:
    document = make_document(
        clinic.author,
        clinic.world.root,
        approvers=[clinic.boss],
        readers_units=[clinic.world.north],
        readers_share=100,
    )
    version = approved(document, by=clinic.author, approved_by=[clinic.boss])
    assert waiting.to_put_in_force(clinic.author) == ()  # people are reading
    DocumentVersion.objects.filter(pk=version.pk).update(effective_on=timezone.localdate())
    (item,) = waiting.to_put_in_force(clinic.author)
    assert waiting.approved(clinic.author).exists()
    assert item.text == "Readers are missing: Admission, version 1"


def test_everybody_sees_their_own_reading_and_the_owner_all(clinic: Clinic, document: Document) -> None:
    nurse(clinic, clinic.reader)
    nurse(clinic, clinic.other)
    version = in_force(document, by=clinic.author, approved_by=[clinic.boss])
    entity = catalog.of(Acknowledgement)
    assert {a.person for a in entity.queryset(clinic.reader)} == {clinic.reader}
    assert {a.person for a in entity.queryset(clinic.author)} == {clinic.reader, clinic.other}
    assert entity.queryset(clinic.world.outsider).count() == 0
    client = Client()
    client.force_login(clinic.reader, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/my-reading/", follow=True).content.decode()
    assert str(asked(version, clinic.reader).uid) in answer
    assert str(asked(version, clinic.other).uid) not in answer


def test_who_had_read_it_on_a_day(clinic: Clinic, document: Document) -> None:
    nurse(clinic, clinic.reader)
    nurse(clinic, clinic.other)
    version = in_force(document, by=clinic.author, approved_by=[clinic.boss])
    for who in (clinic.reader, clinic.other):
        services.acknowledge(asked(version, who), by=who)
    today = timezone.localdate()
    asked(version, clinic.other)
    version.acknowledgements.filter(person=clinic.reader).update(
        done_at=timezone.now() - dt.timedelta(days=3)
    )
    then = selectors.readers_on(version, today - dt.timedelta(days=2))
    assert [a.person for a in then] == [clinic.reader]
    assert selectors.readers_on(version, today).count() == 2
