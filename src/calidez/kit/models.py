"""What every record has, and the append-only trail of what was done to it."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


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
        from calidez.kit.catalog import catalog  # the catalog imports models

        return catalog.of(type(self)).url(self)


class Sequence(models.Model):
    """The last number given per code pattern; taken under lock, so numbers have no gaps."""

    key = models.CharField(max_length=80, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key}: {self.last}"


class AuditEvent(models.Model):
    """One thing that somebody did. Database triggers refuse to change or delete it."""

    at = models.DateTimeField(db_index=True)
    actor_uid = models.UUIDField(null=True)
    actor = models.CharField(max_length=200)
    verb = models.CharField(max_length=60)
    # A stable name, never a content-type id: ids differ between databases, and the digest must not.
    subject = models.CharField(max_length=60)
    subject_uid = models.UUIDField()
    label = models.CharField(max_length=300)
    before: Any = models.JSONField(null=True)
    after: Any = models.JSONField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject", "subject_uid", "id"], name="kit_event_subject")]

    def __str__(self) -> str:
        return f"{self.verb} {self.label}"


class AuditMention(models.Model):
    """That a record's events once named another in a field: an index of the trail, by which the thread is followed back.

    Made from the events and never read in their place, so it is not sealed.
    """

    uid = models.UUIDField()  # the record that is named
    subject = models.CharField(max_length=60)
    field = models.CharField(max_length=60)
    subject_uid = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["uid", "subject", "field", "subject_uid"], name="kit_mention_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject}.{self.field}: {self.uid}"


class AuditSeal(models.Model):
    """The link of the chain that seals one event: position, previous digest, own digest."""

    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="seal")
    position = models.PositiveBigIntegerField(unique=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.position}: {self.digest[:12]}"


from calidez.kit.api.models import ApiAnswer, ApiToken, ApiUse  # noqa: E402, F401
from calidez.kit.bulk.models import BulkOutcome, BulkRun  # noqa: E402, F401
from calidez.kit.comments.models import Comment  # noqa: E402, F401
from calidez.kit.drafts.models import Draft  # noqa: E402, F401
from calidez.kit.exports.models import ListExport  # noqa: E402, F401
from calidez.kit.files.models import Attachment  # noqa: E402, F401
from calidez.kit.inbox.models import (  # noqa: E402, F401
    CalendarFeed,
    DailyMail,
    Delegation,
    Snooze,
    WaitingCount,
)
from calidez.kit.intake.models import Intake  # noqa: E402, F401
from calidez.kit.jobs.models import Job, Schedule  # noqa: E402, F401  (Django looks for models here)
from calidez.kit.mail.models import Mail  # noqa: E402, F401
from calidez.kit.notifications.models import DailyWish, Notification, NotificationWish  # noqa: E402, F401
from calidez.kit.preferences.models import Preference  # noqa: E402, F401
from calidez.kit.search.models import (  # noqa: E402, F401
    SearchCursor,
    SearchEntry,
    SearchPosting,
    SearchTerm,
)
from calidez.kit.views.models import FirstView, SavedView  # noqa: E402, F401
from calidez.kit.webhooks.models import WebhookEndpoint, WebhookMessage  # noqa: E402, F401
