"""What world see of a document: what holds, what to read and confirm, what changed, what comes out of the printer."""

from __future__ import annotations

import copy
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from calidez.config.tests.layers import layer
from calidez.documents import services
from calidez.documents.content import files
from calidez.documents.models import Acknowledgement, Document, DocumentVersion
from calidez.documents.tests import made_files
from calidez.documents.tests.factories import approver, draft, in_force, make_document
from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.platform.jobs.worker import run_queued
from calidez.people.models import User
from calidez.people.tests.factories import person

pytestmark = pytest.mark.django_db
FIRST = "# Queja\n\nQuien recibe la queja la anota.\n\nSe responde en diez días.\n\nFin."
SECOND = (
    "# Queja\n\nQuien recibe la queja la anota.\n\nSe responde en cinco días.\n\nSe avisa al jefe.\n\nFin."
)


@pytest.fixture(scope="module")
def shared_scene(shared_world: World) -> Iterator[tuple[User, User, Document]]:
    here = copy.deepcopy(shared_world)
    with layer():
        boss = approver(here)
        reader = person(here.admin, here.north, "rosa@example.org", "Rosa Reader", role="employee")
        document = make_document(
            here.admin, here.root, approvers=[boss], title="Complaints", readers_units=[here.north]
        )
        yield boss, reader, document


@pytest.fixture
def scene(shared_scene: tuple[User, User, Document], db: None) -> tuple[User, User, Document]:
    return copy.deepcopy(shared_scene)


@pytest.fixture
def boss(scene: tuple[User, User, Document]) -> User:
    return scene[0]


@pytest.fixture
def reader(scene: tuple[User, User, Document]) -> User:
    return scene[1]


@pytest.fixture
def document(scene: tuple[User, User, Document]) -> Document:
    return scene[2]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(user: User, address: str, *, status: int = 200) -> str:
    """Everything at once, so that what is not there is nowhere."""
    answer = signed_in(user).get(f"{address}{'&' if '?' in address else '?'}whole=1")
    assert answer.status_code == status, answer.content[:500]
    return answer.content.decode()


def issue(document: Document, world: World, boss: User, text: str, **values: Any) -> DocumentVersion:
    summary = values.pop("summary", "What is new")
    made = in_force(document, by=world.admin, approved_by=[boss], text=text, summary=summary, **values)
    document.refresh_from_db()
    return made


def url(record: Any) -> str:
    return catalog.of(type(record)).url(record)


# -- what holds -----------------------------------------------------------------------------------------------


def test_readers_get_the_version_in_force_and_nothing_else(
    world: World, boss: User, reader: User, document: Document
) -> None:
    issue(document, world, boss, FIRST)
    draft(document, by=world.admin, text=SECOND, summary="Faster")
    shown = page(reader, url(document))
    assert "Se responde en diez días." in shown
    assert "Se responde en cinco días." not in shown
    assert str(boss) in shown  # approved by
    assert "Se responde en cinco días." not in page(reader, f"{url(document)}?version=2")
    assert "Se responde en cinco días." in page(world.admin, f"{url(document)}?version=2")


def test_a_document_is_found_by_the_words_that_hold(
    world: World, boss: User, reader: User, document: Document
) -> None:
    issue(document, world, boss, FIRST)
    draft(document, by=world.admin, text=SECOND, summary="Faster")
    assert document.code in page(reader, "/documents/?q=diez")
    assert document.code not in page(reader, "/documents/?q=cinco")


def test_a_document_without_a_version_in_force_shows_none(
    world: World, reader: User, document: Document
) -> None:
    draft(document, by=world.admin, text=FIRST)
    assert "Se responde" not in page(reader, url(document))


def test_what_was_asked_is_confirmed_at_the_end_of_the_text(
    world: World, boss: User, reader: User, document: Document
) -> None:
    issue(
        document,
        world,
        boss,
        FIRST,
        question="In how many days?",
        right_answer="Ten",
        wrong_answers="Two\nNone",
    )
    client = signed_in(reader)
    shown = client.get(url(document)).content.decode()
    assert "In how many days?" in shown
    assert all(f'value="{answer}"' in shown for answer in ("Ten", "Two", "None"))
    address = f"/documents/{document.uid}/versions/1/read/"
    wrong = client.post(address, {"answer": "Two"}, follow=True).content.decode()
    assert "That is not the right answer." in wrong
    mine = Acknowledgement.objects.get(person=reader)
    assert (mine.state, mine.tries) == (Acknowledgement.State.ASKED, 1)
    done = client.post(address, {"answer": "Ten"}, follow=True).content.decode()
    assert "noted that you have read and understood it" in done
    assert "I have read and understood it" not in done
    mine.refresh_from_db()
    assert mine.state == Acknowledgement.State.DONE


