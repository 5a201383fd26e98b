"""One comment on one record of any kind."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from calidez.kit.core.any_record import AnyRecord


class Comment(models.Model):
    """Plain text. Withdrawn, it leaves the page and a trace; it is never deleted."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    about = AnyRecord(db_index=False)
    text = models.TextField()
    # Where the text names people: [[start, end, uid], …].
    mentions: Any = models.JSONField(default=list)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["about", "id"], name="kit_comment_about")]

    def __str__(self) -> str:
        return self.text[:60]
