"""What must hold of documents and their drafts whenever somebody saves them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.documents import rules, selectors
from calidez.documents.content.markdown import MOST_LETTERS
from calidez.documents.models import Document, DocumentVersion
from calidez.documents.services import approving, reading
from calidez.documents.services.keeping import kept_until
from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.core.operations import transition
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.formats import number

State = DocumentVersion.State


def prepare_document(document: Document, *, by: Any) -> None:
    document.title = document.title.strip()
    if document.review_every and document.review_due is None and document.current is not None:
        document.review_due = rules.add_months(timezone.localdate(), document.review_every)


def document_saved(document: Document, *, by: Any) -> None:
    """What depends on the approvers and readers, who are saved after the document itself."""
    _check_approvers(document)
    if document.readers_share is not None and not selectors.has_readers(document):
        raise RuleBroken(
            _("Say which positions or units must read it: a share of nobody cannot be reached."),
            field="readers_share",
        )
    _check_named(document)
    # Whoever approves at this moment is waited for: what they decided must not be written over.
    version = selectors.open_version(document, locked=True)
    if version is not None and version.state in {State.IN_REVIEW, State.APPROVED}:
        approving.follow_document(version, by=by)
    for asked in document.versions.filter(state__in=(State.APPROVED, State.EFFECTIVE)):
        reading.ask_readers(asked)


def replace_approver(document: Document, giver: Any, receiver: Any, *, by: Any) -> None:
    """The version under way waits for the new one from now on; what the other approved before stays approved."""
    mine = document.approvers.filter(person=giver)
    if document.approvers.filter(person=receiver).exists():
        mine.delete()
    else:
        mine.update(person=receiver)
    document_saved(document, by=by)


def _check_approvers(document: Document) -> None:
    """Whoever is named must be able to do it, or the version would wait for ever."""
    entity = catalog.of(DocumentVersion)
    path = document.unit.path
    for approver in document.approvers.select_related("person"):
        if not access.scope(approver.person, entity.key, "approve").covers(path):
            raise RuleBroken(
                _(
                    "%(person)s may not approve documents of “%(unit)s”: choose somebody else, or ask an administrator for a role that allows it."
                )
                % {"person": approver.person, "unit": document.unit},
                field="rows_approver",
            )


def _check_named(document: Document) -> None:
    """What other records name is read by their readers, who would find its title there all the same."""
    if document.confidentiality != Document.Confidentiality.RESTRICTED:
        return
    for relation in document._meta.related_objects:
        if relation.related_model._meta.app_label == document._meta.app_label:
            continue
        naming = relation.related_model._default_manager.filter(**{relation.field.name: document}).first()
        if naming is not None:
            raise RuleBroken(
                _("It cannot be restricted while “%(record)s” names it: take it out there first.")
                % {"record": naming},
                field="confidentiality",
            )


def refuse_restricted(documents: Iterable[Document], *, field: str) -> None:
    """For records of other parts whose readers would learn the titles of documents that are hidden from them."""
    hidden = [one for one in documents if one.confidentiality == Document.Confidentiality.RESTRICTED]
    if hidden:
        raise RuleBroken(
            _("“%(document)s” is restricted: whoever reads this would learn of it.")
            % {"document": hidden[0]},
            field=field,
        )


def prepare_version(version: DocumentVersion, *, by: Any) -> None:
    """Numbers follow each other without gaps, counted while the document is locked."""
    document = Document.objects.select_for_update().get(pk=version.document_id)
    if document.state == Document.State.RETIRED:
        raise RuleBroken(_("“%(document)s” is retired: it gets no new versions.") % {"document": document})
    if version.pk is None:
        last = document.versions.aggregate(last=Max("number"))["last"]
        version.number = (last or 0) + 1
    elif DocumentVersion.objects.only("document").get(pk=version.pk).document_id != document.pk:
        raise RuleBroken(_("A version stays with its document."), field="document")
    if len(version.text) > MOST_LETTERS:
        raise RuleBroken(
            _("The text has %(count)s characters; at most %(most)s are shown. Write it as two documents.")
            % {"count": number(len(version.text)), "most": number(MOST_LETTERS)},
            field="text",
        )
    if version.text.strip() and version.file:
        raise RuleBroken(_("Give a text or a file, not both."), field="file")
    if version.question.strip():
        _check_question(version)
    version.text_digest = text_digest(version.text)


def _check_question(version: DocumentVersion) -> None:
    wrong = rules.lines(version.wrong_answers)
    if not version.right_answer.strip():
        raise RuleBroken(_("Write the right answer to the check question."), field="right_answer")
    if not wrong:
        raise RuleBroken(_("Write at least one wrong answer to the check question."), field="wrong_answers")
    if any(rules.same_answer(answer, version.right_answer) for answer in wrong):
        raise RuleBroken(_("The right answer also stands among the wrong ones."), field="wrong_answers")


def version_saved(version: DocumentVersion, *, by: Any) -> None:
    """Nothing follows from a draft."""


def text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


@transition(
    DocumentVersion,
    source=[State.DRAFT],
    target=State.RETIRED,
    label=gettext_lazy("Discard"),
    verb=access.EDIT,
    note=True,
    icon="archive",
    help=gettext_lazy("The draft goes no further. Its number stays taken, so that none is missing."),
)
def discard(version: DocumentVersion, *, by: Any) -> None:
    version.keep_until = kept_until(version.document, timezone.localdate())
