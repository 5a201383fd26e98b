"""What standards add to everybody's work and to the list of broken links."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from calidez.kit.desk.gaps import add_gap
from calidez.standards.models import StandardBasis
from calidez.standards.selectors import promised

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
    broken=lambda standards: promised(standards).filter(latest__made_by__isnull=True),
    sentence=_("The version in force was not approved by a second person."),
    verb="revise",
)
