"""For parts whose records are published as documents: the text is written out, and issued once the record is approved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calidez.documents import selectors
from calidez.documents.models import Approval, Document, DocumentVersion
from calidez.documents.services import approving, effect, reading, writing
from calidez.kit.catalog import catalog
from calidez.kit.core.following import created, following
from calidez.kit.platform.errors import RuleBroken

State = DocumentVersion.State


def write_out(
    document: Document | None,
    *,
    kind: str,
    title: str,
    text: str,
    unit: Any,
    owner: Any,
    by: Any,
    summary: str = "",
) -> DocumentVersion:
    """A draft with this text: of a new document where none is given, over the draft in the works where there is one.

    The permission is the caller's: whoever may write the record may have it written out.
    """
    with transaction.atomic():
        if document is None:
            document = _new_document(kind=kind, title=title, unit=unit, owner=owner, by=by)
        else:
            document = Document.objects.select_for_update().get(pk=document.pk)
        version = selectors.open_version(document)
        if version is not None and version.state != State.DRAFT:
            raise RuleBroken(
                _("“%(version)s” is under way: finish it or take it back first.") % {"version": version}
            )
        # The new name belongs to this text: it is shown with the version, and with the document from then on.
        document = _renamed(document, kind=kind, title=title, by=by)
        return _write_version(version, document, text, summary, by=by)


def _new_document(*, kind: str, title: str, unit: Any, owner: Any, by: Any) -> Document:
    document = Document(created_by=by, kind=kind, title=title, unit=unit, owner=owner)
    return created(document, by=by)


def _renamed(document: Document, *, kind: str, title: str, by: Any) -> Document:
    if (document.kind, document.title) == (kind, title):
        return document
    with following(document, "edit", by=by) as it:
        it.kind, it.title = kind, title
    return it


def _write_version(
    version: DocumentVersion | None, document: Document, text: str, summary: str, *, by: Any
) -> DocumentVersion:
    def write(it: DocumentVersion) -> None:
        it.text, it.summary, it.file = text, summary, ""
        writing.prepare_version(it, by=by)

    if version is None:
        new = DocumentVersion(document=document, created_by=by)
        write(new)
        return created(new, by=by)
    with following(version, "write_out", by=by) as again:
        write(again)
    return again


def hand_on(
    document: Document,
    *,
    unit: Any,
    owner: Any,
    readers_positions: Any,
    readers_units: Any,
    by: Any,
    approvers: Sequence[Any] | None = None,
) -> None:
    """The document stands where its record stands, is read by those whom it names, and approved by them where it does."""
    with transaction.atomic():
        with following(document, "edit", by=by) as it:
            it.unit, it.owner = unit, owner
            it.readers_positions.set(readers_positions)
            it.readers_units.set(readers_units)
            if approvers is not None:
                it.approvers.exclude(person__in=approvers).delete()
                for place, person in enumerate(approvers, start=1):
                    it.approvers.update_or_create(person=person, defaults={"place": place})
        if approvers is not None:
            writing.document_saved(it, by=by)


def end(document: Document, *, by: Any, note: str = "") -> None:
    """The record that it was written out of holds no more, and neither does the document.

    Whoever may end the record may end it; that is asked by the caller.
    """
    if Document.objects.select_for_update().get(pk=document.pk).state != Document.State.RETIRED:
        effect.retire.follow(document, by=by, note=note)


def issue(version: DocumentVersion, *, by: Any, approved_by: Any, effective_on: dt.date) -> DocumentVersion:
    """The record that the text was written out of was approved by a second person: so is the text, and it takes effect.

    A day to come is planned; a document that needs readers first waits for them like any other.
    """
    with transaction.atomic():
        with following(version, "issue", by=by) as issued:
            if issued.state != State.DRAFT:
                raise RuleBroken(catalog.of(DocumentVersion).closed_sentence(approving.submit, issued))
            if selectors.wrote(issued, approved_by):
                raise RuleBroken(_("Whoever wrote the text cannot be the one who approved it."))
            if not issued.has_content:
                raise RuleBroken(_("Write the text or give a file first."))
            _record_approval(issued, approved_by, by=by)
            issued.effective_on = effective_on
            _check_after_the_last(issued)
        reading.ask_readers(issued)
        if effective_on <= timezone.localdate() and not effect.refusal(issued):
            return effect.put_in_force.follow(issued, by=by, day=effective_on)
    return issued


def _record_approval(version: DocumentVersion, approved_by: Any, *, by: Any) -> None:
    now = timezone.now()
    version.submitted_at = version.approved_at = now
    approving.name_as_submitted(version)
    version.approvals.create(
        person=approved_by,
        asked_at=now,
        decided_at=now,
        decision=Approval.Decision.APPROVED,
        digest=version.digest,
    )
    version.approved_by = str(approved_by)
    version.state = State.APPROVED


def _check_after_the_last(version: DocumentVersion) -> None:
    current = version.document.current
    assert version.effective_on is not None
    if (
        current is not None
        and current.effective_on is not None
        and version.effective_on < current.effective_on
    ):
        raise RuleBroken(
            _("It cannot take effect before the version that it replaces."), field="effective_on"
        )
