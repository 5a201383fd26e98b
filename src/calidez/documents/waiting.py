"""What waits for people because of documents: to approve, to read, to put in force, to review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from calidez.documents import rules
from calidez.documents.models import Acknowledgement, Approval, Document, DocumentVersion
from calidez.documents.services.effect import readers_missing
from calidez.kit.catalog import catalog
from calidez.kit.inbox import Pending

State = DocumentVersion.State


def to_approve(user: Any) -> tuple[Pending, ...]:
    """Only where it is the person's turn."""
    entity = catalog.of(DocumentVersion)
    asked = Approval.objects.filter(
        person=user,
        decision="",
        void_at=None,
        asked_at__isnull=False,
        document_version__in=entity.queryset(user).filter(state=State.IN_REVIEW),
    ).select_related("document_version__document")
    return tuple(
        Pending(
            text=_("Approve: %(version)s") % {"version": one.document_version},
            url=entity.url(one.document_version),
            kind=one.document_version.document.code,
            since=one.asked_at,
            subject="documents.documentversion",
            uid=one.document_version.uid,
        )
        for one in asked.order_by("asked_at")
    )


def to_read(user: Any) -> tuple[Pending, ...]:
    entity = catalog.of(Acknowledgement)
    asked = entity.queryset(user).filter(person=user, state=Acknowledgement.State.ASKED)
    return tuple(
        Pending(
            text=_("Read: %(version)s") % {"version": one.document_version},
            url=entity.url(one),
            kind=one.document_version.document.code,
            since=one.asked_at,
            due=one.due,
            subject="documents.acknowledgement",
            uid=one.uid,
        )
        for one in asked.select_related("document_version__document").order_by("due", "pk")
    )


def to_put_in_force(user: Any) -> tuple[Pending, ...]:
    """What the owner's documents have approved: to be put in force, or held back by readers who are missing."""
    return tuple(_to_put_in_force(user, timezone.localdate()))


def _to_put_in_force(user: Any, today: dt.date) -> Iterator[Pending]:
    entity = catalog.of(DocumentVersion)
    approved = entity.queryset(user).filter(state=State.APPROVED, document__owner=user)
    for version in approved.select_related("document").order_by("approved_at"):
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


def to_review(user: Any) -> tuple[Pending, ...]:
    """From some weeks before the day on."""
    entity = catalog.of(Document)
    horizon = timezone.localdate() + dt.timedelta(days=rules.REVIEW_BEFORE)
    due = entity.queryset(user).filter(owner=user, state=Document.State.IN_FORCE, review_due__lte=horizon)
    return tuple(
        Pending(
            text=_("Review: %(document)s") % {"document": document},
            url=entity.url(document),
            kind=document.code,
            due=document.review_due,
            subject="documents.document",
            uid=document.uid,
        )
        for document in due.order_by("review_due")
    )
