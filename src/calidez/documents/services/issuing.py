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
from calidez.kit.core import audit, reactions
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
        _rename(document, kind=kind, title=title, by=by)
        return _write_version(version, document, text, summary, by=by)


def _new_document(*, kind: str, title: str, unit: Any, owner: Any, by: Any) -> Document:
    entity = catalog.of(Document)
    document = Document(created_by=by, kind=kind, title=title, unit=unit, owner=owner)
    document.code = entity.next_code()
    document.full_clean()
    document.save()
    audit.write("create", document, by=by, after=audit.snapshot(document))
    reactions.happened(document, "create")
    return document


def _rename(document: Document, *, kind: str, title: str, by: Any) -> None:
    if (document.kind, document.title) == (kind, title):
        return
    before = audit.snapshot(document)
    document.kind, document.title = kind, title
    document.version += 1
    document.save()
    audit.write("edit", document, by=by, before=before, after=audit.snapshot(document))
    reactions.happened(document, "edit")


def _write_version(
    version: DocumentVersion | None, document: Document, text: str, summary: str, *, by: Any
) -> DocumentVersion:
    before = audit.snapshot(version) if version is not None else None
    verb = "create" if version is None else "write_out"
    version = version or DocumentVersion(document=document, created_by=by)
    version.text, version.summary, version.file = text, summary, ""
    writing.prepare_version(version, by=by)
    version.version += 1 if version.pk else 0
    version.save()
    audit.write(verb, version, by=by, before=before, after=audit.snapshot(version))
    reactions.happened(version, verb)
    return version


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
    before = audit.snapshot(document)
    document.unit, document.owner = unit, owner
    document.version += 1
    document.save()
    document.readers_positions.set(readers_positions)
    document.readers_units.set(readers_units)
    if approvers is not None:
        document.approvers.exclude(person__in=approvers).delete()
        for place, person in enumerate(approvers, start=1):
            document.approvers.update_or_create(person=person, defaults={"place": place})
        writing.document_saved(document, by=by)
    audit.write("edit", document, by=by, before=before, after=audit.snapshot(document))
    reactions.happened(document, "edit")


def end(document: Document, *, by: Any, note: str = "") -> None:
    """The record that it was written out of holds no more, and neither does the document.

    Whoever may end the record may end it; that is asked by the caller.
    """
    locked = Document.objects.select_for_update().get(pk=document.pk)
    if locked.state == Document.State.RETIRED:
        return
    before = audit.snapshot(locked)
    effect.retire.body(locked, by=by)
    locked.state = Document.State.RETIRED
    locked.version += 1
    locked.save()
    audit.write("retire", locked, by=by, before=before, after=audit.snapshot(locked), note=note)
    reactions.happened(locked, "retire")


def issue(version: DocumentVersion, *, by: Any, approved_by: Any, effective_on: dt.date) -> DocumentVersion:
    """The record that the text was written out of was approved by a second person: so is the text, and it takes effect.

    A day to come is planned; a document that needs readers first waits for them like any other.
    """
    with transaction.atomic():
        locked = DocumentVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        if locked.state != State.DRAFT:
            raise RuleBroken(catalog.of(DocumentVersion).closed_sentence(approving.submit, locked))
        if selectors.wrote(locked, approved_by):
            raise RuleBroken(_("Whoever wrote the text cannot be the one who approved it."))
        if not locked.has_content:
            raise RuleBroken(_("Write the text or give a file first."))
        _record_approval(locked, approved_by, by=by)
        locked.effective_on = effective_on
        _check_after_the_last(locked)
        before = audit.snapshot(locked)
        locked.version += 1
        locked.save()
        audit.write("issue", locked, by=by, before=before, after=audit.snapshot(locked))
        reactions.happened(locked, "issue")
        reading.ask_readers(locked)
        if effective_on <= timezone.localdate() and not effect.refusal(locked):
            effect.bring_in(locked, effective_on, by=by)
    return locked


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
