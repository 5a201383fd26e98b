"""One version of a document: what people wrote, approved and read."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.documents.models.documents import Document, DocumentKind
from calidez.kit.core import fields
from calidez.kit.core.record import Record
from calidez.kit.platform.display import Tone
from calidez.kit.platform.kept_files.field import KeptFileField

# What a version may be as a file: what people print, read and fill in.
FILE_KINDS = {
    "application/pdf": "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
}


def only_documents(file: Any) -> None:
    """Asked of a file when it comes; what is kept already was let in once."""
    if not file._committed and file.media_type not in FILE_KINDS:
        raise ValidationError(
            _("“%(name)s” is no PDF, DOCX or XLSX: save it as one of them, or write the text here.")
            % {"name": file.called}
        )


class DocumentVersion(Record):
    """One version of a document: a text in Markdown or one file, unchangeable from its submission on."""

    class State(fields.States):
        DRAFT = "draft", gettext_lazy("Draft"), Tone.QUIET
        IN_REVIEW = "in_review", gettext_lazy("In review")
        APPROVED = "approved", gettext_lazy("Approved")
        EFFECTIVE = "effective", gettext_lazy("In force"), Tone.GOOD
        SUPERSEDED = "superseded", gettext_lazy("Superseded"), Tone.QUIET
        RETIRED = "retired", gettext_lazy("Retired"), Tone.QUIET

    OPEN: ClassVar[tuple[str, ...]] = ("draft", "in_review", "approved")
    PAST: ClassVar[tuple[str, ...]] = ("superseded", "retired")

    document = models.ForeignKey(
        Document, verbose_name=gettext_lazy("document"), on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(gettext_lazy("version"), editable=False)
    text = models.TextField(
        gettext_lazy("text"), blank=True, help_text=gettext_lazy("In Markdown. Or give a file instead.")
    )
    file = KeptFileField(
        gettext_lazy("file"),
        blank=True,
        validators=[only_documents],
        help_text=gettext_lazy("PDF, DOCX or XLSX, instead of the text."),
    )
    # The trail holds the digest and not the text, so that what is disposed of is gone.
    text_digest = models.CharField(
        gettext_lazy("digest of the text"), max_length=64, blank=True, editable=False
    )
    summary = models.TextField(
        gettext_lazy("what changes"),
        blank=True,
        help_text=gettext_lazy("For readers of the version before. Needed from the second version on."),
    )
    question = models.CharField(
        gettext_lazy("check question"),
        max_length=300,
        blank=True,
        help_text=gettext_lazy("Whoever says “read and understood” answers it first."),
    )
    right_answer = models.CharField(gettext_lazy("right answer"), max_length=300, blank=True)
    wrong_answers = models.TextField(
        gettext_lazy("wrong answers"), blank=True, help_text=gettext_lazy("One on each line.")
    )
    # As they were when it was submitted: a later name of the document was not approved with it.
    title = models.CharField(gettext_lazy("title"), max_length=200, blank=True, editable=False)
    kind = models.CharField(
        gettext_lazy("kind"), max_length=20, choices=DocumentKind.choices, blank=True, editable=False
    )
    submitted_at = models.DateTimeField(gettext_lazy("submitted"), null=True, editable=False)
    approved_at = models.DateTimeField(gettext_lazy("approved"), null=True, editable=False)
    approved_by = models.CharField(gettext_lazy("approved by"), max_length=500, blank=True, editable=False)
    digest = models.CharField(
        gettext_lazy("digest of what was approved"), max_length=64, blank=True, editable=False
    )
    effective_on = models.DateField(gettext_lazy("in force from"), null=True, blank=True)
    ended_on = models.DateField(gettext_lazy("in force until"), null=True, editable=False)
    keep_until = models.DateField(gettext_lazy("kept until"), null=True, editable=False)
    disposed_at = models.DateTimeField(gettext_lazy("disposed of"), null=True, editable=False)
    state = fields.state(State, max_length=12)

    # Nor the answers to the check question: whoever is asked may look into the history.
    unrecorded: ClassVar[tuple[str, ...]] = ("text", "right_answer", "wrong_answers")

    class Meta:
        verbose_name = gettext_lazy("version of a document")
        verbose_name_plural = gettext_lazy("versions of documents")
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="documents_version_number"),
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(state__in=("draft", "in_review", "approved")),
                name="documents_one_open_version",
                violation_error_message=gettext_lazy(
                    "A version of this document is already in the works: finish or discard it first."
                ),
            ),
            models.UniqueConstraint(
                fields=["document"], condition=Q(state="effective"), name="documents_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(text="") | Q(file=""),
                name="documents_text_or_file",
                violation_error_message=gettext_lazy("Give a text or a file, not both."),
            ),
            models.CheckConstraint(
                condition=Q(question="") | (~Q(right_answer="") & ~Q(wrong_answers="")),
                name="documents_question_has_answers",
                violation_error_message=gettext_lazy(
                    "A check question needs its right answer and at least one wrong one."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(state="effective") | Q(effective_on__isnull=False),
                name="documents_in_force_since",
            ),
        ]
        indexes = [models.Index(fields=["state", "effective_on"], name="documents_version_state")]

    def __str__(self) -> str:
        return _("%(document)s, version %(number)s") % {
            "document": self.title or self.document.title,
            "number": self.number,
        }

    @property
    def has_content(self) -> bool:
        return bool(self.text.strip() or self.file)
