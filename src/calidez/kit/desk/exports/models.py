"""A spreadsheet that one person asked for."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models


class ListExport(models.Model):
    """Which list, arranged how; the file lies in the data folder under the uid until it is forgotten."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    params: Any = models.JSONField(default=dict)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=120)
    rows = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    job = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.file_name
