"""What somebody was told, and how each person wants to be told."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from calidez.kit.desk.notifications.declare import When


class Notification(models.Model):
    """One thing told to one person, in the language that was theirs.

    The record is named and not related: a notification outlives no permission, and is checked again when shown.
    """

    uid = models.UUIDField(_("identifier"), default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications"
    )
    kind = models.CharField(max_length=60)
    text = models.TextField()
    url = models.CharField(max_length=500, blank=True)
    subject = models.CharField(max_length=60, blank=True)
    subject_uid = models.UUIDField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    in_app = models.BooleanField(default=True)
    waits_for_mail = models.BooleanField(default=False)  # for the next daily mail

    class Meta:
        indexes = [
            models.Index(fields=["person", "-at"], name="kit_notification_person"),
            models.Index(
                fields=["person"],
                condition=models.Q(read_at=None, in_app=True),
                name="kit_notification_unread",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class NotificationWish(models.Model):
    """How one person wants to hear of one kind; without a row, as the kind says."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    in_app = models.BooleanField(default=True)
    mail = models.CharField(max_length=10, choices=When.choices, default=When.DAILY)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="kit_notification_wish_once")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind}"


class DailyWish(models.Model):
    """On which days one person wants the daily mail; without a row, on weekdays."""

    class Days(models.TextChoices):
        WEEKDAYS = "weekdays", _("From Monday to Friday")
        ALL = "all", _("Every day")
        NONE = "none", _("Never")

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    days = models.CharField(max_length=10, choices=Days.choices, default=Days.WEEKDAYS)

    def __str__(self) -> str:
        return f"{self.person_id}: {self.days}"
