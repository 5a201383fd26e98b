"""What standards add to everybody's work, to the thread and to the list of broken links."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from calidez.documents.models import Document
from calidez.kit.core.edges import Way, add_edge
from calidez.kit.desk.gaps import add_gap
from calidez.policy.models import Commitment
from calidez.standards.models import Standard, StandardBasis
from calidez.standards.selectors import promised

add_edge(
    "policy.commitment",
    Way.DOWN,
    _("is made measurable by"),
    Standard,
    lambda commitment: Standard.objects.filter(commitment=commitment),
    filter="commitment",
    field="commitment",
)
add_edge(
    "standards.standard",
    Way.UP,
    _("makes measurable"),
    Commitment,
    lambda standard: Commitment.objects.filter(pk=standard.commitment_id) if standard.commitment_id else None,
    field="commitment",
)

add_edge(
    "standards.standard",
    Way.DOWN,
    _("is told to those who keep it by"),
    Document,
    lambda standard: Document.objects.filter(pk=standard.document_id) if standard.document_id else None,
    field="document",
)
add_edge(
    "documents.document",
    Way.UP,
    _("tells"),
    Standard,
    lambda document: Standard.objects.filter(document=document),
    field="document",
)

add_gap(
    "standards.without_basis",
    label=_("Standard without basis"),
    subject="standards.standard",
    broken=lambda standards: promised(standards).exclude(
        Exists(StandardBasis.objects.filter(standard=OuterRef("pk")))
    ),
    sentence=_(
        "Nobody can tell what it rests on: a norm, a need of the customers, or what you are able to do."
    ),
    verb="revise",
)
add_gap(
    "standards.one_person",
    label=_("Standard put in force by one person alone"),
    subject="standards.standard",
    broken=lambda standards: promised(standards).filter(latest__approved_by__isnull=True),
    sentence=_("The version in force was not approved by a second person."),
    verb="revise",
)
