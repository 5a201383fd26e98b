"""The life of a policy and of its commitments."""

from __future__ import annotations

from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy

from calidez.kit.errors import RuleBroken
from calidez.kit.operations import transition
from calidez.policy.models import Commitment, Policy

State = Policy.State
REVISE_FIRST = gettext_lazy("“%(policy)s” is not being written now: revise the policy first.")


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
    """The document in force stays as it is; only the words here open."""


def follow_policy(commitment: Commitment, *, by: Any) -> None:
    """A commitment stands in its policy's unit and is written only while the policy is."""
    policy = Policy.objects.select_for_update(of=("self",)).get(pk=commitment.policy_id)
    if not policy.is_open:
        raise RuleBroken(REVISE_FIRST % {"policy": policy}, field="policy")
    commitment.unit_id = policy.unit_id
    if not commitment.place:
        last = policy.commitments.exclude(pk=commitment.pk).aggregate(last=Max("place"))["last"]
        commitment.place = (last or 0) + 1


def may_be_written(commitment: Commitment) -> bool:
    return commitment.policy.is_open


def not_written_now(commitment: Commitment) -> str:
    """Why a commitment cannot be changed; nothing where it can."""
    return "" if commitment.policy.is_open else str(REVISE_FIRST % {"policy": commitment.policy})


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
    when=may_be_written,
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
    when=may_be_written,
)
def take_back(commitment: Commitment, *, by: Any) -> None:
    follow_policy(commitment, by=by)
