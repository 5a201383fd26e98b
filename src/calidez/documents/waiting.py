"""What waits for the owner of a document whose next version is approved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from calidez.documents.models import DocumentVersion
from calidez.documents.services.effect import readers_missing
from calidez.kit.catalog import catalog
from calidez.kit.desk.inbox import Pending

State = DocumentVersion.State


def to_put_in_force(user: Any) -> tuple[Pending, ...]:
    """What the owner's documents have approved: to be put in force, or held back by readers who are missing."""
    return tuple(_to_put_in_force(user, timezone.localdate()))


def _to_put_in_force(user: Any, today: dt.date) -> Iterator[Pending]:
    entity = catalog.of(DocumentVersion)
    for version in approved(user).select_related("document").order_by("approved_at"):
        missing = readers_missing(version)
        planned = version.effective_on
        if planned is not None and planned > today and not missing:
            continue  # the clock does it
        if missing and planned is None:
            continue  # people are reading; nothing to do yet
        text = _("Readers are missing: %(version)s") if missing else _("Put in force: %(version)s")
        yield Pending(
            text=text % {"version": version},
            url=entity.url(version),
            kind=version.document.code,
            since=version.approved_at,
            due=planned,
            subject="documents.documentversion",
            uid=version.uid,
        )


def approved(user: Any) -> QuerySet[DocumentVersion]:
    """Versions of the owner's documents that are not in force yet; only some of them wait for the owner."""
    seen = catalog.of(DocumentVersion).queryset(user)
    return seen.filter(state=State.APPROVED, document__owner=user)
