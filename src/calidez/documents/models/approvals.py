"""Who was asked to approve a version, and what they said."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from calidez.documents.models.versions import DocumentVersion


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
