"""The outbox: one row per mail to send; once sent, only the envelope stays."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mail(models.Model):
    """One mail to one address. `key` names what must be written once only, such as the daily mail of a day."""

    uid = models.UUIDField(_("identifier"), default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001  (NULL never equals NULL)
    to = models.EmailField(max_length=254)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    headers: Any = models.JSONField(default=dict)
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["sent_at"], name="kit_mail_sent")]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"
