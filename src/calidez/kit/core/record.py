"""What every business record has, and the numbers by which people call them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from calidez.kit.core.registry import catalog
from calidez.kit.platform.log import LogRow


class Record(models.Model):
    """Base of all business records.

    `version` rises with each change, so two people editing at once are told instead of overwriting.
    """

    uid = models.UUIDField(_("identifier"), default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        abstract = True

    # Fields that never enter the trail: a password hash is no business of readers.
    unrecorded: ClassVar[tuple[str, ...]] = ()

    def get_absolute_url(self) -> str:
        return catalog.of(type(self)).url(self)


class Sequence(models.Model):
    """The last number given per code pattern; taken under lock, so numbers have no gaps."""

    key = models.CharField(max_length=80, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key}: {self.last}"


# The model of a kind of record: what people keep, or what the program notes down of its own work.
RecordModel = type[Record] | type[LogRow]
