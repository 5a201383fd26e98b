"""The policy check on the pages of policies and commitments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from calidez.documents.content.markdown import Rendered, render
from calidez.documents.models import DocumentVersion
from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.desk.made_from import new_url
from calidez.kit.platform.display import Button, Empty
from calidez.policy import check_panel, selectors, sentences
from calidez.policy.check_panel import CheckedCommitment, CheckedText, Note
from calidez.policy.measures import measures_of
from calidez.policy.models import Commitment, Policy
from calidez.policy.rules import CommitmentCheck, Contradiction, PolicyCheck
from calidez.policy.rules.checking import hard_to_read, left_in_draft


@dataclass(frozen=True)
class PolicyPanel:
    """The commitments in their order, each with its answers; below what contradicts what."""

    introduction: CheckedText | None
    questions: tuple[str, ...]
    commitments: tuple[CheckedCommitment, ...]
    contradictions: tuple[Note, ...]
    empty: Empty | None
    add: Button | None


def policy_check(policy: Policy, user: Any, request: Any) -> PolicyPanel:
    commitments = selectors.commitments_of(policy, user)
    measures = measures_of(commitments, user)
    promises = [selectors.promise_of(one, policy.language, measures[one.pk]) for one in commitments]
    found = selectors.check(policy, promises)
    add = _add(policy, user)
    empty = None
    if not commitments:
        empty = Empty(_("A policy is made of commitments: write the first promise that it makes."), add)
    return PolicyPanel(
        introduction=_introduction(policy, found),
        questions=tuple(str(question) for question in sentences.QUESTIONS.values()),
        commitments=tuple(
            _commitment(one, check, measures[one.pk], user)
            for one, check in zip(commitments, found.commitments, strict=True)
        ),
        contradictions=_contradictions(found.contradictions, {one.pk: one for one in commitments}),
        empty=empty,
        add=add if commitments else None,
    )


def commitment_check(commitment: Commitment, user: Any, request: Any) -> CheckedCommitment:
    """The check of one commitment, with what contradicts it in its whole policy."""
    policy = commitment.policy
    fellows = selectors.commitments_of(policy, user)
    if commitment not in fellows:
        fellows.append(commitment)
    measures = measures_of(fellows, user)
    promises = [selectors.promise_of(one, policy.language, measures[one.pk]) for one in fellows]
    found = selectors.check(policy, promises)
    check = next(one for one in found.commitments if one.key == commitment.pk)
    mine = tuple(c for c in found.contradictions if commitment.pk in {c.commitment, c.other_commitment})
    shown = _commitment(commitment, check, measures[commitment.pk], user)
    return CheckedCommitment(
        shown.code,
        shown.url,
        shown.statement,
        shown.for_whom,
        shown.owner,
        check_panel.text_checked(commitment.statement, check),
        shown.lines,
        _contradictions(mine, None),
        shown.draft,
    )


def _commitment(one: Commitment, check: CommitmentCheck, measures: Any, user: Any) -> CheckedCommitment:
    draft = one.policy.state == Policy.State.DRAFT
    return CheckedCommitment(
        code=one.code,
        url=catalog.of(Commitment).url(one),
        statement=one.statement,
        for_whom=one.for_whom,
        owner=str(one.owner) if one.owner is not None else "",
        text=None,
        lines=check_panel.answer_lines(check, check_panel.Mends(one, measures, user), draft=draft),
        draft=draft,
    )


def introduction(policy: Policy, user: Any, request: Any) -> Rendered | None:
    """As it will be read in the document."""
    return render(policy.introduction) if policy.introduction.strip() else None


def _introduction(policy: Policy, found: PolicyCheck) -> CheckedText | None:
    if found.introduction is None:
        return None
    read = found.introduction.readability
    left = (Note(sentences.finding_sentence(finding)) for finding in left_in_draft(found.introduction))
    hard = (Note(sentences.finding_sentence(finding)) for finding in hard_to_read(found.introduction))
    vague = (Note(sentences.hint(one)) for one in found.introduction.vague)
    return CheckedText(
        (), sentences.score_sentence(read), sentences.counts_sentence(read), (*left, *vague, *hard)
    )


def _contradictions(
    found: tuple[Contradiction, ...], commitments: dict[int, Commitment] | None
) -> tuple[Note, ...]:
    names = selectors.unit_names({one.measure.unit_path for one in found})
    return tuple(check_panel.contradiction_note(one, names, commitments) for one in found)


def _add(policy: Policy, user: Any) -> Button | None:
    entity = catalog.of(Commitment)
    scope = access.scope(user, entity.key, access.CREATE)
    if not policy.is_open or not scope.covers(policy.unit.path):
        return None
    return Button(_("Add a commitment"), new_url(entity, policy=policy), icon="plus")


def edition_name(version: DocumentVersion) -> str:
    return _("Version %(number)s") % {"number": version.number}
