"""A document through all of its versions, and who approves each of them."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy, pgettext_lazy

from calidez.kit.core import fields
from calidez.kit.core.record import Record
from calidez.kit.platform.display import Tone
from calidez.people.models import Position, Unit, User


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

    class State(fields.States):
        DRAFT = "draft", gettext_lazy("Nothing in force yet"), Tone.QUIET
        IN_FORCE = "in_force", gettext_lazy("In force"), Tone.GOOD
        RETIRED = "retired", gettext_lazy("Retired"), Tone.QUIET

    code = fields.code()
    title = models.CharField(gettext_lazy("title"), max_length=200)
    kind = models.CharField(gettext_lazy("kind"), max_length=20, choices=Kind.choices, default=Kind.PROCEDURE)
    owner = fields.owner(User, gettext_lazy("Who keeps it up to date."), related_name="documents")
    unit = fields.place(
        Unit, gettext_lazy("It holds in this unit and in every unit below."), related_name="documents"
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
    readers_positions = fields.references(Position, gettext_lazy("positions that must read it"))
    readers_units = fields.references(
        Unit,
        gettext_lazy("units that must read it"),
        gettext_lazy("Everybody in these units and in those below."),
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
    state = fields.state(State)

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
    person = fields.reference(User, gettext_lazy("person"))
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
