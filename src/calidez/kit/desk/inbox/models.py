"""What a person put off, handed to another, and lets their calendar read."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Snooze(models.Model):
    """One item that one person does not want to see before a day; woken, the day has come."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    until = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="kit_snooze_once")]

    def __str__(self) -> str:
        return f"{self.key} → {self.until}"


class Delegation(models.Model):
    """One item that one person handed to another: who, to whom, when, with what words, and how it ended."""

    class End(models.TextChoices):
        GIVEN_BACK = "given_back", _("Given back")
        TAKEN_BACK = "taken_back", _("Taken back")
        NOT_ALLOWED = "not_allowed", _("No longer allowed")
        OVER = "over", _("No longer waiting")

    uid = models.UUIDField(_("identifier"), default=uuid.uuid4, unique=True, editable=False)
    source = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    subject = models.CharField(max_length=60)
    subject_uid = models.UUIDField()
    giver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    receiver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=12, choices=End.choices, blank=True)
    end_note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["giver", "key"], condition=models.Q(ended_at=None), name="kit_delegation_once"
            )
        ]
        indexes = [
            models.Index(fields=["receiver"], condition=models.Q(ended_at=None), name="kit_delegation_open")
        ]

    def __str__(self) -> str:
        return f"{self.giver} → {self.receiver}: {self.key}"


class WaitingCount(models.Model):
    """How much waited for one person when it was last counted; the badge of every page shows this number."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    count = models.PositiveIntegerField()
    counted_at = models.DateTimeField(null=True)  # None: known to be out of date
    event = models.BigIntegerField()  # the trail's last one when it was counted
    asked_at = models.DateTimeField()  # by a page of this person, to a few minutes

    class Meta:
        indexes = [models.Index(fields=["asked_at"], name="kit_waiting_asked")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.count}"


class DailyMail(models.Model):
    """What one person's inbox held on one day: whether it was mailed, and what tomorrow is no longer new."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    keys: Any = models.JSONField(default=list)
    written = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="kit_daily_mail_once")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.day}"


class Reminder(models.Model):
    """When a person was last reminded of one item, and of which day: each stage is told once."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    due = models.DateField()
    on = models.DateField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "person"], name="kit_reminder_once")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.key} {self.on}"


class CalendarFeed(models.Model):
    """The secret address by which a person's calendar reads their due days; only its digest is kept."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    # What was served last, so that a calendar is told truly whether anything changed since.
    content = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.person_id)
