"""The life of a policy: submitted as a document, approved there, in force, revised, superseded, retired."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from calidez.config.tests.layers import layer
from calidez.documents import services as documents
from calidez.documents.models import Acknowledgement, Document, DocumentVersion
from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.core import audit
from calidez.kit.core.children import Row
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.people.tests.factories import create, person
from calidez.policy import services
from calidez.policy.models import Commitment, Policy
from calidez.policy.tests.factories import commitment, policy

pytestmark = pytest.mark.django_db
State = Policy.State


class Scene:
    """A policy with one commitment, somebody who approves and somebody who reads."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.boss = person(
            self.world.admin, self.world.root, "boss@example.org", "Bea Boss", role="quality_manager"
        )
        self.reader = person(
            self.world.admin, self.world.north, "reader@example.org", "Rosa Reader", role="employee"
        )
        self.policy = policy(self.world, self.world.north, 1)
        self.commitment = commitment(self.world, self.world.north, 1, within=self.policy)

    @property
    def admin(self) -> Any:
        return self.world.admin

    def submit(self, chosen: Policy | None = None, **values: Any) -> Policy:
        usual = {
            "approvers": [self.boss],
            "readers_units": [self.world.north],
            "readers_positions": [],
        }
        return services.submit(chosen or self.policy, by=self.admin, **(usual | values))

    def version(self, chosen: Policy | None = None) -> DocumentVersion:
        found = Policy.objects.get(pk=(chosen or self.policy).pk).document
        return DocumentVersion.objects.filter(document=found).order_by("-number")[0]

    def bring_into_force(self, chosen: Policy | None = None, **values: Any) -> Policy:
        self.submit(chosen, **values)
        approved = documents.approve(self.version(chosen), by=self.boss)
        documents.put_in_force(approved, by=self.admin)
        return self.now(chosen)

    def now(self, chosen: Policy | None = None) -> Policy:
        return Policy.objects.get(pk=(chosen or self.policy).pk)


@pytest.fixture(scope="module")
def shared_scene(shared_world: World) -> Iterator[Scene]:
    with layer():
        yield Scene(copy.deepcopy(shared_world))


@pytest.fixture
def scene(shared_scene: Scene, db: None) -> Scene:
    return copy.deepcopy(shared_scene)


def test_submitting_writes_it_out_as_a_document_in_review(scene: Scene) -> None:
    commitment(scene.world, scene.world.north, 2, within=scene.policy)
    done = scene.submit()
    version = scene.version()
    assert done.state == State.IN_REVIEW
    assert (version.state, version.document.kind) == (DocumentVersion.State.IN_REVIEW, Document.Kind.POLICY)
    assert version.document.title == scene.policy.title
    assert version.text.index("### 1. We see every patient within 11 minutes") < version.text.index("### 2. ")
    assert "**For whom:** Patients" in version.text
    assert version.text.startswith(scene.policy.introduction)


def test_the_text_is_in_the_language_of_the_policy(scene: Scene) -> None:
    catalog.of(Policy).edition(scene.policy, by=scene.admin, language="es")  # type: ignore[misc]
    scene.submit()
    text = scene.version().text
    assert "## Nuestros compromisos" in text
    assert "**Para quién:** Patients" in text


def test_it_comes_into_force_with_its_document_and_is_read(scene: Scene) -> None:
    found = scene.bring_into_force()
    assert found.state == State.IN_FORCE
    assert found.in_force_from == scene.version().effective_on
    asked = Acknowledgement.objects.get(person=scene.reader)
    assert documents.acknowledge(asked, by=scene.reader).state == Acknowledgement.State.DONE


def refusal(action: Any) -> RuleBroken:
    with pytest.raises(RuleBroken) as refused:
        action()
    return refused.value


def test_what_is_missing_to_submit(scene: Scene) -> None:
    empty = policy(scene.world, scene.world.north, 2)
    assert "at least one commitment" in str(refusal(lambda: scene.submit(empty)))
    none = refusal(lambda: scene.submit(approvers=[]))
    assert ("at least one person" in str(none), none.field) == (True, "approvers")
    assert scene.now().state == State.DRAFT
    assert not Document.objects.exists()


