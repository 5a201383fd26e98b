"""Controlled documents: what holds, in which version, approved by whom and read by whom (ISO 9001, 7.5)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from calidez.kit.files.field import KeptFileField
from calidez.kit.models import Record
from calidez.people.models import Position, Unit

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


class DocumentKind(models.TextChoices):
    POLICY = "policy", pgettext_lazy("kind of document", "Policy")
    PROCEDURE = "procedure", gettext_lazy("Procedure")
    MANUAL = "manual", gettext_lazy("Manual")
    INSTRUCTION = "instruction", gettext_lazy("Work instruction")
    FORM = "form", gettext_lazy("Form")
    EXTERNAL = "external", gettext_lazy("External document")
    STANDARD = "standard", gettext_lazy("Standard sheet")


class Document(Record):
    """One controlled document through all of its versions; readers get the one in force."""

    Kind = DocumentKind

    class Confidentiality(models.TextChoices):
        OPEN = "open", pgettext_lazy("confidentiality", "Open: may be given to anybody")
        INTERNAL = "internal", pgettext_lazy("confidentiality", "Internal: stays in the organisation")
        RESTRICTED = "restricted", pgettext_lazy("confidentiality", "Restricted: only for those named")

    class Approval(models.TextChoices):
        PARALLEL = "parallel", gettext_lazy("All at once")
        SEQUENTIAL = "sequential", gettext_lazy("One after the other")

    class State(models.TextChoices):
        DRAFT = "draft", gettext_lazy("Nothing in force yet")
        IN_FORCE = "in_force", gettext_lazy("In force")
        RETIRED = "retired", gettext_lazy("Retired")

    code = models.CharField(gettext_lazy("code"), max_length=20, unique=True, editable=False)
    title = models.CharField(gettext_lazy("title"), max_length=200)
    kind = models.CharField(gettext_lazy("kind"), max_length=20, choices=Kind.choices, default=Kind.PROCEDURE)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("owner"),
        on_delete=models.PROTECT,
        related_name="documents",
        help_text=gettext_lazy("Who keeps it up to date."),
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=gettext_lazy("unit"),
        on_delete=models.PROTECT,
        related_name="documents",
        help_text=gettext_lazy("It holds in this unit and in every unit below."),
    )
    process = models.CharField(
        gettext_lazy("process"),
        max_length=200,
        blank=True,
        help_text=gettext_lazy("The process it belongs to, such as admission or complaints."),
    )
    confidentiality = models.CharField(
        gettext_lazy("confidentiality"),
        max_length=12,
        choices=Confidentiality.choices,
        default=Confidentiality.INTERNAL,
        help_text=gettext_lazy(
            "A restricted document is seen by its owner, its approvers and those who are asked to read it."
        ),
    )
    approval_order = models.CharField(
        gettext_lazy("approval"),
        max_length=12,
        choices=Approval.choices,
        default=Approval.PARALLEL,
        help_text=gettext_lazy("The approvers are named below."),
    )
    readers_positions = models.ManyToManyField(
        Position,
        verbose_name=gettext_lazy("positions that must read it"),
        blank=True,
        related_name="+",
    )
    readers_units = models.ManyToManyField(
        Unit,
        verbose_name=gettext_lazy("units that must read it"),
        blank=True,
        related_name="+",
        help_text=gettext_lazy("Everybody in these units and in those below."),
    )
    read_within = models.PositiveSmallIntegerField(
        gettext_lazy("days to read it"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=gettext_lazy("How long people have to say “read and understood”."),
    )
    readers_share = models.PositiveSmallIntegerField(
        gettext_lazy("share of readers needed before it takes effect"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=gettext_lazy(
            "In per cent. Empty: it may take effect at once, and people read it afterwards."
        ),
    )
    review_every = models.PositiveSmallIntegerField(
        gettext_lazy("months between reviews"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=gettext_lazy("Empty: it is not reviewed by the calendar."),
    )
    review_due = models.DateField(gettext_lazy("next review"), null=True, blank=True)
    retention_years = models.PositiveSmallIntegerField(
        gettext_lazy("years to keep past versions"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text=gettext_lazy(
            "Counted from the day a version stopped being in force. Empty: without an end."
        ),
    )
    current = models.ForeignKey(
        "documents.DocumentVersion",
        verbose_name=gettext_lazy("version in force"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    reminded_on = models.DateField(null=True, editable=False)
    state = models.CharField(
        gettext_lazy("state"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False
    )

    unrecorded: ClassVar[tuple[str, ...]] = ("reminded_on",)

    class Meta:
        verbose_name = gettext_lazy("document")
        verbose_name_plural = gettext_lazy("documents")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="in_force", current__isnull=False)
                | (~Q(state="in_force") & Q(current__isnull=True)),
                name="documents_in_force_has_version",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Approver(models.Model):
    """Who has to approve every version of a document; `place` says who comes first where the order matters."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="approvers")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("person"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    place = models.PositiveSmallIntegerField(gettext_lazy("order"), default=1)

    class Meta:
        verbose_name = gettext_lazy("approver")
        verbose_name_plural = gettext_lazy("approvers")
        constraints = [
            models.UniqueConstraint(
                fields=["document", "person"],
                name="documents_approver_once",
                violation_error_message=gettext_lazy("This person is already among the approvers."),
            )
        ]

    def __str__(self) -> str:
        return str(self.person)


