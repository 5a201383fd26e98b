"""What must hold of a policy and its commitments whenever somebody writes them."""

from __future__ import annotations

from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy

from calidez.documents.services import refuse_restricted
from calidez.kit.core.operations import transition, unless
from calidez.kit.platform.errors import RuleBroken
from calidez.policy.models import Commitment, Policy

_REVISE = gettext_lazy("“%(policy)s” is not being written now: revise the policy first.")
_IN_REVIEW = gettext_lazy(
    "“%(policy)s” is in review: its words can change again when its document is sent back or taken back."
)
_ENDED = gettext_lazy("“%(policy)s” no longer holds: its commitments stay as they were.")
_CLOSED = {
    Policy.State.IN_REVIEW: _IN_REVIEW,
    Policy.State.SUPERSEDED: _ENDED,
    Policy.State.RETIRED: _ENDED,
}


def follow_policy(commitment: Commitment, *, by: Any) -> None:
    """A commitment stands in its policy's unit and is written only while the policy is."""
    policy = Policy.objects.select_for_update(of=("self",)).get(pk=commitment.policy_id)
    if not policy.is_open:
        raise RuleBroken(closed_sentence(policy), field="policy")
    commitment.unit_id = policy.unit_id
    if not commitment.place:
        last = policy.commitments.exclude(pk=commitment.pk).aggregate(last=Max("place"))["last"]
        commitment.place = (last or 0) + 1


def check_documents(commitment: Commitment, *, by: Any) -> None:
    """Whoever reads the promise reads where it is written how it is kept."""
    refuse_restricted(commitment.documents.all(), field="documents")


def closed_sentence(policy: Policy) -> str:
    """Why the words of a policy cannot be changed now; nothing where they can."""
    if policy.is_open:
        return ""
    return str(_CLOSED.get(Policy.State(policy.state), _REVISE) % {"policy": policy})


def may_be_written(commitment: Commitment) -> bool:
    return commitment.policy.is_open


def move_commitments(policy: Policy, *, by: Any) -> None:
    """Its commitments hold where the policy holds."""
    policy.commitments.exclude(unit=policy.unit_id).update(unit=policy.unit_id)


@transition(
    Commitment,
    source=[Commitment.State.STANDING],
    target=Commitment.State.WITHDRAWN,
    label=gettext_lazy("Withdraw"),
    note=True,
    icon="archive",
    blocked=unless(may_be_written),
    help=gettext_lazy("It leaves the policy; what was promised and measured stays in the history."),
)
def withdraw(commitment: Commitment, *, by: Any) -> None:
    follow_policy(commitment, by=by)


@transition(
    Commitment,
    source=[Commitment.State.WITHDRAWN],
    target=Commitment.State.STANDING,
    label=gettext_lazy("Take back into the policy"),
    icon="arrow-back-up",
    blocked=unless(may_be_written),
)
def take_back(commitment: Commitment, *, by: Any) -> None:
    follow_policy(commitment, by=by)
