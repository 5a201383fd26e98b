"""What the policy part adds to the thread."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from calidez.kit.thread import Way, add_edge
from calidez.policy.models import Commitment, Policy

add_edge(
    "policy.policy",
    Way.DOWN,
    _("promises"),
    Commitment,
    lambda policy: Commitment.objects.filter(policy=policy, state=Commitment.State.STANDING),
    filter="policy",
    missing=_("It has no commitment yet."),
)
add_edge(
    "policy.commitment",
    Way.UP,
    _("is part of"),
    Policy,
    lambda commitment: Policy.objects.filter(pk=commitment.policy_id),
)
