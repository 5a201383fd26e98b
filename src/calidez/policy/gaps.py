"""Broken links of policies and commitments: who answers, by which work and by which document a promise is kept."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from calidez.documents.models import Document
from calidez.kit.catalog import catalog
from calidez.kit.core.links import Missing
from calidez.kit.desk.gaps import add_gap
from calidez.kit.platform.display import Link
from calidez.policy import services
from calidez.policy.models import ENDED_STATES, Commitment, Policy


def _write(field: str) -> Any:
    """The field itself while the policy is being written, else the step that opens the policy."""

    def way(commitment: Commitment) -> Link:
        policies, policy = catalog.of(Policy), commitment.policy
        if policy.state == Policy.State.IN_FORCE:
            address = reverse("kit:step", args=[policies.slug, policy.uid, services.revise.name])
            return Link(str(_("Revise the policy")), address)
        if not policy.is_open:
            return Link(str(policy), policies.url(policy))
        return Link(str(_("Edit")), f"{catalog.of(Commitment).url(commitment)}edit/#id_{field}")

    return way


def _standing(commitments: QuerySet[Any]) -> QuerySet[Any]:
    """Those of a policy that was submitted: what a draft does not name yet is not broken."""
    found = commitments.filter(state=Commitment.State.STANDING)
    return found.exclude(policy__state__in=(Policy.State.DRAFT, *ENDED_STATES)).select_related("policy")


WITHOUT_DOCUMENT = Missing(
    "policy.commitment_without_document",
    _("Commitment without a document in force"),
    _("No document in force says how it is kept. Name one, or have the one named approved."),
    expected=_standing,
    counted=Q(state=Document.State.IN_FORCE),
    yet=_("No document in force says how it is kept yet."),
    mend=_write("documents"),
)


def register() -> None:
    add_gap(
        "policy.commitment_without_owner",
        label=_("Commitment that nobody answers for"),
        subject="policy.commitment",
        broken=lambda found: _standing(found).filter(owner=None),
        sentence=_("Nobody answers for it. Name an owner."),
        mend=_write("owner"),
    )
    add_gap(
        "policy.commitment_without_process",
        label=_("Commitment without a process"),
        subject="policy.commitment",
        broken=lambda found: _standing(found).filter(process=""),
        sentence=_("It does not say by which work it is kept. Name the process."),
        mend=_write("process"),
    )
    add_gap(
        "policy.not_in_force",
        label=_("Policy that is not in force"),
        subject="policy.policy",
        broken=lambda found: found.filter(state=Policy.State.IN_REVIEW, in_force_from=None),
        sentence=_("Nothing of it holds yet. See to it that its document is approved."),
        mend=lambda policy: Link(str(policy), catalog.of(Policy).url(policy)),
        edge="documents.document",
    )
