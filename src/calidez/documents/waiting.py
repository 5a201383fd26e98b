"""What waits for people because of documents: to approve, to read, to put in force, to review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from calidez.documents import rules
from calidez.documents.models import Acknowledgement, Approval, Document, DocumentVersion
from calidez.documents.services.effect import readers_missing
from calidez.kit.catalog import catalog
from calidez.kit.desk.inbox import Pending

State = DocumentVersion.State


def to_approve(user: Any) -> tuple[Pending, ...]:
    """Only where it is the person's turn."""
    entity = catalog.of(DocumentVersion)
    return tuple(
        Pending(
            text=_("Approve: %(version)s") % {"version": one.document_version},
            url=entity.url(one.document_version),
            kind=one.document_version.document.code,
            since=one.asked_at,
            subject="documents.documentversion",
            uid=one.document_version.uid,
        )
        for one in approvals_asked(user).select_related("document_version__document").order_by("asked_at")
    )


def approvals_asked(user: Any) -> QuerySet[Approval]:
    in_review = catalog.of(DocumentVersion).queryset(user).filter(state=State.IN_REVIEW)
    if in_review.query.is_empty():
        return Approval.objects.none()
    return Approval.objects.filter(
        person=user, decision="", void_at=None, asked_at__isnull=False, document_version__in=in_review
    )


def to_read(user: Any) -> tuple[Pending, ...]:
    entity = catalog.of(Acknowledgement)
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
        for one in readings_asked(user).select_related("document_version__document").order_by("due", "pk")
    )


def readings_asked(user: Any) -> QuerySet[Acknowledgement]:
    mine = catalog.of(Acknowledgement).queryset(user)
    return mine.filter(person=user, state=Acknowledgement.State.ASKED)


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


def to_review(user: Any) -> tuple[Pending, ...]:
    """From some weeks before the day on."""
    entity = catalog.of(Document)
    return tuple(
        Pending(
            text=_("Review: %(document)s") % {"document": document},
            url=entity.url(document),
            kind=document.code,
            due=document.review_due,
            subject="documents.document",
            uid=document.uid,
        )
        for document in reviews_due(user).order_by("review_due")
    )


def reviews_due(user: Any) -> QuerySet[Document]:
    horizon = timezone.localdate() + dt.timedelta(days=rules.REVIEW_BEFORE)
    seen = catalog.of(Document).queryset(user)
    return seen.filter(owner=user, state=Document.State.IN_FORCE, review_due__lte=horizon)
