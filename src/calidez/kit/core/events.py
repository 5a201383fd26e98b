"""The tables of the audit trail: what was done, the records that it names, and the seals of its chain."""

from __future__ import annotations

from typing import Any

from django.db import models


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
    # Before it is sealed, only this tells an event of ours from one that somebody wrote into the table.
    mac = models.CharField(max_length=100, null=True, editable=False)  # noqa: DJ001 - events of 0.1.0 have none

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mac"], condition=models.Q(mac__isnull=False), name="kit_event_written_once"
            )
        ]
        indexes = [models.Index(fields=["subject", "subject_uid", "id"], name="kit_event_subject")]

    def __str__(self) -> str:
        return f"{self.verb} {self.label}"


class AuditMention(models.Model):
    """That a record's events once named another in a field: an index of the trail, by which the thread is followed back.

    Made from the events and never read in their place, so it is not sealed; what is taken away is made again at night.
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
