"""What the policy part adds to the thread, to the broken links, and what it follows of its documents."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from calidez.documents.models import Document
from calidez.kit.catalog import catalog
from calidez.kit.core.edges import Way, add_edge
from calidez.kit.core.reactions import react_to
from calidez.kit.desk.gaps import add_gap
from calidez.kit.platform.display import Link
from calidez.policy import services
from calidez.policy.models import ENDED_STATES, Commitment, Policy

react_to("documents.documentversion", services.follow_version)
react_to("documents.document", services.follow_document)

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
    "policy.policy",
    Way.DOWN,
    _("is published as"),
    Document,
    lambda policy: Document.objects.filter(pk=policy.document_id) if policy.document_id else None,
    field="document",
)
add_edge(
    "documents.document",
    Way.UP,
    _("publishes"),
    Policy,
    lambda document: Policy.objects.filter(document=document),
    field="document",
)
add_edge(
    "policy.commitment",
    Way.UP,
    _("is part of"),
    Policy,
    lambda commitment: Policy.objects.filter(pk=commitment.policy_id),
)
add_edge(
    "policy.commitment",
    Way.DOWN,
    _("is done as written in"),
    Document,
    lambda commitment: Document.objects.filter(commitments=commitment),
    field="documents",
)
add_edge(
    "documents.document",
    Way.UP,
    _("says how to keep"),
    Commitment,
    lambda document: Commitment.objects.filter(documents=document, state=Commitment.State.STANDING),
    field="documents",
)


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
    found = commitments.filter(state=Commitment.State.STANDING).exclude(policy__state__in=ENDED_STATES)
    return found.select_related("policy")


def _without_document(commitments: QuerySet[Any]) -> QuerySet[Any]:
    named = Commitment.documents.through.objects.filter(
        commitment=OuterRef("pk"), document__state=Document.State.IN_FORCE
    )
    return _standing(commitments).filter(~Exists(named))


add_gap(
    "policy.commitment_without_owner",
    label=_("Commitment that nobody answers for"),
    subject="policy.commitment",
    broken=lambda found: _standing(found).filter(Q(owner=None) | Q(owner__is_active=False)),
    sentence=_("Nobody who can sign in answers for it. Name an owner."),
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
    "policy.commitment_without_document",
    label=_("Commitment without a document in force"),
    subject="policy.commitment",
    broken=_without_document,
    sentence=_("No document in force says how it is kept. Name one, or have the one named approved."),
    mend=_write("documents"),
    edge="documents.document",
)
add_gap(
    "policy.not_in_force",
    label=_("Policy that is not in force"),
    subject="policy.policy",
    broken=lambda found: found.exclude(state__in=ENDED_STATES).filter(in_force_from=None),
    sentence=_(
        "Nothing of it holds yet. Submit it for approval, or see to it that its document is approved."
    ),
    verb="submit",
    mend=lambda policy: (
        Link(
            str(services.submit.label),
            reverse("kit:step", args=[catalog.of(Policy).slug, policy.uid, services.submit.name]),
        )
        if policy.is_open
        else Link(str(policy), catalog.of(Policy).url(policy))
    ),
    edge="documents.document",
)
