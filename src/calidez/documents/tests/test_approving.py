"""From draft to approved: who may decide and when, and what makes an approval void."""

from __future__ import annotations

import pytest
from django.test import Client

from calidez.documents import selectors, services
from calidez.documents.models import Approval, Document, DocumentVersion
from calidez.documents.tests.conftest import Clinic
from calidez.documents.tests.factories import APPROVERS, approved, draft, in_force, make_document
from calidez.kit.catalog import catalog
from calidez.kit.core import audit, verification
from calidez.kit.core.children import Row
from calidez.kit.core.trail import as_it_stood
from calidez.kit.desk.notifications.models import Notification
from calidez.kit.platform.errors import NotAllowed, RuleBroken

State = DocumentVersion.State


def submitted(clinic: Clinic, *approvers: object, **values: object) -> DocumentVersion:
    document = make_document(clinic.author, clinic.world.root, approvers=approvers or [clinic.boss], **values)
    return services.submit(draft(document, by=clinic.author), by=clinic.author)


def edit(document: Document, by: object, **values: object) -> Document:
    edition = catalog.of(Document).edition
    assert edition is not None
    document.refresh_from_db()
    return edition(document, by=by, **values)


def test_a_version_needs_content_and_an_approver_who_did_not_write_it(clinic: Clinic) -> None:
    document = make_document(clinic.author, clinic.world.root)
    empty = draft(document, by=clinic.author, text="")
    with pytest.raises(RuleBroken, match="Write the text or give a file"):
        services.submit(empty, by=clinic.author)
    edition = catalog.of(DocumentVersion).edition
    assert edition is not None
    written = edition(empty, by=clinic.author, text="Greet everybody.")
    with pytest.raises(RuleBroken, match="Name at least one approver"):
        services.submit(written, by=clinic.author)
    edit(document, clinic.author, child_rows={APPROVERS: [Row({"person": clinic.author})]})
    with pytest.raises(RuleBroken, match="Whoever wrote the version does not approve it"):
        services.submit(written, by=clinic.author)


def test_from_the_second_version_on_it_says_what_changes(clinic: Clinic) -> None:
    document = make_document(clinic.author, clinic.world.root, approvers=[clinic.boss])
    in_force(document, by=clinic.author, approved_by=[clinic.boss])
    second = draft(document, by=clinic.author, text="Greet everybody by name.")
    assert second.number == 2
    with pytest.raises(RuleBroken, match="what changes") as refused:
        services.submit(second, by=clinic.author)
    assert refused.value.field == "summary"
    assert services.submit(second, by=clinic.author, summary="By name.").state == State.IN_REVIEW


def test_the_author_cannot_approve_even_as_one_of_several(clinic: Clinic) -> None:
    version = submitted(clinic, clinic.author, clinic.boss)
    assert [a.person for a in version.approvals.all()] == [clinic.boss]
    with pytest.raises(RuleBroken, match="You wrote this version"):
        services.approve(version, by=clinic.author)
    assert services.approve(version, by=clinic.boss).state == State.APPROVED


def test_whoever_changed_the_draft_is_an_author_too(clinic: Clinic) -> None:
    document = make_document(clinic.author, clinic.world.root, approvers=[clinic.world.admin, clinic.boss])
    version = draft(document, by=clinic.author)
    edition = catalog.of(DocumentVersion).edition
    assert edition is not None
    edition(version, by=clinic.world.admin, text="Greet nobody.")
    version = services.submit(version, by=clinic.author)
    with pytest.raises(RuleBroken, match="You wrote this version"):
        services.approve(version, by=clinic.world.admin)


def test_only_those_asked_decide_and_once(clinic: Clinic) -> None:
    version = submitted(clinic, clinic.boss, clinic.second)
    with pytest.raises(NotAllowed):
        services.approve(version, by=clinic.reader)
    with pytest.raises(RuleBroken, match="Only those asked"):
        services.approve(version, by=clinic.world.admin)
    version = services.approve(version, by=clinic.boss)
    assert version.state == State.IN_REVIEW
    with pytest.raises(RuleBroken, match="already"):
        services.approve(version, by=clinic.boss)


