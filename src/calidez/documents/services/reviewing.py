"""What keeps documents fit over the years: reviews with reminders, and what is disposed of after its time."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.documents import rules, selectors
from calidez.documents.content import files
from calidez.documents.models import Document, DocumentVersion
from calidez.kit.core.operations import NotOffered, operation, unless
from calidez.kit.desk.files.models import Attachment
from calidez.kit.platform.formats import day
from calidez.kit.platform.kept_files import store

State = DocumentVersion.State


@operation(
    Document,
    source=[Document.State.IN_FORCE],
    label=gettext_lazy("Confirm without change"),
    note=True,
    icon="refresh",
    blocked=unless(lambda document: document.review_every is not None),
    help=gettext_lazy("You have read it and it is still right. The next review is counted from today."),
)
def confirm_review(document: Document, *, by: Any) -> None:
    assert document.review_every is not None
    document.review_due = rules.add_months(timezone.localdate(), document.review_every)


def _kept(version: DocumentVersion, by: Any) -> Any:
    if version.disposed_at is not None:
        return NotOffered()
    if rules.may_be_disposed_of(version.keep_until, on=timezone.localdate()):
        return None
    if version.keep_until is None:
        return _("It is kept without an end: the document says no number of years.")
    return _("It is kept until %(day)s.") % {"day": day(version.keep_until)}


@operation(
    DocumentVersion,
    source=[State.SUPERSEDED, State.RETIRED],
    label=gettext_lazy("Dispose of the content"),
    note=True,
    icon="trash",
    grave=True,
    blocked=_kept,
    after=lambda version, *, by: _forget_bytes(version),
    help=gettext_lazy("Text or file are gone for good. What it was, its digest and its history stay."),
)
def dispose(version: DocumentVersion, *, by: Any) -> None:
    # Kept for what follows once the row is written: the field itself forgets it.
    version._disposed = selectors.file_digest(version)  # type: ignore[attr-defined]
    version.text, version.file = "", ""
    version.disposed_at = timezone.now()


def _forget_bytes(version: DocumentVersion) -> None:
    sha256 = getattr(version, "_disposed", "")
    if not sha256:
        return
    elsewhere = DocumentVersion.objects.filter(file__startswith=f"{sha256}/").exists()
    if not elsewhere and not Attachment.objects.filter(sha256=sha256).exists():
        transaction.on_commit(lambda: _take_away(sha256))


def _take_away(sha256: str) -> None:
    """The bytes, and what was read out of them to show and compare it."""
    store.forget(sha256)
    files.forget(sha256)
