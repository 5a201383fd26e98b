"""What charters add to the page of the policy and to the broken links."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calidez.charter import panels
from calidez.charter.models import Charter
from calidez.documents.models import DocumentVersion
from calidez.kit.desk.gaps import add_gap
from calidez.kit.desk.panels import add_panel
from calidez.kit.desk.related import Related

add_panel(
    "policy.policy",
    Related(
        Charter,
        by="policy",
        columns=("code", "title", "unit", "state", "published_on"),
        title=_("What the public reads of it"),
    ),
)


def _published(charters: QuerySet[Any]) -> QuerySet[Any]:
    return charters.filter(state=Charter.State.PUBLISHED)


def _policy_changed(charters: QuerySet[Any]) -> QuerySet[Any]:
    """Another edition is in force than the one that was published, or none is."""
    effective = DocumentVersion.objects.filter(
        document=OuterRef("policy__document"), state=DocumentVersion.State.EFFECTIVE
    )
    published = _published(charters)
    newer = published.filter(Exists(effective.exclude(pk=OuterRef("edition"))), edition__isnull=False)
    ended = published.filter(policy__in_force_until__isnull=False)
    return charters.filter(pk__in=newer.values("pk")) | charters.filter(pk__in=ended.values("pk"))


add_gap(
    "charter.results_too_old",
    label=_("Charter whose results are older than two periods"),
    subject="charter.charter",
    broken=lambda charters: _published(charters).filter(stale_from__lte=timezone.localdate()),
    sentence=_("The public reads results of long ago. Publish the newer ones."),
    verb="publish",
    mend=panels.page_of,
)
add_gap(
    "charter.policy_changed",
    label=_("Charter whose policy has changed since"),
    subject="charter.charter",
    broken=_policy_changed,
    sentence=_(
        "The public reads promises of an edition that no longer holds. Publish it again, or withdraw it."
    ),
    verb="publish",
    mend=panels.page_of,
)