def test_one_after_the_other(clinic: Clinic) -> None:
    version = submitted(clinic, clinic.second, clinic.boss, approval_order=Document.Approval.SEQUENTIAL)
    asked = {a.person: a.asked_at is not None for a in version.approvals.all()}
    assert asked == {clinic.second: True, clinic.boss: False}
    with pytest.raises(RuleBroken, match="Sue Second decides first"):
        services.approve(version, by=clinic.boss)
    assert services.approve(version, by=clinic.second).state == State.IN_REVIEW
    done = services.approve(version, by=clinic.boss)
    assert done.state == State.APPROVED
    assert done.approved_by == "Sue Second; Bert Boss"


def test_an_approval_keeps_the_digest_of_what_was_approved_and_one_event(clinic: Clinic) -> None:
    version = submitted(clinic)
    version = services.approve(version, by=clinic.boss)
    approval = version.approvals.get()
    assert approval.digest == version.digest == selectors.digest_of(version)
    assert [e.verb for e in audit.history(version)][:2] == ["approve", "submit"]
    assert verification.verify().intact


def test_the_content_cannot_be_changed_once_submitted(clinic: Clinic) -> None:
    version = submitted(clinic)
    edition = catalog.of(DocumentVersion).edition
    assert edition is not None
    with pytest.raises(RuleBroken, match="In review"):
        edition(version, by=clinic.author, text="Something else.")


def test_content_changed_behind_our_back_is_not_approved(clinic: Clinic) -> None:
    version = submitted(clinic)
    DocumentVersion.objects.filter(pk=version.pk).update(text="Something else.")
    with pytest.raises(RuleBroken, match="changed after it was submitted"):
        services.approve(version, by=clinic.boss)


@pytest.mark.parametrize("change", [{"title": "Welcome"}, {"kind": Document.Kind.MANUAL}])
def test_a_new_title_or_kind_voids_the_approvals_and_asks_again(
    clinic: Clinic, change: dict[str, str]
) -> None:
    document = make_document(clinic.author, clinic.world.root, approvers=[clinic.boss, clinic.second])
    version = approved(document, by=clinic.author, approved_by=[clinic.boss, clinic.second])
    Notification.objects.all().delete()
    edit(document, clinic.author, **change)
    version.refresh_from_db()
    assert version.state == State.IN_REVIEW
    assert version.approved_at is None
    void = version.approvals.filter(void_at__isnull=False)
    assert {a.person for a in void} == {clinic.boss, clinic.second}
    assert all("title or the kind" in a.void_reason for a in void)
    texts = [n.text for n in Notification.objects.filter(person=clinic.boss)]
    assert any("is void" in text for text in texts)
    with pytest.raises(RuleBroken, match="not possible now"):
        services.put_in_force(version, by=clinic.author)
    version = services.approve(services.approve(version, by=clinic.boss), by=clinic.second)
    assert version.state == State.APPROVED
    assert version.digest == selectors.digest_of(version)


def test_another_change_of_the_document_leaves_the_approvals(clinic: Clinic) -> None:
    document = make_document(clinic.author, clinic.world.root, approvers=[clinic.boss])
    version = approved(document, by=clinic.author, approved_by=[clinic.boss])
    edit(document, clinic.author, process="Admission")
    version.refresh_from_db()
    assert version.state == State.APPROVED
    assert not version.approvals.filter(void_at__isnull=False).exists()


def test_sent_back_with_a_reason_it_is_a_draft_and_all_are_asked_again(clinic: Clinic) -> None:
    version = submitted(clinic, clinic.boss, clinic.second)
    services.approve(version, by=clinic.second)
    version = services.send_back(version, by=clinic.boss, note="Who greets at night?")
    assert version.state == State.DRAFT
    assert audit.history(version, limit=1)[0].note == "Who greets at night?"
    assert version.approvals.get(person=clinic.second).void_reason == "Bert Boss sent the version back."
    told = Notification.objects.filter(person=clinic.author)
    assert [n.text for n in told] == ["Bert Boss sent back: Admission, version 1"]
    version = services.submit(version, by=clinic.author)
    assert selectors.current_approvals(version).filter(decision="").count() == 2
    assert version.approvals.filter(decision=Approval.Decision.SENT_BACK).count() == 1


