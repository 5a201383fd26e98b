"""What becomes of a policy's document comes back to the policy: in force, sent back, retired."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from calidez.documents.models import Document, DocumentVersion
from calidez.kit.core.following import following
from calidez.kit.platform.errors import RuleBroken
from calidez.people.models import Unit
from calidez.policy import selectors
from calidez.policy.models import Policy
from calidez.policy.services.life import refuse_writers, retire_document

State = Policy.State
VERSION = DocumentVersion.State
_WRITTEN = {"create", "edit", "submit"}  # what somebody does to a version by hand


def follow_version(version: DocumentVersion, verb: str) -> None:
    """In the transaction of whatever happened to the version."""
    if verb == "put_in_force":
        # Two policies of one unit wait for each other here, before either is locked.
        units = Unit.objects.filter(policies__document=version.document_id)
        list(units.select_for_update(of=("self",), no_key=True))
    policy = _policy_of(version.document_id)
    if policy is None:
        return
    if verb in _WRITTEN and policy.state != State.IN_REVIEW:
        raise RuleBroken(
            _("This document is written out of “%(policy)s”: change it there, and submit it there.")
            % {"policy": policy}
        )
    if verb == "put_in_force":
        _put_in_force(policy, version.effective_on or timezone.localdate())
    elif policy.state == State.IN_REVIEW and _no_longer_in_review(version, verb):
        with following(policy, "send_back", by=None) as back:
            back.state = State.REVISING if back.holds else State.DRAFT


def follow_document(document: Document, verb: str) -> None:
    """A policy whose document is retired holds no more; who wrote the policy does not come in as an approver there."""
    if verb not in {"edit", "hand_over", "retire"}:
        return
    policy = _policy_of(document.pk)
    if policy is None:
        return
    if verb != "retire" and policy.state == State.IN_REVIEW:
        people = [approver.person for approver in document.approvers.select_related("person")]
        refuse_writers(people, selectors.writers(policy), field="rows_approver")
    if verb == "retire" and policy.state not in {State.RETIRED, State.SUPERSEDED}:
        _end(policy, State.RETIRED, "retire", timezone.localdate())


def _policy_of(document: int) -> Policy | None:
    return Policy.objects.select_for_update(of=("self",)).filter(document=document).first()


def _no_longer_in_review(version: DocumentVersion, verb: str) -> bool:
    back = version.state == VERSION.DRAFT and verb not in {"create", "write_out"}
    return back or (version.state == VERSION.RETIRED and verb == "discard")


def _put_in_force(policy: Policy, day: dt.date) -> None:
    """The policy that held in this unit until now ends first: there is never more than one."""
    others = Policy.objects.select_for_update(of=("self",)).filter(
        unit=policy.unit_id, in_force_from__isnull=False, in_force_until__isnull=True
    )
    for other in others.exclude(pk=policy.pk):
        _end(other, State.SUPERSEDED, "supersede", day)
        retire_document(other, by=None)
    with following(policy, "put_in_force", by=None) as held:
        if not held.holds:
            held.in_force_from, held.in_force_until = day, None
        held.state, held.changes = State.IN_FORCE, ""


def _end(policy: Policy, state: Policy.State, verb: str, day: dt.date) -> None:
    with following(policy, verb, by=None) as ended:
        if ended.in_force_from is not None and ended.in_force_until is None:
            ended.in_force_until = max(day, ended.in_force_from)
        ended.state = state