def test_nobody_approves_what_they_wrote(scene: Scene) -> None:
    assert "Ada Administrator wrote part of it" in str(refusal(lambda: scene.submit(approvers=[scene.admin])))
    catalog.of(Commitment).edition(scene.commitment, by=scene.boss, process="Desk")  # type: ignore[misc]
    assert "Bea Boss wrote part of it" in str(refusal(lambda: scene.submit()))


def test_an_approver_must_be_allowed_to_approve(scene: Scene) -> None:
    found = refusal(lambda: scene.submit(approvers=[scene.reader]))
    assert "Rosa Reader may not approve" in str(found)
    assert found.field == "approvers"


def test_what_is_in_force_is_not_edited(scene: Scene) -> None:
    scene.bring_into_force()
    edition = catalog.of(Commitment).edition
    assert edition is not None
    for action in (
        lambda: edition(scene.commitment, by=scene.admin, statement="We see you at once."),
        lambda: commitment(scene.world, scene.world.north, 3, within=scene.now()),
        lambda: services.withdraw(scene.commitment, by=scene.admin),
    ):
        assert "revise the policy first" in str(refusal(action))
    answer = signed_in(scene.admin).get(f"{catalog.of(Commitment).url(scene.commitment)}edit/", follow=True)
    assert "revise the policy first" in answer.content.decode()


def test_while_it_is_in_review_it_says_how_to_open_it(scene: Scene) -> None:
    scene.submit()
    edition = catalog.of(Commitment).edition
    assert edition is not None
    assert "in review" in str(refusal(lambda: edition(scene.commitment, by=scene.admin, process="Desk")))


def test_a_commitment_does_not_slip_out_of_a_policy_in_force(scene: Scene) -> None:
    other = policy(scene.world, scene.world.south, 4)
    scene.bring_into_force()
    edition = catalog.of(Commitment).edition
    assert edition is not None
    refusal(lambda: edition(scene.commitment, by=scene.admin, policy=other))


@pytest.mark.parametrize("way", ["send_back", "take_back"])
def test_what_comes_back_is_a_draft_again(scene: Scene, way: str) -> None:
    scene.submit()
    step = getattr(documents, way)
    step(scene.version(), by=scene.boss if way == "send_back" else scene.admin, note="Say by when.")
    assert scene.now().state == State.DRAFT
    assert scene.bring_into_force().state == State.IN_FORCE
    assert scene.version().number == 1


def test_revising_keeps_the_old_in_force(scene: Scene) -> None:
    first = scene.bring_into_force()
    text = scene.version().text
    services.revise(first, by=scene.admin)
    edition = catalog.of(Commitment).edition
    assert edition is not None
    edition(scene.commitment, by=scene.admin, statement="We see every patient within nine minutes.")
    assert scene.now().state == State.REVISING
    assert scene.now().holds
    assert scene.version().text == text
    assert "what changes" in str(refusal(scene.submit))
    second = scene.bring_into_force(changes="Nine minutes instead of eleven.")
    assert (second.state, second.in_force_from) == (State.IN_FORCE, first.in_force_from)
    assert [v.state for v in DocumentVersion.objects.order_by("number")] == ["superseded", "effective"]
    assert "nine minutes" in scene.version().text


def test_a_revision_sent_back_is_a_revision_again(scene: Scene) -> None:
    services.revise(scene.bring_into_force(), by=scene.admin)
    scene.submit(changes="Nothing yet.")
    documents.send_back(scene.version(), by=scene.boss, note="Then why?")
    assert scene.now().state == State.REVISING
    assert scene.now().holds


def test_a_revision_ends_only_where_nothing_changed(scene: Scene) -> None:
    services.revise(scene.bring_into_force(), by=scene.admin)
    assert services.end_revision(scene.now(), by=scene.admin).state == State.IN_FORCE
    services.revise(scene.now(), by=scene.admin)
    services.withdraw(scene.commitment, by=scene.admin)
    assert "differ from the edition in force" in str(
        refusal(lambda: services.end_revision(scene.now(), by=scene.admin))
    )


