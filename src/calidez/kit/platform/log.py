"""What the program itself writes down in great numbers: jobs, schedules, messages to other systems."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class LogRow(models.Model):
    """A row that people read and no form writes: it has no version to compare, and its fields are right as they are."""

    uid = models.UUIDField(_("identifier"), default=uuid.uuid4, unique=True, editable=False)
    version = 1
    unrecorded: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Nothing to check, and a job that this version of the program does not know must still be called off."""
