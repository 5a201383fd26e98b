"""Documents, their versions and who has read them, declared."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calidez.documents import gaps, panels, selectors, services
from calidez.documents.models import Acknowledgement, Approval, Approver, Document, DocumentVersion
from calidez.documents.pages import comparing, progress, reading, writing
from calidez.documents.services.reading import past_sentence
from calidez.kit.catalog import Entity, catalog
from calidez.kit.core import access
from calidez.kit.core.blocks import Aside
from calidez.kit.core.cells import Column
from calidez.kit.core.children import Child
from calidez.kit.core.held import Held
from calidez.kit.core.lifecycle import Move
from calidez.kit.core.links import Link
from calidez.kit.core.operations import Operation
from calidez.kit.core.waits import Waits
from calidez.kit.desk.forms import Later
from calidez.kit.desk.panels import Custom, Fields
from calidez.kit.desk.related import Rows
from calidez.people.selectors import who_may

VIEW_RESTRICTED, VIEW_OTHERS = "view_restricted", "view_others"
VERSION = DocumentVersion.State


def not_hidden(user: Any, prefix: str = "") -> Q:
    """Of restricted documents: those of which the person is owner, author, approver or reader, or may see all there."""
    restricted = Q(**{f"{prefix}confidentiality": Document.Confidentiality.RESTRICTED})
    asked = Acknowledgement.objects.filter(person=user).exclude(state=Acknowledgement.State.VOID)
    named = Q(**{f"{prefix}owner": user}) | Q(**{f"{prefix}created_by": user})
    document = prefix.removesuffix("__") or "pk"
    for keys in (
        Approver.objects.filter(person=user).values("document"),
        asked.values("document_version__document"),
        DocumentVersion.objects.filter(created_by=user).values("document"),
    ):
        named |= Q(**{f"{document}__in": keys})
    granted = access.scope(user, "document", VIEW_RESTRICTED)
    return ~restricted | named | granted.query(f"{prefix}unit__path")


def not_shut_out(people: models.QuerySet[Any], document: Document) -> models.QuerySet[Any]:
    """Of these people, those from whom the document is not hidden."""
    if document.confidentiality != Document.Confidentiality.RESTRICTED:
        return people
    versions = document.versions.all()
    asked = Acknowledgement.objects.filter(document_version__document=document)
    named = Q(pk__in=[document.owner_id, document.created_by_id])
    for keys in (
        document.approvers.values("person"),
        asked.exclude(state=Acknowledgement.State.VOID).values("person"),
        versions.exclude(created_by=None).values("created_by"),
        who_may("document", VIEW_RESTRICTED, document.unit.path).order_by().values("pk"),
    ):
        named |= Q(pk__in=keys)
    return people.filter(named)


@catalog.register
class Documents(Entity):
    model = Document
    slug = "documents"
    section = "design"
    icon = "file"
    code = "DOC-{n:03}"
    inherited = True
    columns = (
        "code",
        "title",
        "kind",
        "state",
        Column("version_in_force", _("Version"), panels.version_number, related="current", numeric=True),
        "owner",
        "unit",
        "review_due",
    )
    more_columns = (
        Column(
            "effective_since",
            _("In force since"),
            panels.effective_since,
            sort="current__effective_on",
            related="current",
        ),
        Column("approved_by", _("Approved by"), panels.approved_by, related="current"),
        Column(
            "approved_on", _("Approved"), panels.approved_on, sort="current__approved_at", related="current"
        ),
        Column("digest", _("Digest"), panels.digest, related="current"),
    )
    filters = ("state", "kind", "owner", "unit", "confidentiality", "review_due")
    search = ("code", "title", "process", "current__text")
    ordering = ("code",)
    sections = (
        (_("What it is"), ("title", "kind", "owner", "unit", "process", "confidentiality")),
        (_("Who approves it"), ("approval_order",)),
        Later(_("Who must read it"), ("readers_positions", "readers_units", "read_within", "readers_share")),
        Later(_("How long it holds"), ("review_every", "review_due", "retention_years")),
    )
    children = (Child(Approver, ("person",), _("Approvers"), max=20, order="place"),)
    panels = (
        Custom(
            "reading",
            _("What holds"),
            "documents/panels/reading.html",
            reading.in_force,
            past=reading.as_it_stood,
            past_template="documents/panels/reading_past.html",
        ),
        Custom("versions", _("Versions"), "documents/panels/versions.html", comparing.versions, later=True),
        Custom(
            "progress",
            _("Read and understood"),
            "documents/panels/reading_progress.html",
            progress.of_document,
            later=True,
        ),
        Fields(filled=True),
    )
    steps = (services.confirm_review, services.retire)
    moves = (
        Move(
            "version_in_force",
            _("Its first version comes into force"),
            Document.State.DRAFT,
            Document.State.IN_FORCE,
        ),
    )
    waits = (
        Waits(
            Document.State.IN_FORCE,
            say=_("Review: %(record)s"),
            due="review_due",
            soon=30,
            again=14,
            step=services.confirm_review,
            label=_("To review"),
        ),
    )
    held = (
        Held(
            "owner",
            gone=_("Document whose owner has left"),
            where=~Q(state=Document.State.RETIRED),
            label=_("Documents kept up to date"),
            key="documents.owner_gone",
        ),
        Held(
            "approvers__person",
            gone=_("Document whose approver has left"),
            where=~Q(state=Document.State.RETIRED),
            label=_("Documents to approve, now or next time"),
            pass_on=services.replace_approver,
        ),
    )
    edit_states = (Document.State.DRAFT, Document.State.IN_FORCE)
    prepare = services.prepare_document
    saved = services.document_saved
    verbs = {"version_in_force": _("has a new version in force")}
    help = _(
        "What is written down and holds: policies, procedures, instructions, forms. Readers get the version in force."
    )
    empty = _("No documents yet. Write down the first procedure that must be the same every time.")

    def queryset(self, user: Any, verb: str = access.VIEW) -> models.QuerySet[Any]:
        return super().queryset(user, verb).filter(not_hidden(user))

    def seers(self, record: Any, people: models.QuerySet[Any]) -> models.QuerySet[Any]:
        return not_shut_out(people, record)


@catalog.register
class DocumentVersions(Entity):
    model = DocumentVersion
    slug = "document-versions"
    icon = "versions"
    scope = "document__unit"
    inherited = True
    columns = ("document", "number", "state", "effective_on", "approved_by", "created_by", "summary")
    more_columns = (
        Column("document_code", _("Code"), panels.document_code, sort="document__code", related="document"),
        "approved_at",
        "digest",
        "keep_until",
    )
    filters = ("state", "document", "effective_on")
    search = ("document__code", "document__title", "summary")
    ordering = ("document__code", "-number")
    sections = (
        (_("What it says"), ("document", "text", "file", "summary")),
        (_("Check question"), ("question", "right_answer", "wrong_answers")),
    )
    secret_fields = ("right_answer", "wrong_answers")
    links = (
        Link(
            "document",
            up=_("is a version of"),
            down=_("is written in"),
            missing_there=gaps.NOTHING_IN_FORCE,
            new=False,  # its list on the page of the document offers the next one, once none is in the works
        ),
    )
    shown = (
        "document",
        "number",
        "summary",
        "file",
        "created_by",
        "submitted_at",
        "approved_at",
        "approved_by",
        "effective_on",
        "ended_on",
        "keep_until",
        "disposed_at",
        "digest",
    )
    bulk_fields = ()
    asides = (
        Aside(
            "preview", _("How it will read"), "documents/_preview.html", writing.preview, watches=("text",)
        ),
    )
    panels = (
        Custom("changes", _("What changed"), "documents/panels/changes.html", comparing.changes),
        Custom("content", _("Content"), "documents/panels/content.html", writing.content),
        Rows(Approval, panels.APPROVALS, _("Approvals")),
        Custom(
            "progress",
            _("Read and understood"),
            "documents/panels/reading_progress.html",
            progress.of_version,
        ),
        Fields(filled=True),
    )
    steps = (
        services.submit,
        services.approve,
        services.put_in_force,
        services.send_back,
        services.plan,
        services.take_back,
        services.discard,
        services.dispose,
    )
    moves = (
        Move("approve", _("Approve version"), VERSION.IN_REVIEW, VERSION.APPROVED),
        Move("supersede", _("The next version comes into force"), VERSION.EFFECTIVE, VERSION.SUPERSEDED),
        Move("retire", _("The document is retired"), VERSION.EFFECTIVE, VERSION.RETIRED),
    )
    waits = (
        Waits(
            VERSION.IN_REVIEW,
            say=_("Approve: %(record)s"),
            who="approvals__person",  # only where it is the person's turn
            where=Q(approvals__decision="", approvals__void_at=None, approvals__asked_at__isnull=False),
            since="approvals__asked_at",
            about="document__code",
            step=services.approve,
            personal=True,
            label=_("To approve"),
        ),
    )
    edit_states = (VERSION.DRAFT,)
    prepare = services.prepare_version
    saved = services.version_saved
    create_words = _("Write a version")
    verbs = {
        "void_approvals": _("approvals became void"),
        "supersede": _("was superseded"),
        "retire": _("was retired"),
        "issue": _("was issued with the record that it was written out of"),
        "write_out": _("was written out anew"),
    }
    help = _(
        "Every version of every document, from draft to superseded; from its submission on none can be changed."
    )
    empty = _("No versions yet. Open a document and write its first version.")

    def queryset(self, user: Any, verb: str = access.VIEW) -> models.QuerySet[Any]:
        return super().queryset(user, verb).filter(not_hidden(user, "document__"))

    def seers(self, record: Any, people: models.QuerySet[Any]) -> models.QuerySet[Any]:
        return not_shut_out(people, record.document)

    def may_know(self, records: Sequence[Any], user: Any) -> Container[Any]:
        return selectors.answers_confided(records, user)

    def related(self) -> list[str]:
        return sorted({*super().related(), "document", "created_by"})


@catalog.register
class Acknowledgements(Entity):
    """Who was asked to read a version, and who confirmed it.

    People see their own. Whoever may see those of others sees the people of their units; the owner of a document sees
    everybody who was asked to read it.
    """

    model = Acknowledgement
    found_last = True
    slug = "acknowledgements"
    icon = "checks"  # found under “My reading” and on the page of each document
    scope = "person__unit"
    creatable = False
    editable = False
    columns = ("document_version", "person", "state", "due", "asked_at", "done_at")
    filters = ("state", "person", "document_version", "due")
    search = ("document_version__document__code", "document_version__document__title", "person__name")
    ordering = ("state", "due", "pk")
    secret_fields = ("answer",)
    shown = ("document_version", "person", "asked_at", "due", "done_at", "answer", "tries", "void_reason")
    panels = (
        Custom("reading", _("What to read"), "documents/panels/reading.html", reading.to_read),
        Fields(filled=True),
    )
    steps = (services.acknowledge,)
    moves = (
        Move("void", _("It is no longer needed"), Acknowledgement.State.ASKED, Acknowledgement.State.VOID),
    )
    waits = (
        Waits(
            Acknowledgement.State.ASKED,
            say=_("Read: %(document_version)s"),
            who="person",
            due="due",
            since="asked_at",
            about="document_version__document__code",
            personal=True,
            label=_("To read"),
        ),
    )
    held = (
        Held(
            "person",
            where=Q(state=Acknowledgement.State.ASKED),
            label=_("Documents to read"),
            personal=_("Nobody reads for somebody else: they are no longer asked once the access ends."),
        ),
    )
    verbs = {"void": _("was no longer needed"), "wrong_answer": _("answered wrong")}
    help = _("Who was asked to read which version, and who has said “read and understood”.")
    empty = _("Nobody has been asked to read anything yet. Say on the page of a document who must read it.")

    def queryset(self, user: Any, verb: str = access.VIEW) -> models.QuerySet[Any]:
        if not access.scope(user, self.key, verb):
            return super().queryset(user, verb)
        seen = Q(person=user) | Q(document_version__document__owner=user)
        others = access.scope(user, self.key, VIEW_OTHERS)
        if others:
            document = not_hidden(user, "document_version__document__")
            seen |= others.query("person__unit__path") & document
        return Acknowledgement.objects.filter(seen)

    def related(self) -> list[str]:
        return sorted({*super().related(), "document_version__document"})

    def may_know(self, records: Sequence[Any], user: Any) -> Container[Any]:
        """One's own answer; that of others to those who know the right one anyway."""
        told = selectors.answers_confided([one.document_version for one in records], user)
        return {one.pk for one in records if one.person_id == user.pk or one.document_version_id in told}

    def seers(self, record: Any, people: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Whoever was asked, the owner, and those of the others who may see who has read what."""
        document = record.document_version.document
        others = (
            who_may(self.key, VIEW_OTHERS, record.person.unit.path if record.person.unit is not None else "/")
            .order_by()
            .values("pk")
        )
        named = Q(pk__in=(record.person_id, document.owner_id))
        return people.filter(named | Q(pk__in=others, id__in=not_shut_out(people, document).values("pk")))

    def title(self, record: Any) -> str:
        return str(record.document_version)

    def unit_path(self, record: Any) -> str | None:
        """It is the person's own affair, wherever they hold the role that lets them say so."""
        return None

    def closed_sentence(self, operation: Operation, record: Any) -> str:
        if operation is services.acknowledge and record.state == Acknowledgement.State.VOID:
            if record.document_version.state in DocumentVersion.PAST:
                return past_sentence(record.document_version)
            return str(record.void_reason)
        return super().closed_sentence(operation, record)
