"""A version and its file through the doors that are no page: the programming interface and files of records."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.test import Client

from calidez.documents import selectors
from calidez.documents.models import Document, DocumentVersion
from calidez.documents.tests.conftest import Clinic
from calidez.documents.tests.factories import make_document
from calidez.kit.catalog import catalog
from calidez.kit.desk.intake import matching
from calidez.kit.platform.kept_files import store
from calidez.kit.tests.factories import issued

PDF = b"%PDF-1.7\nA procedure.\n%%EOF\n"


@pytest.fixture
def document(clinic: Clinic) -> Document:
    return make_document(clinic.author, clinic.world.root, approvers=[clinic.boss])


def send(who: object, method: str, path: str, body: dict[str, Any]) -> Any:
    headers = {"Authorization": f"Bearer {issued(who).secret}", "Accept-Language": "en", "If-Match": "*"}
    return Client().generic(
        method, f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers
    )


def test_a_program_sends_a_file_with_its_content(clinic: Clinic, document: Document) -> None:
    body = {
        "document": document.code,
        "file": {"name": "../Admission.pdf", "content": base64.b64encode(PDF).decode()},
    }
    answer = send(clinic.author, "POST", "document-versions", body)
    assert answer.status_code == 201, answer.content
    version = DocumentVersion.objects.get()
    with store.path_of(selectors.file_digest(version)).open("rb") as kept:
        assert kept.read() == PDF
    assert answer.json()["file"] == {"name": "Admission.pdf", "sha256": selectors.file_digest(version)}
    uid = answer.json()["uid"]
    gone = send(clinic.author, "PATCH", f"document-versions/{uid}", {"file": None, "text": "Words."})
    assert gone.status_code == 200, gone.content
    assert gone.json()["file"] is None


@pytest.mark.parametrize(
    "given",
    [
        "0" * 64 + "/secret.pdf",
        {"name": "a.pdf", "sha256": "0" * 64},
        {"name": "a.pdf", "content": "not Base64!"},
        {"name": "a.pdf", "content": ""},
        {"name": "a.pdf", "content": base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()},
        7,
    ],
)
def test_nobody_names_the_place_of_a_file(clinic: Clinic, document: Document, given: object) -> None:
    answer = send(clinic.author, "POST", "document-versions", {"document": document.code, "file": given})
    assert answer.status_code == 422, answer.content
    assert answer.json()["errors"][0]["field"] == "file"
    assert not DocumentVersion.objects.exists()


def test_files_of_records_carry_no_files(clinic: Clinic) -> None:
    assert "file" not in matching.writable(catalog.of(DocumentVersion))
    assert "text" in matching.writable(catalog.of(DocumentVersion))
