"""Whoever is asked a question about a document finds its answer nowhere; whoever keeps it does."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from calidez.config.tests.layers import layer
from calidez.documents import services
from calidez.documents.models import Acknowledgement, DocumentVersion
from calidez.documents.tests.asking import asked, told
from calidez.documents.tests.conftest import Clinic
from calidez.documents.tests.factories import in_force, make_document
from calidez.kit.catalog import catalog
from calidez.kit.core import audit

RIGHT = "Call Gertrude"
pytestmark = pytest.mark.django_db


@pytest.fixture
def questioned(shared_questioned: DocumentVersion, db: None) -> DocumentVersion:
    return copy.deepcopy(shared_questioned)


@pytest.fixture(scope="module")
def shared_questioned(shared_clinic: Clinic) -> Iterator[DocumentVersion]:
    with layer():
        yield questioned_in(copy.deepcopy(shared_clinic))


def questioned_in(clinic: Clinic) -> DocumentVersion:
    """Open to all, read by Otto in the north and by Sue, who may see every version but approves none."""
    document = make_document(
        clinic.author,
        clinic.world.root,
        approvers=[clinic.boss],
        readers_units=[clinic.world.root],
        title="Fire alarm",
    )
    return in_force(
        document,
        by=clinic.author,
        approved_by=[clinic.boss],
        question="Whom do you call?",
        right_answer=RIGHT,
        wrong_answers="Nobody at all\nThe night porter",
    )


def test_whoever_is_asked_finds_no_answer_to_copy(clinic: Clinic, questioned: DocumentVersion) -> None:
    mine = Acknowledgement.objects.get(document_version=questioned, person=clinic.reader)
    services.acknowledge(mine, by=clinic.reader, answer=RIGHT)
    everything = "document,right_answer,wrong_answers,answer,document_version,tries"
    addresses = (
        f"/document-versions/{questioned.uid}/?whole=1",
        f"/document-versions/{questioned.uid}/?on=2030-01-01&whole=1",
        f"/document-versions/?columns={everything}",
        f"/document-versions/export.csv?columns={everything}",
        f"/acknowledgements/?columns={everything}",
        f"/acknowledgements/export.csv?columns={everything}",
        f"/acknowledgements/{mine.uid}/?whole=1",
        f"/acknowledgements/{mine.uid}/?on=2030-01-01&whole=1",
        "/document-versions/?q=Gertrude",
    )
    for who in (clinic.second, clinic.world.auditor):
        for address in addresses:
            page = told(who, address)
            assert RIGHT not in page, (who, address)
            assert "The night porter" not in page, (who, address)
        for path in (
            *("document-versions", f"document-versions/{questioned.uid}"),
            *(f"document-versions/{questioned.uid}/history", f"acknowledgements/{mine.uid}/history"),
            *("acknowledgements", f"acknowledgements/{mine.uid}"),
        ):
            answer = asked(who, path)
            assert answer.status_code == 200, path
            assert RIGHT not in answer.content.decode(), path
            assert "night porter" not in answer.content.decode(), path
    assert RIGHT not in str([(e.before, e.after) for e in audit.history(questioned)])
    # The person is asked with all answers side by side, which tell nothing.
    assert RIGHT in told(clinic.second, f"/documents/{questioned.document.uid}/")


def test_whoever_keeps_writes_or_approves_it_knows_the_answer(
    clinic: Clinic, questioned: DocumentVersion
) -> None:
    mine = Acknowledgement.objects.get(document_version=questioned, person=clinic.reader)
    Acknowledgement.objects.filter(pk=mine.pk).update(answer=RIGHT)
    for who in (clinic.author, clinic.boss, clinic.world.admin):
        assert asked(who, f"document-versions/{questioned.uid}").json()["right_answer"] == RIGHT
        [item] = asked(who, "document-versions").json()["items"]
        assert item["wrong_answers"].splitlines() == ["Nobody at all", "The night porter"]
        assert RIGHT in told(who, f"/document-versions/{questioned.uid}/")
        assert RIGHT in told(who, f"/acknowledgements/{mine.uid}/")
    assert RIGHT in told(clinic.reader, f"/acknowledgements/{mine.uid}/")
    made = asked(
        clinic.author,
        "document-versions",
        "POST",
        {
            "document": questioned.document.code,
            "text": "New.",
            "question": "Who?",
            "right_answer": "A",
            "wrong_answers": "B",
        },
    )
    assert made.status_code == 201, made.content
    assert made.json()["right_answer"] == "A"


def test_a_list_of_questions_costs_the_same_however_long(
    clinic: Clinic, questioned: DocumentVersion, django_assert_max_num_queries: Any
) -> None:
    entity = catalog.of(DocumentVersion)
    versions = list(entity.queryset(clinic.second).select_related("document")) * 30
    with django_assert_max_num_queries(8):
        entity.may_know(versions, type(clinic.second).objects.get(pk=clinic.second.pk))
