"""The life of a policy: written, submitted as a document, in force, revised, retired.

Approving and reading happen in its document; `following` brings back here what becomes of it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.documents import services as documents
from calidez.documents.models import Document, DocumentVersion
from calidez.kit.core.operations import transition
from calidez.kit.platform.errors import RuleBroken
from calidez.policy import selectors
from calidez.policy.composing import compose
from calidez.policy.models import Commitment, Policy
from calidez.policy.rules import drafting_notes
from calidez.policy.sentences import note_sentence

State = Policy.State
_NO_COMMITMENT = gettext_lazy("Write at least one commitment first: a policy is made of them.")


def _blocked(policy: Policy, by: Any) -> Any:
    """Nobody approves what says of itself that it is not finished."""
    if not policy.commitments.filter(state=Commitment.State.STANDING).exists():
        return _NO_COMMITMENT
    notes = drafting_notes("\n\n".join((policy.title, policy.introduction, compose(policy))))
    return note_sentence(notes[0]) if notes else ""


@transition(
    Policy,
    source=[State.DRAFT, State.REVISING],
    target=State.IN_REVIEW,
    label=gettext_lazy("Submit for approval"),
    fields=["approvers", "readers_units", "readers_positions", "changes"],
    demands=lambda policy: ("approvers", "changes") if policy.holds else ("approvers",),
    primary=True,
    icon="send",
    bulk=False,
    blocked=_blocked,
    after=lambda policy, *, by: _write_out(policy, by=by),
    help=gettext_lazy(
        "Its text is written out as a document, which those named here approve. It comes into force with that document, and then the readers are asked to confirm that they read it."
    ),
)
def submit(policy: Policy, *, by: Any) -> None:
    if policy.holds and not policy.changes.strip():
        raise RuleBroken(_("Say what changes against the edition in force."), field="changes")


def _write_out(policy: Policy, *, by: Any) -> None:
    """Runs once the approvers and readers are saved with the policy."""
    approvers = _approvers(policy, by)
    version = documents.write_out(
        policy.document,
        kind=Document.Kind.POLICY,
        title=policy.title,
        text=compose(policy),
        unit=policy.unit,
        owner=policy.owner,
        by=by,
        summary=policy.changes,
    )
    if policy.document_id is None:
        policy.document = version.document
        policy.save(update_fields=["document"])
    _hand_on(policy, version.document, approvers, by=by)
    documents.submit(DocumentVersion.objects.get(pk=version.pk), by=by)


def _approvers(policy: Policy, by: Any) -> list[Any]:
    people = list(policy.approvers.order_by("name", "pk"))
    if not people:
        raise RuleBroken(_("Name at least one person who approves it."), field="approvers")
    refuse_writers(people, selectors.writers(policy) | {by.uid}, field="approvers")
    return people


def refuse_writers(people: Iterable[Any], writers: Container[Any], *, field: str) -> None:
    for person in people:
        if person.uid in writers:
            raise RuleBroken(
                _("%(person)s wrote part of it, so somebody else must approve it.") % {"person": person},
                field=field,
            )


def _hand_on(policy: Policy, document: Document, approvers: list[Any], *, by: Any) -> None:
    try:
        documents.hand_on(
            document,
            unit=policy.unit,
            owner=policy.owner,
            readers_positions=policy.readers_positions.all(),
            readers_units=policy.readers_units.all(),
            approvers=approvers,
            by=by,
        )
    except RuleBroken as refusal:
        raise RuleBroken(refusal.sentence, field="approvers") from refusal


@transition(
    Policy,
    source=[State.IN_FORCE],
    target=State.REVISING,
    label=gettext_lazy("Revise"),
    primary=True,
    icon="edit",
    help=gettext_lazy(
        "Its commitments can be changed again. What is in force stays in force until the new edition is approved."
    ),
)
def revise(policy: Policy, *, by: Any) -> None:
    policy.changes = ""


@transition(
    Policy,
    source=[State.REVISING],
    target=State.IN_FORCE,
    label=gettext_lazy("End the revision"),
    icon="arrow-back-up",
    help=gettext_lazy("Only while its words are still those of the edition in force."),
)
def end_revision(policy: Policy, *, by: Any) -> None:
    current = policy.document.current if policy.document is not None else None
    if current is None or (current.text, current.title) != (compose(policy), policy.title):
        raise RuleBroken(
            _("Its words differ from the edition in force: change them back, or submit the new edition.")
        )


@transition(
    Policy,
    source=[State.DRAFT, State.IN_FORCE, State.REVISING],
    target=State.RETIRED,
    label=gettext_lazy("Retire"),
    note=True,
    icon="archive",
    after=lambda policy, *, by: retire_document(policy, by=by),
    help=gettext_lazy("It no longer holds, and its document neither; both stay in the history."),
)
def retire(policy: Policy, *, by: Any) -> None:
    if policy.holds:
        policy.in_force_until = timezone.localdate()


def retire_document(policy: Policy, *, by: Any) -> None:
    if policy.document is not None:
        documents.end(policy.document, by=by)
