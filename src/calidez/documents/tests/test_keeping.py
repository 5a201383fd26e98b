"""Documents over the years: reviews, what is disposed of, what restricted means, and texts of upper parts."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from calidez.documents import selectors, services
from calidez.documents.models import Acknowledgement, Document, DocumentVersion
from calidez.documents.tests.conftest import Clinic
from calidez.documents.tests.factories import approved, draft, in_force, make_document
from calidez.kit.catalog import catalog
from calidez.kit.core import audit, verification
from calidez.kit.desk import inbox
from calidez.kit.desk.inbox import reminders
from calidez.kit.desk.inbox.sources import source
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.kept_files import store

State = DocumentVersion.State
PDF = b"%PDF-1.7\nA procedure.\n%%EOF\n"


def client_of(who: object) -> Client:
    client = Client()
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
    return client


@pytest.fixture
def document(clinic: Clinic) -> Document:
    return make_document(
        clinic.author, clinic.world.root, approvers=[clinic.boss], review_every=6, retention_years=1
    )


def test_a_review_is_asked_for_and_confirmed_with_a_note(clinic: Clinic, document: Document) -> None:
    in_force(document, by=clinic.author, approved_by=[clinic.boss])
    document.refresh_from_db()
    due = document.review_due
    assert due is not None
    reviews = source("documents.document")
    assert reviews is not None
    assert reviews.all(clinic.author) == []
    told = [reminders.remind(due + dt.timedelta(days=offset)) for offset in (-40, -20, -10, 1, 10, 16)]
    assert told == [0, 1, 0, 1, 0, 1]
    Document.objects.update(review_due=timezone.localdate() - dt.timedelta(days=2))
    (item,) = reviews.all(clinic.author)
    assert (item.text, item.kind) == ("Review: Admission", f"Document · {document.code}")
    assert item.act is not None
    assert item.act.text == "Confirm without change"
    assert inbox.count(clinic.author) == 1
    document = services.confirm_review(document, by=clinic.author, note="Still right.")
    assert document.review_due is not None
    assert document.review_due > timezone.localdate() + dt.timedelta(days=170)
    assert audit.history(document, limit=1)[0].note == "Still right."
    assert reviews.all(clinic.author) == []


def with_file(clinic: Clinic, document: Document, content: bytes = PDF) -> DocumentVersion:
    return draft(document, by=clinic.author, text="", file=SimpleUploadedFile("Admission.pdf", content))


def test_content_is_disposed_of_after_its_time_only(
    clinic: Clinic, document: Document, django_capture_on_commit_callbacks: object
) -> None:
    version = services.submit(with_file(clinic, document), by=clinic.author)
    version = services.put_in_force(services.approve(version, by=clinic.boss), by=clinic.author)
    sha256, digest = selectors.file_digest(version), version.digest
    in_force(document, by=clinic.author, approved_by=[clinic.boss], summary="New")
    version.refresh_from_db()
    with pytest.raises(RuleBroken, match="It is kept until"):
        services.dispose(version, by=clinic.author, note="Time is over")
    DocumentVersion.objects.filter(pk=version.pk).update(
        keep_until=timezone.localdate() - dt.timedelta(days=1)
    )
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        version = services.dispose(version, by=clinic.author, note="Time is over")
    assert (bool(version.file), version.digest, version.disposed_at is not None) == (False, digest, True)
    assert not store.path_of(sha256).exists()
    assert audit.history(version, limit=1)[0].note == "Time is over"
    with pytest.raises(RuleBroken, match="not possible now"):
        services.dispose(version, by=clinic.author, note="Again")


def test_bytes_that_another_version_has_too_stay(
    clinic: Clinic, document: Document, django_capture_on_commit_callbacks: object
) -> None:
    first = services.discard(with_file(clinic, document), by=clinic.author, note="No")
    second = with_file(clinic, document)
    DocumentVersion.objects.filter(pk=first.pk).update(keep_until=timezone.localdate() - dt.timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        services.dispose(first, by=clinic.author, note="Time is over")
    assert store.whole(selectors.file_digest(second))


def test_what_is_kept_without_an_end_stays(clinic: Clinic) -> None:
    document = make_document(clinic.author, clinic.world.root, approvers=[clinic.boss])
    version = services.discard(draft(document, by=clinic.author), by=clinic.author, note="No")
    with pytest.raises(RuleBroken, match="kept without an end"):
        services.dispose(version, by=clinic.author, note="Why not")


def test_the_trail_holds_digests_and_not_the_text(clinic: Clinic, document: Document) -> None:
    version = draft(document, by=clinic.author, text="A secret recipe.")
    events = audit.history(version)
    assert "secret recipe" not in str([(e.before, e.after, e.label) for e in events])
    assert version.text_digest in str([e.after for e in events])


def test_a_restricted_document_is_seen_by_those_named_only(clinic: Clinic) -> None:
    document = make_document(
        clinic.author,
        clinic.world.root,
        approvers=[clinic.boss],
        confidentiality=Document.Confidentiality.RESTRICTED,
        readers_units=[clinic.world.north],
        title="Whistleblowing",
    )
    documents, versions = catalog.of(Document), catalog.of(DocumentVersion)
    assert not documents.queryset(clinic.reader).exists()
    version = in_force(document, by=clinic.author, approved_by=[clinic.boss])
    for who in (clinic.author, clinic.boss, clinic.reader, clinic.world.admin):
        assert documents.queryset(who).filter(pk=document.pk).exists(), who
    for who in (clinic.second, clinic.world.auditor):
        assert not documents.queryset(who).exists(), who
        assert not versions.queryset(who).exists(), who
        assert client_of(who).get(documents.url(document)).status_code == 404
        assert client_of(who).get(versions.url(version)).status_code == 404
        assert "Whistleblowing" not in client_of(who).get("/documents-in-force/").content.decode()
        assert not catalog.of(Acknowledgement).queryset(who).exists(), who
    assert versions.queryset(clinic.boss).exists()


def test_readers_get_the_document_and_not_its_versions(clinic: Clinic, document: Document) -> None:
    version = in_force(document, by=clinic.author, approved_by=[clinic.boss])
    reader = client_of(clinic.reader)
    assert reader.get(catalog.of(Document).url(document)).status_code == 200
    assert reader.get(catalog.of(DocumentVersion).url(version)).status_code == 404
    assert reader.get("/document-versions/").status_code == 404


def test_all_in_force_on_one_page_and_as_a_file(clinic: Clinic, document: Document) -> None:
    version = in_force(document, by=clinic.author, approved_by=[clinic.boss])
    make_document(clinic.author, clinic.world.root, title="Only planned")
    client = client_of(clinic.world.auditor)
    page = client.get("/documents-in-force/").content.decode()
    for said in ("Admission", "Bert Boss", version.digest[:12]):
        assert said in page
    assert "Only planned" not in page
    address = next(part for part in page.split('"') if part.startswith("/documents/export.csv"))
    lines = b"".join(client.get(address.replace("&amp;", "&")).streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert version.digest in lines[1]
    assert client_of(clinic.world.outsider).get("/documents-in-force/").status_code == 404


def test_only_files_that_people_read_as_documents(clinic: Clinic, document: Document) -> None:
    with pytest.raises(RuleBroken, match="is no PDF, DOCX or XLSX") as refused:
        with_file(clinic, document, b"\x89PNG\r\n\x1a\n....")
    assert refused.value.field == "file"
    with pytest.raises(RuleBroken, match="not both"):
        draft(document, by=clinic.author, file=SimpleUploadedFile("a.pdf", PDF))


def test_a_file_comes_through_the_form_and_is_fetched_again(clinic: Clinic, document: Document) -> None:
    client = client_of(clinic.author)
    page = client.get(f"/document-versions/new/?document={document.pk}").content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert f'<option value="{document.pk}" selected>' in page
    answer = client.post(
        "/document-versions/new/", {"document": document.pk, "file": SimpleUploadedFile("Admission.pdf", PDF)}
    )
    assert answer.status_code == 302
    version = DocumentVersion.objects.get()
    url = catalog.of(DocumentVersion).url(version)
    fetched = client.get(f"{url}file/file/")
    assert b"".join(fetched.streaming_content) == PDF
    assert 'filename="Admission.pdf"' in fetched["Content-Disposition"]
    assert client.get(f"{url}file/text/").status_code == 404
    assert client_of(clinic.reader).get(f"{url}file/file/").status_code == 404
    # Saved again without choosing a file it stays; with the box it goes.
    form = {"document": document.pk, "version": version.version, "summary": "First"}
    assert client.post(f"{url}edit/", form).status_code == 302
    version.refresh_from_db()
    assert (version.file.called, version.summary) == ("Admission.pdf", "First")  # type: ignore[attr-defined]
    form = {**form, "version": version.version, "file-clear": "on", "text": "Words instead."}
    assert client.post(f"{url}edit/", form).status_code == 302
    version.refresh_from_db()
    assert (bool(version.file), version.text) == (False, "Words instead.")


def test_upper_parts_write_out_and_issue(clinic: Clinic) -> None:
    version = services.write_out(
        None,
        kind=Document.Kind.POLICY,
        title="Service policy",
        text="We greet everybody.",
        unit=clinic.world.root,
        owner=clinic.author,
        by=clinic.author,
    )
    again = services.write_out(
        version.document,
        kind=Document.Kind.POLICY,
        title="Service policy",
        text="We greet everybody by name.",
        unit=clinic.world.root,
        owner=clinic.author,
        by=clinic.author,
    )
    assert (again.pk, again.number, again.document.code) == (version.pk, 1, version.document.code)
    with pytest.raises(RuleBroken, match="cannot be the one who approved it"):
        services.issue(again, by=clinic.author, approved_by=clinic.author, effective_on=timezone.localdate())
    issued = services.issue(
        again, by=clinic.author, approved_by=clinic.boss, effective_on=dt.date(2026, 1, 5)
    )
    assert (issued.state, issued.effective_on, issued.approved_by) == (
        State.EFFECTIVE,
        dt.date(2026, 1, 5),
        "Bert Boss",
    )
    assert issued.approvals.get().digest == selectors.digest_of(issued)
    document = Document.objects.get()
    assert document.current == issued
    second = services.write_out(
        document,
        kind=Document.Kind.POLICY,
        title="Policy of service",
        text="We greet.",
        unit=clinic.world.root,
        owner=clinic.author,
        by=clinic.author,
        summary="Shorter",
    )
    with pytest.raises(RuleBroken, match="before the version that it replaces"):
        services.issue(second, by=clinic.author, approved_by=clinic.boss, effective_on=dt.date(2025, 12, 1))
    later = timezone.localdate() + dt.timedelta(days=3)
    planned = services.issue(second, by=clinic.author, approved_by=clinic.boss, effective_on=later)
    assert planned.state == State.APPROVED
    assert services.bring_into_force(on=later) == 1
    issued.refresh_from_db()
    assert (issued.state, issued.ended_on, issued.title) == (State.SUPERSEDED, later, "Service policy")
    assert verification.verify().intact


def test_a_text_under_way_is_not_written_over(clinic: Clinic, document: Document) -> None:
    approved(document, by=clinic.author, approved_by=[])
    with pytest.raises(RuleBroken, match="is under way"):
        services.write_out(
            document,
            kind=document.kind,
            title=document.title,
            text="Other",
            unit=document.unit,
            owner=clinic.author,
            by=clinic.author,
        )


def test_who_wrote_in_the_draft_does_not_count_as_its_approver(clinic: Clinic, document: Document) -> None:
    version = draft(document, by=clinic.author)
    edition = catalog.of(DocumentVersion).edition
    assert edition is not None
    version = edition(version, by=clinic.world.admin, text="Greet nobody.")
    with pytest.raises(RuleBroken, match="cannot be the one who approved it"):
        services.issue(
            version, by=clinic.author, approved_by=clinic.world.admin, effective_on=timezone.localdate()
        )


def test_a_text_longer_than_what_is_shown_is_refused(clinic: Clinic, document: Document) -> None:
    """Or its end would hold unseen."""
    with pytest.raises(RuleBroken, match="at most 500,000 are shown") as refused:
        draft(document, by=clinic.author, text="a" * 500_001)
    assert refused.value.field == "text"