class DocumentVersion(Record):
    """One version of a document: a text in Markdown or one file, unchangeable from its submission on."""

    class State(models.TextChoices):
        DRAFT = "draft", gettext_lazy("Draft")
        IN_REVIEW = "in_review", gettext_lazy("In review")
        APPROVED = "approved", gettext_lazy("Approved")
        EFFECTIVE = "effective", gettext_lazy("In force")
        SUPERSEDED = "superseded", gettext_lazy("Superseded")
        RETIRED = "retired", gettext_lazy("Retired")

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
    state = models.CharField(
        gettext_lazy("state"), max_length=12, choices=State.choices, default=State.DRAFT, editable=False
    )

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


class Approval(models.Model):
    """One person's say on one version: asked, decided, or void with the reason. Never changed afterwards."""

    class Decision(models.TextChoices):
        APPROVED = "approved", gettext_lazy("Approved")
        SENT_BACK = "sent_back", gettext_lazy("Sent back")

    document_version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="approvals")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="document_approvals"
    )
    place = models.PositiveSmallIntegerField(default=1)
    asked_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    note = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)
    void_at = models.DateTimeField(null=True)
    void_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = gettext_lazy("approval")
        verbose_name_plural = gettext_lazy("approvals")
        constraints = [
            models.UniqueConstraint(
                fields=["document_version", "person"],
                condition=Q(void_at__isnull=True) & ~Q(decision="sent_back"),
                name="documents_approval_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_decision_display() or '–'}"


class Acknowledgement(Record):
    """“Read and understood”: asked of one person for one version."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("acknowledgement", "To read")
        DONE = "done", gettext_lazy("Read and understood")
        VOID = "void", pgettext_lazy("acknowledgement", "No longer needed")

    document_version = models.ForeignKey(
        DocumentVersion,
        verbose_name=gettext_lazy("version"),
        on_delete=models.PROTECT,
        related_name="acknowledgements",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("person"),
        on_delete=models.PROTECT,
        related_name="acknowledgements",
    )
    asked_at = models.DateTimeField(gettext_lazy("asked"))
    due = models.DateField(gettext_lazy("due"))
    answer = models.CharField(gettext_lazy("your answer"), max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(gettext_lazy("wrong answers"), default=0, editable=False)
    done_at = models.DateTimeField(gettext_lazy("read"), null=True, editable=False)
    void_at = models.DateTimeField(null=True, editable=False)
    void_reason = models.CharField(gettext_lazy("why no longer"), max_length=300, blank=True, editable=False)
    reminded_on = models.DateField(null=True, editable=False)
    state = models.CharField(
        gettext_lazy("state"), max_length=10, choices=State.choices, default=State.ASKED, editable=False
    )

    # A right answer that somebody gave must not be what the next one copies.
    unrecorded: ClassVar[tuple[str, ...]] = ("reminded_on", "answer")

    class Meta:
        verbose_name = pgettext_lazy("of reading a document", "acknowledgement")
        verbose_name_plural = pgettext_lazy("of reading documents", "acknowledgements")
        constraints = [
            models.UniqueConstraint(
                fields=["document_version", "person"],
                condition=~Q(state="void"),
                name="documents_acknowledgement_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_at__isnull=False), name="documents_read_has_moment"
            ),
        ]
        indexes = [models.Index(fields=["person", "state", "due"], name="documents_to_read")]

    def __str__(self) -> str:
        return f"{self.document_version} · {self.person}"