def test_only_who_was_asked_confirms(world: World, boss: User, reader: User, document: Document) -> None:
    issue(document, world, boss, FIRST)
    said = signed_in(world.auditor).post(f"/documents/{document.uid}/versions/1/read/", follow=True)
    assert "You were not asked to read this version." in said.content.decode()
    assert not Acknowledgement.objects.filter(person=world.auditor).exists()


def test_a_superseded_version_is_not_confirmed_any_more(
    world: World, boss: User, reader: User, document: Document
) -> None:
    issue(document, world, boss, FIRST)
    issue(document, world, boss, SECOND)
    client = signed_in(reader)
    client.post(f"/documents/{document.uid}/versions/1/read/")
    states = dict(
        Acknowledgement.objects.filter(person=reader).values_list("document_version__number", "state")
    )
    assert states[1] != Acknowledgement.State.DONE


def test_who_must_read_a_version_before_it_holds_is_led_to_it(
    world: World, boss: User, reader: User, document: Document
) -> None:
    issue(document, world, boss, FIRST)
    services_share(document, world)
    version = services.submit(draft(document, by=world.admin, text=SECOND, summary="Faster"), by=world.admin)
    services.approve(version, by=boss)
    shown = page(reader, url(document))
    assert "Se responde en diez días." in shown
    assert "?version=2" in shown
    coming = page(reader, f"{url(document)}?version=2")
    assert "Se responde en cinco días." in coming
    assert "does not hold yet" in coming
    assert f"/documents/{document.uid}/versions/2/read/" in coming


def services_share(document: Document, world: World) -> None:
    edition = catalog.of(Document).edition
    assert edition is not None
    document.refresh_from_db()
    edition(document, by=world.admin, readers_share=100)


def test_names_of_those_who_have_not_read_it_are_for_those_who_may_see_them(
    world: World, boss: User, reader: User, document: Document
) -> None:
    issue(document, world, boss, FIRST)
    colleague = person(world.admin, world.north, "carl@example.org", "Carl Colleague", role="employee")
    shown = page(world.admin, url(document))
    assert "Rosa Reader" in shown
    assert "North clinic" in shown
    assert "Rosa Reader" not in page(colleague, url(document))


def test_the_list_of_versions_says_who_wrote_and_how_far_the_approval_is(
    world: World, boss: User, reader: User, document: Document
) -> None:
    issue(document, world, boss, FIRST)
    services.submit(draft(document, by=world.admin, text=SECOND, summary="Faster answers"), by=world.admin)
    shown = page(world.admin, url(document))
    for words in ("Faster answers", "0 of 1 have approved", "Ada Administrator", "/compare/"):
        assert words in shown
    assert "Faster answers" not in page(reader, url(document))


# -- files ----------------------------------------------------------------------------------------------------