def test_a_unit_has_one_policy_in_force(scene: Scene) -> None:
    scene.bring_into_force()
    second = policy(scene.world, scene.world.north, 2)
    commitment(scene.world, scene.world.north, 2, within=second)
    elsewhere = policy(scene.world, scene.world.south, 3)
    commitment(scene.world, scene.world.south, 3, within=elsewhere)
    assert scene.bring_into_force(elsewhere, readers_units=[]).state == State.IN_FORCE
    assert scene.bring_into_force(second).state == State.IN_FORCE
    first = scene.now()
    assert (first.state, first.holds) == (State.SUPERSEDED, False)
    assert first.document is not None
    assert first.document.state == Document.State.RETIRED
    assert not Commitment.objects.in_force().filter(policy=first).exists()
    assert Commitment.objects.in_force().count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.filter(pk=first.pk).update(in_force_until=None)


def test_retiring_ends_policy_and_document(scene: Scene) -> None:
    scene.bring_into_force()
    done = services.retire(scene.now(), by=scene.admin, note="We closed.")
    assert (done.state, done.holds) == (State.RETIRED, False)
    assert Document.objects.get().state == Document.State.RETIRED


def test_a_policy_ends_with_its_document(scene: Scene) -> None:
    scene.bring_into_force()
    documents.retire(Document.objects.get(), by=scene.admin, note="Gone.")
    assert (scene.now().state, scene.now().holds) == (State.RETIRED, False)


def test_its_document_is_not_written_by_hand(scene: Scene) -> None:
    scene.bring_into_force()
    words = "written out of “Service policy 1”"
    assert words in str(
        refusal(lambda: create(DocumentVersion, scene.admin, document=Document.objects.get(), text="Other."))
    )
    services.revise(scene.now(), by=scene.admin)
    scene.submit(changes="None.")
    documents.take_back(scene.version(), by=scene.admin, note="Wait.")
    assert words in str(refusal(lambda: documents.submit(scene.version(), by=scene.admin)))


def test_the_trail_says_that_it_followed(scene: Scene) -> None:
    scene.bring_into_force()
    events = {event.verb: event.actor for event in audit.history(scene.policy)}
    assert events["submit"] == "Ada Administrator"
    assert "put_in_force" in events


def test_only_those_with_the_right_submit(scene: Scene) -> None:
    with pytest.raises(NotAllowed):
        services.submit(scene.policy, by=scene.reader, approvers=[scene.boss])


def test_a_withdrawn_commitment_leaves_the_text_and_can_return(scene: Scene) -> None:
    second = commitment(scene.world, scene.world.north, 2, within=scene.policy)
    services.withdraw(second, by=scene.admin, note="Not ours.")
    scene.submit()
    assert second.statement not in scene.version().text
    documents.take_back(scene.version(), by=scene.admin, note="Again.")
    services.take_back(second, by=scene.admin)
    scene.submit()
    assert second.statement in scene.version().text


def test_commitments_follow_their_policy_to_another_unit(scene: Scene) -> None:
    catalog.of(Policy).edition(scene.policy, by=scene.admin, unit=scene.world.south)  # type: ignore[misc]
    scene.commitment.refresh_from_db()
    assert scene.commitment.unit == scene.world.south


def test_a_new_policy_is_proposed_in_the_language_of_its_writer(scene: Scene) -> None:
    scene.admin.language = "es"
    assert catalog.of(Policy).proposed(scene.admin)["language"] == "es"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_who_wrote_the_policy_does_not_come_in_as_an_approver_of_its_document(scene: Scene) -> None:
    """Neither by the form of the document nor by the programming interface, which both end here."""
    writer = person(
        scene.admin, scene.world.root, "writer@example.org", "Will Writer", role="quality_manager"
    )
    edition = catalog.of(Commitment).edition
    assert edition is not None
    edition(scene.commitment, by=writer, why="So that nobody waits in vain.")
    scene.submit()
    document = scene.version().document
    of_document = catalog.of(Document).edition
    assert of_document is not None
    rows = {"rows_approver": [Row({"person": scene.boss}), Row({"person": writer})]}
    with pytest.raises(RuleBroken, match="Will Writer wrote part of it") as refused:
        of_document(document, by=scene.admin, child_rows=rows)
    assert refused.value.field == "rows_approver"
    with pytest.raises(RuleBroken, match="Only those asked"):
        documents.approve(scene.version(), by=writer)


