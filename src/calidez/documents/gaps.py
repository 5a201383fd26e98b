"""Broken links of documents: nobody keeps them up to date, or those who are to read them do not or cannot."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calidez.documents.models import Acknowledgement, Document, DocumentVersion
from calidez.kit.catalog import catalog
from calidez.kit.core.links import Missing
from calidez.kit.desk.gaps import add_gap
from calidez.kit.platform.display import Link


def _unread(documents: QuerySet[Document]) -> QuerySet[Document]:
    late = Acknowledgement.objects.filter(
        state=Acknowledgement.State.ASKED, document_version=OuterRef("current"), due__lt=timezone.localdate()
    )
    return documents.filter(Exists(late))


def _to_be_read(documents: QuerySet[Document]) -> QuerySet[Document]:
    """People were chosen to read it, and it was never in force."""
    positions = Document.readers_positions.through.objects.filter(document=OuterRef("pk"))
    units = Document.readers_units.through.objects.filter(document=OuterRef("pk"))
    return documents.filter(Exists(positions) | Exists(units), state=Document.State.DRAFT)


NOTHING_IN_FORCE = Missing(
    "documents.nothing_in_force",
    _("Document with readers and nothing in force"),
    _("People are to read it, and no version of it holds yet. Write one and have it approved."),
    expected=_to_be_read,
    counted=Q(state=DocumentVersion.State.EFFECTIVE),
)


def register() -> None:
    add_gap(
        "documents.review_overdue",
        label=_("Document whose review is overdue"),
        subject="documents.document",
        broken=lambda documents: documents.filter(
            state=Document.State.IN_FORCE, review_due__lt=timezone.localdate()
        ),
        sentence=_(
            "Nobody has confirmed that it is still right. Read it, and confirm it or write a new version."
        ),
        verb="confirm_review",
        mend=lambda document: Link(
            str(_("Confirm without change")), f"{catalog.of(Document).url(document)}do/confirm_review/"
        ),
    )
    add_gap(
        "documents.unread",
        label=_("Document that not all have read in time"),
        subject="documents.document",
        broken=_unread,
        sentence=_(
            "Some of its readers are past their day. Talk to them; the page of the document names them."
        ),
        mend=lambda document: Link(
            str(_("Who has not read it")),
            f"{catalog.of(Acknowledgement).list_url()}?state=asked&document_version={document.current.uid}",
        ),
    )