def given(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path


def test_a_pdf_stands_in_the_page_and_only_there(
    world: World, boss: User, reader: User, document: Document
) -> None:
    issue(document, world, boss, "", file=given("plan.pdf", made_files.pdf(["Exits are checked at night."])))
    shown = page(reader, url(document))
    address = f"/documents/{document.uid}/versions/1/file/"
    assert f'<iframe class="d-pdf" src="{address}?look=1"' in shown
    assert "Exits are checked at night." in shown
    look = signed_in(reader).get(f"{address}?look=1")
    assert look["Content-Type"] == "application/pdf"
    assert look["Content-Disposition"].startswith("inline")
    assert "frame-ancestors 'self'" in look["Content-Security-Policy"]
    assert look["X-Frame-Options"] == "SAMEORIGIN"
    assert look["X-Content-Type-Options"] == "nosniff"
    saved = signed_in(reader).get(address)
    assert saved["Content-Disposition"].startswith("attachment")
    assert saved["Content-Type"] == "application/octet-stream"
    assert b"".join(saved.streaming_content) == made_files.pdf(["Exits are checked at night."])


@pytest.mark.processes
def test_word_and_sheets_are_never_given_out_as_a_page(
    world: World, boss: User, reader: User, document: Document
) -> None:
    issue(
        document,
        world,
        boss,
        "",
        file=given("alta.docx", made_files.word("# Alta", "Saludar por el nombre.")),
    )
    shown = page(reader, url(document))
    assert "Saludar por el nombre." in shown
    look = signed_in(reader).get(f"/documents/{document.uid}/versions/1/file/?look=1")
    assert look["Content-Disposition"].startswith("attachment")
    assert "sandbox" in look["Content-Security-Policy"]
    issue(
        document,
        world,
        boss,
        "",
        file=given("turnos.xlsx", made_files.sheets({"Turnos": [[n] for n in range(300)]})),
    )
    assert "First 200 rows of 300." in page(reader, url(document))


@pytest.mark.processes
def test_a_page_does_not_wait_for_a_long_file(
    world: World, boss: User, reader: User, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = made_files.word("Saludar por el nombre.")
    issue(document, world, boss, "", file=given("largo.docx", content))
    with monkeypatch.context() as hurried:
        hurried.setattr(files, "AT_ONCE", replace(files.AT_ONCE, wait=0.01))
        assert "it is being prepared in the background" in page(reader, url(document))
    run_queued()
    assert "Saludar por el nombre." in page(reader, url(document))


def test_a_locked_file_says_so_instead_of_failing(
    world: World, boss: User, reader: User, document: Document
) -> None:
    issue(document, world, boss, "", file=given("plan.pdf", made_files.pdf(["x"], password="1234")))
    assert "protected by a password" in page(reader, url(document))


def test_files_of_other_versions_are_as_absent_as_none(
    world: World, boss: User, reader: User, document: Document
) -> None:
    issue(document, world, boss, FIRST)
    draft(document, by=world.admin, text="", file=given("plan.pdf", made_files.pdf(["x"])), summary="New")
    address = f"/documents/{document.uid}/versions/2/file/"
    page(reader, address, status=404)
    page(reader, f"/documents/{document.uid}/versions/1/file/", status=404)  # a text has no file
    assert signed_in(world.admin).get(address).status_code == 200


def test_pictures_of_the_text_are_those_attached(
    world: World, boss: User, reader: User, document: Document, settings: Any
) -> None:
    from calidez.kit.desk.files.services import attach

    version = draft(document, by=world.admin, text="![Plan](plan.png)\n\n![Other](other.png)")
    png = b"\x89PNG\r\n\x1a\n" + bytes(50)
    attach(version, [SimpleUploadedFile("plan.png", png)], by=world.admin)
    services.submit(version, by=world.admin)
    services.put_in_force(services.approve(DocumentVersion.objects.get(), by=boss), by=world.admin)
    shown = page(reader, url(document))
    address = shown.partition('<img src="')[2].partition('"')[0]
    assert "/versions/1/pictures/" in address
    assert "[Other]" in shown
    assert signed_in(reader).get(address)["Content-Type"] == "image/png"


# -- what changed ---------------------------------------------------------------------------------------------


def test_two_versions_are_compared_without_scripts(world: World, boss: User, document: Document) -> None:
    issue(document, world, boss, FIRST)
    issue(document, world, boss, SECOND)
    shown = page(world.admin, f"/documents/{document.uid}/compare/?from=1&to=2")
    assert "1 paragraph changed, 1 new." in shown
    assert "diez" in shown.partition("<del>")[2].partition("</del>")[0]
    assert "removed:" in shown
    assert "added:" in shown
    assert '<option value="1" selected>' in shown
    assert "1 paragraph changed, 1 new." in page(world.admin, f"/documents/{document.uid}/compare/")
    other_way = page(world.admin, f"/documents/{document.uid}/compare/?from=2&to=1")
    assert "1 paragraph changed, 1 removed." in other_way
    assert "Nothing has changed." in page(world.admin, f"/documents/{document.uid}/compare/?from=1&to=1")


def test_a_text_and_a_file_are_compared_by_what_they_say(
    world: World, boss: User, document: Document
) -> None:
    issue(document, world, boss, FIRST)
    content = made_files.word(
        "# Queja", "Quien recibe la queja la anota.", "Se responde en dos días.", "Fin."
    )
    issue(document, world, boss, "", file=given("queja.docx", content))
    shown = page(world.admin, f"/documents/{document.uid}/compare/?from=1&to=2")
    assert "1 paragraph changed" in shown


def test_what_cannot_be_read_is_said_on_the_page_of_the_comparison(
    world: World, boss: User, document: Document
) -> None:
    issue(document, world, boss, FIRST)
    issue(document, world, boss, "", file=given("scan.pdf", made_files.pdf([])))
    assert "holds no text that could be compared" in page(world.admin, f"/documents/{document.uid}/compare/")


def test_readers_compare_only_what_they_may_read(
    world: World, boss: User, reader: User, document: Document
) -> None:
    issue(document, world, boss, FIRST)
    draft(document, by=world.admin, text=SECOND, summary="Faster")
    shown = page(reader, f"/documents/{document.uid}/compare/?from=1&to=2")
    assert "only one version for you" in shown
    assert "cinco" not in shown


def test_the_approver_sees_content_changes_and_digest(world: World, boss: User, document: Document) -> None:
    issue(document, world, boss, FIRST)
    version = draft(
        document,
        by=world.admin,
        text=SECOND,
        summary="Faster",
        question="Days?",
        right_answer="Five",
        wrong_answers="Ten",
    )
    version = services.submit(version, by=world.admin)
    shown = page(boss, url(version))
    assert "Se avisa al jefe." in shown
    assert "1 paragraph changed, 1 new." in shown
    assert version.digest in shown
    assert "The content is what was submitted, bit by bit." in shown
    assert "Five" in shown
    DocumentVersion.objects.filter(pk=version.pk).update(text="tampered with")
    assert "The content is not what was submitted." in page(boss, url(version))


def test_the_answer_is_not_shown_beside_the_question(world: World, boss: User, document: Document) -> None:
    issue(document, world, boss, FIRST, question="Days?", right_answer="Tenfold", wrong_answers="Ten")
    version = document.versions.get()
    assert "Tenfold" in page(boss, url(version))
    assert "Tenfold" not in page(world.auditor, url(version))


# -- paper ----------------------------------------------------------------------------------------------------


def test_the_page_for_paper_says_what_it_is(
    world: World, boss: User, reader: User, document: Document
) -> None:
    issue(document, world, boss, FIRST)
    shown = page(reader, f"/documents/{document.uid}/print/")
    for words in (document.code, "Complaints", "Version 1", "Copy not controlled", "Rosa Reader", str(boss)):
        assert words in shown
    assert "shell-side" not in shown
    assert "This version is not in force." not in shown
    issue(document, world, boss, SECOND)
    past = page(world.admin, f"/documents/{document.uid}/print/?version=1")
    assert "This version is not in force." in past
    page(world.outsider, f"/documents/{document.uid}/print/", status=404)


@pytest.mark.processes
def test_a_pdf_goes_to_the_printer_with_its_name_on_every_page(
    world: World, boss: User, reader: User, document: Document
) -> None:
    issue(document, world, boss, "", file=given("plan.pdf", made_files.pdf(["One."], ["Two."])))
    address = f"/documents/{document.uid}/versions/1/print/"
    assert address in page(reader, f"/documents/{document.uid}/print/")
    answer = signed_in(reader).get(address)
    assert answer["Content-Type"] == "application/pdf"
    for one in pypdf.PdfReader(io.BytesIO(answer.content)).pages:
        assert "COPY NOT CONTROLLED" in one.extract_text()
        assert "Rosa Reader" in one.extract_text()
    page(world.outsider, address, status=404)


# -- while writing --------------------------------------------------------------------------------------------


def test_the_text_is_drawn_while_it_is_written(world: World, document: Document) -> None:
    client = signed_in(world.admin)
    address = "/document-versions/beside/preview/"
    shown = client.post(address, {"text": "# Aim\n\n**Now** <script>x</script>"}).content.decode()
    assert '<h3 id="s-aim">Aim</h3>' in shown
    assert "<strong>Now</strong>" in shown
    assert "<script>x" not in shown
    assert "here you see how it will read" in client.post(address, {"text": " "}).content.decode()


# -- the past -------------------------------------------------------------------------------------------------


def test_as_it_stood_on_a_day(world: World, boss: User, reader: User, document: Document) -> None:
    first = issue(document, world, boss, FIRST)
    today = timezone.localdate()
    long_ago = today - dt.timedelta(days=40)
    then = timezone.make_aware(dt.datetime.combine(long_ago, dt.time(12)))
    services.acknowledge(Acknowledgement.objects.get(person=reader), by=reader)
    issue(document, world, boss, SECOND)
    DocumentVersion.objects.filter(pk=first.pk).update(effective_on=long_ago)
    Document.objects.filter(pk=document.pk).update(created_at=then)
    Acknowledgement.objects.filter(document_version=first).update(asked_at=then, done_at=then)
    past = document_past(world.admin, document, today - dt.timedelta(days=10))
    assert "version 1 was in force" in past.sentence
    assert (past.done, past.asked) == (1, 2)  # the manager of the clinic was asked, too
    assert any("Rosa Reader" in name for name in past.names)
    assert past.version is not None
    before = document_past(world.admin, document, long_ago - dt.timedelta(days=1))
    assert "no version of it was in force" in before.sentence
    mine = document_past(reader, document, today - dt.timedelta(days=10))
    assert mine.mine
    assert mine.names == ()


def document_past(user: User, document: Document, on: dt.date) -> Any:
    from calidez.documents.pages.reading import as_it_stood

    return as_it_stood(Document.objects.get(pk=document.pk), user, on)


def test_the_address_of_a_day_shows_what_held(
    world: World, boss: User, reader: User, document: Document
) -> None:
    issue(document, world, boss, FIRST)
    shown = page(world.admin, f"{url(document)}?on={timezone.localdate():%Y-%m-%d}")
    assert "version 1 was in force" in shown
    assert io.StringIO(shown).read().count("panel-reading") == 1
