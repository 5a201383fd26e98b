"""Who was asked to read a version, and when they said that they had read and understood it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy, pgettext_lazy

from calidez.documents.models.versions import DocumentVersion
from calidez.kit.core import fields
from calidez.kit.core.record import Record
from calidez.kit.platform.display import Tone
from calidez.people.models import User


class Acknowledgement(Record):
    """“Read and understood”: asked of one person for one version."""

    class State(fields.States):
        ASKED = "asked", pgettext_lazy("acknowledgement", "To read"), Tone.CONCERN
        DONE = "done", gettext_lazy("Read and understood"), Tone.GOOD
        VOID = "void", pgettext_lazy("acknowledgement", "No longer needed"), Tone.QUIET

    document_version = fields.reference(
        DocumentVersion, gettext_lazy("version"), related_name="acknowledgements"
    )
    person = fields.reference(User, gettext_lazy("person"), related_name="acknowledgements")
    asked_at = models.DateTimeField(gettext_lazy("asked"))
    due = models.DateField(gettext_lazy("due"))
    answer = models.CharField(gettext_lazy("your answer"), max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(gettext_lazy("wrong answers"), default=0, editable=False)
    done_at = models.DateTimeField(gettext_lazy("read"), null=True, editable=False)
    void_at = models.DateTimeField(null=True, editable=False)
    void_reason = models.CharField(gettext_lazy("why no longer"), max_length=300, blank=True, editable=False)
    state = fields.state(State)

    # A right answer that somebody gave must not be what the next one copies.
    unrecorded: ClassVar[tuple[str, ...]] = ("answer",)

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
