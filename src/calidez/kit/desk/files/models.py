"""One file beside one record of any kind."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from calidez.kit.core.any_record import AnyRecord


class Attachment(models.Model):
    """What the file is and whence it comes; the bytes lie in the store under their digest.

    `effective_on` is the date of the evidence (of the certificate, the photograph, the minutes), which is seldom the
    day of its upload. Withdrawn, it leaves the list with a reason; the bytes stay as long as records are kept.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    about = AnyRecord(db_index=False)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    effective_on = models.DateField(null=True)
    note = models.CharField(max_length=300, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_why = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["about", "id"], name="kit_attachment_about")]

    def __str__(self) -> str:
        return self.name
