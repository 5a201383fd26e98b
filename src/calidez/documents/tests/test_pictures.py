"""Pictures in a text are part of what was approved: none comes in, and none changes, afterwards."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from calidez.documents import selectors, services
from calidez.documents.models import DocumentVersion
from calidez.documents.pages.readable import pictures, shown
from calidez.documents.tests.conftest import Clinic
from calidez.documents.tests.factories import draft, make_document
from calidez.kit.desk.files.services import attach, withdraw_file
from calidez.kit.platform.errors import RuleBroken

BEGINNING = b"\x89PNG\r\n\x1a\n"
TEXT = "# Evacuation\n\n![The way out](way%20out.png)\n\n![Another](later.png)"


def picture(name: str, inside: bytes = b"1") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, BEGINNING + inside * 40)


@pytest.fixture
def submitted(clinic: Clinic) -> DocumentVersion:
    document = make_document(clinic.author, clinic.world.root, approvers=[clinic.boss])
    version = draft(document, by=clinic.author, text=TEXT)
    attach(version, [picture("way out.png"), picture("unused.png")], by=clinic.author)
    return services.submit(version, by=clinic.author)


def test_the_digest_says_which_pictures_were_approved(clinic: Clinic, submitted: DocumentVersion) -> None:
    assert set(pictures(submitted)) == {"way out.png"}
    bare = services.take_back(submitted, by=clinic.author, note="Look")
    [kept] = selectors.pictures(bare).values()
    before = selectors.digest_of(bare)
    assert before == submitted.digest
    withdraw_file(kept, bare, "Wrong way", by=clinic.author)
    assert selectors.digest_of(bare) != before
    attach(bare, [picture("way out.png", b"2")], by=clinic.author)
    assert selectors.digest_of(bare) != before


def test_what_is_attached_after_the_submission_is_not_shown(
    clinic: Clinic, submitted: DocumentVersion
) -> None:
    attach(submitted, [picture("way out.png", b"2"), picture("later.png")], by=clinic.author)
    [kept] = selectors.pictures(submitted).values()
    assert set(pictures(submitted)) == {"way out.png"}
    assert str(kept.uid) in shown(submitted).html
    version = services.put_in_force(services.approve(submitted, by=clinic.boss), by=clinic.author)
    attach(version, [picture("way out.png", b"3")], by=clinic.author)
    assert selectors.pictures(version)["way out.png"] == kept


def test_a_picture_taken_away_after_the_submission_is_noticed(
    clinic: Clinic, submitted: DocumentVersion
) -> None:
    [kept] = selectors.pictures(submitted).values()
    withdraw_file(kept, submitted, "Gone", by=clinic.author)
    with pytest.raises(RuleBroken, match="changed after it was submitted"):
        services.approve(submitted, by=clinic.boss)