def test_only_the_author_takes_it_back_and_the_approvals_become_void(clinic: Clinic) -> None:
    version = submitted(clinic)
    services.approve(version, by=clinic.boss)
    with pytest.raises(RuleBroken, match="Only whoever wrote"):
        services.take_back(version, by=clinic.world.admin, note="No")
    version = services.take_back(version, by=clinic.author, note="A mistake")
    stood = as_it_stood(version).values
    assert stood is not None
    assert stood["state"] == State.DRAFT  # the trail tells it, and in these words
    page = Client()
    page.force_login(clinic.author, backend="django.contrib.auth.backends.ModelBackend")
    told = page.get(catalog.of(DocumentVersion).url(version)).content.decode()
    assert "took the work back" not in told
    assert (version.state, version.digest, version.title) == (State.DRAFT, "", "")
    assert version.approvals.get().void_at is not None


def test_approvers_follow_the_document_while_it_is_in_review(clinic: Clinic) -> None:
    version = submitted(clinic)
    edit(version.document, clinic.author, child_rows={APPROVERS: [Row({"person": clinic.second})]})
    assert version.approvals.get(person=clinic.boss).void_reason == "No longer among the approvers."
    with pytest.raises(RuleBroken, match="Only those asked"):
        services.approve(version, by=clinic.boss)
    assert services.approve(version, by=clinic.second).state == State.APPROVED
    other = submitted(clinic)
    with pytest.raises(RuleBroken, match="approver"):
        edit(other.document, clinic.author, child_rows={APPROVERS: []})


def test_whoever_may_not_approve_cannot_be_named(clinic: Clinic) -> None:
    with pytest.raises(
        RuleBroken, match="Rita Reader may not approve documents of “North clinic”"
    ) as refused:
        make_document(clinic.author, clinic.world.north, approvers=[clinic.reader])
    assert refused.value.field == APPROVERS


def test_numbers_have_no_gaps_and_one_version_is_in_the_works(clinic: Clinic) -> None:
    document = make_document(clinic.author, clinic.world.root, approvers=[clinic.boss])
    first = draft(document, by=clinic.author)
    with pytest.raises(RuleBroken, match="already in the works"):
        draft(document, by=clinic.author)
    first = services.discard(first, by=clinic.author, note="Begun anew")
    assert first.state == State.RETIRED
    assert [draft(document, by=clinic.author).number, first.number] == [2, 1]


def test_text_or_file_and_a_question_with_answers(clinic: Clinic) -> None:
    document = make_document(clinic.author, clinic.world.root)
    with pytest.raises(RuleBroken, match="right answer"):
        draft(document, by=clinic.author, question="Who?")
    with pytest.raises(RuleBroken, match="at least one wrong"):
        draft(document, by=clinic.author, question="Who?", right_answer="All")
    with pytest.raises(RuleBroken, match="also stands among the wrong"):
        draft(document, by=clinic.author, question="Who?", right_answer="All", wrong_answers="None\nall")


def test_a_process_owner_writes_and_does_not_approve(clinic: Clinic) -> None:
    from calidez.people.tests.factories import person

    writer = person(clinic.world.admin, clinic.world.root, "w@example.org", "Wim", role="process_owner")
    document = make_document(writer, clinic.world.root, approvers=[clinic.boss])
    version = services.submit(draft(document, by=writer), by=writer)
    with pytest.raises(NotAllowed):
        services.approve(version, by=writer)
    version = services.approve(version, by=clinic.boss)
    with pytest.raises(NotAllowed):
        services.put_in_force(version, by=writer)
