"""One row per choice."""

from __future__ import annotations

from typing import Any

from django.db import models


class Preference(models.Model):
    """`version` rises with each change: by their sum a process knows whether it is behind."""

    key = models.CharField(max_length=60, unique=True)
    value: Any = models.JSONField()
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.key