def test_two_policies_of_one_unit_wait_for_each_other(scene: Scene) -> None:
    """Both transactions lock the unit before either policy, so that the later one finds the earlier in force."""
    scene.submit()
    approved = documents.approve(scene.version(), by=scene.boss)
    with CaptureQueriesContext(connection) as queries:
        documents.put_in_force(approved, by=scene.admin)
    said = [q["sql"] for q in queries]
    unit = next(
        (n for n, sql in enumerate(said) if 'FROM "people_unit"' in sql and "NO KEY UPDATE" in sql), -1
    )
    policy_row = next(
        (n for n, sql in enumerate(said) if 'FROM "policy_policy"' in sql and "UPDATE" in sql), -1
    )
    if connection.vendor == "postgresql":
        assert 0 <= unit < policy_row
    assert scene.now().state == State.IN_FORCE


def test_a_commitment_names_no_restricted_document(scene: Scene) -> None:
    """Its readers would find the title there, in lists, files and the history."""
    document = create(
        Document,
        scene.admin,
        title="Whistleblowing",
        owner=scene.admin,
        unit=scene.world.root,
        confidentiality=Document.Confidentiality.RESTRICTED,
    )
    edition = catalog.of(Commitment).edition
    assert edition is not None
    with pytest.raises(RuleBroken, match="is restricted") as refused:
        edition(scene.commitment, by=scene.admin, documents=[document])
    assert refused.value.field == "documents"
    of_document = catalog.of(Document).edition
    assert of_document is not None
    document = of_document(document, by=scene.admin, confidentiality=Document.Confidentiality.INTERNAL)
    edition(scene.commitment, by=scene.admin, documents=[document])
    with pytest.raises(RuleBroken, match="while “We see every patient"):
        of_document(document, by=scene.admin, confidentiality=Document.Confidentiality.RESTRICTED)
    scene.submit()
    with pytest.raises(RuleBroken, match="cannot be restricted while"):
        of_document(
            scene.version().document, by=scene.admin, confidentiality=Document.Confidentiality.RESTRICTED
        )


@pytest.mark.parametrize("mark", ["[borrador]", "[draft]", "[Draft ]"])
@pytest.mark.parametrize("where", ["introduction", "remedy"])
def test_a_note_of_the_draft_stops_the_policy(scene: Scene, mark: str, where: str) -> None:
    """In either language, whatever the policy's own, and wherever it stands."""
    note = f"> {mark} The figures are a proposal.\n\nWe look after you."
    kind, record = (Policy, scene.policy) if where == "introduction" else (Commitment, scene.commitment)
    edition = catalog.of(kind).edition
    assert edition is not None
    edition(record, by=scene.admin, **{where: note})
    with pytest.raises(RuleBroken, match="note of the draft is still in it"):
        scene.submit(scene.now())
    client = Client()
    client.force_login(scene.admin)
    page = client.get(f"{catalog.of(kind).url(record)}?whole=1").content.decode()
    assert "A note of the draft is still in it" in page
    edition(kind.objects.get(pk=record.pk), by=scene.admin, **{where: "We look after you."})
    assert scene.submit(scene.now()).state == State.IN_REVIEW


def test_a_square_bracket_alone_is_no_note(scene: Scene) -> None:
    edition = catalog.of(Policy).edition
    assert edition is not None
    edition(scene.policy, by=scene.admin, introduction="See [our draft rules](https://example.org) [1].")
    assert scene.submit(scene.now()).state == State.IN_REVIEW
