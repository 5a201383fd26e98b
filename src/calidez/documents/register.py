"""What documents add to the side bar, to everybody's work, to the thread and to the broken links."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calidez.documents import jobs, waiting
from calidez.documents.entities import VIEW_OTHERS, VIEW_RESTRICTED
from calidez.documents.models import Acknowledgement, Document, DocumentVersion
from calidez.kit.catalog import catalog
from calidez.kit.core.edges import Way, add_edge
from calidez.kit.core.reactions import react_to
from calidez.kit.desk import inbox, verbs
from calidez.kit.desk.gaps import add_gap
from calidez.kit.desk.navigation import PageEntry, add_page
from calidez.kit.platform.display import Link
from calidez.kit.platform.jobs import enqueue

verbs.add_verb(VIEW_RESTRICTED, _("See restricted ones"), kinds=("document",))
verbs.add_verb(VIEW_OTHERS, _("See what others have read"), kinds=("acknowledgement",))

add_page(
    "design",
    PageEntry(
        _("Documents in force"),
        lambda: reverse("documents:in-force"),
        lambda user: catalog.of(Document).may(user, "view"),
        icon="clipboard-check",
    ),
)
add_page(
    "design",
    PageEntry(
        _("My reading"),
        lambda: reverse("documents:my-reading"),
        lambda user: catalog.of(Acknowledgement).may(user, "view"),
        icon="book",
    ),
)

inbox.add_source(
    waiting.to_put_in_force,
    key="documents.effect",
    label=_("To put in force"),
    rows=waiting.approved,
    rough=True,
)

for kind in ("people.user", "people.grant", "people.role", "people.position", "people.unit"):
    react_to(kind, lambda record, verb: enqueue(jobs.ask_new_readers))

add_edge(
    "documents.document",
    Way.DOWN,
    _("is written in"),
    DocumentVersion,
    lambda document: DocumentVersion.objects.filter(document=document),
    filter="document",
)
add_edge(
    "documents.documentversion",
    Way.UP,
    _("is a version of"),
    Document,
    lambda version: Document.objects.filter(pk=version.document_id),
    field="this.document",
)


def _unread(documents: QuerySet[Document]) -> QuerySet[Document]:
    late = Acknowledgement.objects.filter(
        state=Acknowledgement.State.ASKED, document_version=OuterRef("current"), due__lt=timezone.localdate()
    )
    return documents.filter(Exists(late))


def _never_in_force(documents: QuerySet[Document]) -> QuerySet[Document]:
    """People were chosen to read it, and nothing holds."""
    positions = Document.readers_positions.through.objects.filter(document=OuterRef("pk"))
    units = Document.readers_units.through.objects.filter(document=OuterRef("pk"))
    return documents.filter(Exists(positions) | Exists(units), state=Document.State.DRAFT)


add_gap(
    "documents.owner_gone",
    label=_("Document in force whose owner has left"),
    subject="documents.document",
    broken=lambda documents: documents.filter(state=Document.State.IN_FORCE, owner__is_active=False),
    sentence=_("Its owner no longer signs in, so nobody keeps it up to date. Choose another one."),
)
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
    sentence=_("Some of its readers are past their day. Talk to them; the page of the document names them."),
    mend=lambda document: Link(
        str(_("Who has not read it")),
        f"{catalog.of(Acknowledgement).list_url()}?state=asked&document_version={document.current.uid}",
    ),
)
add_gap(
    "documents.nothing_in_force",
    label=_("Document with readers and nothing in force"),
    subject="documents.document",
    broken=_never_in_force,
    sentence=_("People are to read it, and no version of it holds yet. Write one and have it approved."),
    verb="create",
    mender="documents.documentversion",
    mend=lambda document: Link(
        str(_("Write a version")), f"{catalog.of(DocumentVersion).list_url()}new/?document={document.pk}"
    ),
    edge="documents.documentversion",
)
