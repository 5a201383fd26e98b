"""Who wants to hear what, and every message to them with how it went."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from calidez.kit.core.fields import States
from calidez.kit.core.record import Record
from calidez.kit.platform.display import Tone
from calidez.kit.platform.log import LogRow


class WebhookEndpoint(Record):
    """Another system that wants to hear what happens in a unit and below it.

    Its secret is derived and not stored: from a key kept outside the database, this row's uid and `generation`.
    """

    class State(States):
        ACTIVE = "active", _("Active"), Tone.GOOD
        PAUSED = "paused", _("Paused"), Tone.QUIET
        OFF = "off", _("Turned off after failures"), Tone.BAD

    name = models.CharField(_("name"), max_length=100, help_text=_("Which system this is."))
    address = models.CharField(
        _("address"),
        max_length=500,
        help_text=_("Where messages are sent, as https://example.org/hook. Keep secrets out of it."),
    )
    events = models.TextField(
        _("events"),
        default="*",
        help_text=_(
            "What it hears of, one event a line: a kind of record, a dot and what happened, as standard.edit. A star stands "
            "for all: standard.* is all that happens to standards, *.create is whatever is new, * is everything."
        ),
    )
    unit = models.ForeignKey(
        settings.UNIT_MODEL,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("It hears of records of this unit and of those below it."),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.ACTIVE, editable=False
    )
    generation = models.PositiveIntegerField(default=1, editable=False)
    secret_shown_at = models.DateTimeField(null=True, editable=False)
    old_secret_until = models.DateTimeField(null=True, editable=False)
    # How the sending goes; kept by the worker, no business of the trail.
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    unanswered = models.PositiveIntegerField(default=0, editable=False)
    resting_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    unrecorded: ClassVar[tuple[str, ...]] = (
        "failing_since",
        "unanswered",
        "resting_until",
        "secret_shown_at",
    )

    def __str__(self) -> str:
        return self.name


class WebhookMessage(LogRow):
    """One event for one endpoint, in the outbox from the transaction in which it happened."""

    unrecorded = ("body", "answer", "give_up_at")

    class State(States):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered"), Tone.GOOD
        GIVEN_UP = "given_up", _("Given up"), Tone.BAD

    endpoint = models.ForeignKey(
        WebhookEndpoint, verbose_name=_("webhook"), on_delete=models.CASCADE, related_name="messages"
    )
    event = models.CharField(_("event"), max_length=130)
    label = models.CharField(_("record"), max_length=300)
    body = models.TextField()
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(_("written"))
    next_at = models.DateTimeField(_("next attempt"))
    give_up_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    tried_at = models.DateTimeField(_("last attempt"), null=True)
    status = models.PositiveSmallIntegerField(_("status of the answer"), null=True)
    milliseconds = models.PositiveIntegerField(_("milliseconds"), null=True)
    error = models.TextField(_("what went wrong"), blank=True)
    answer = models.TextField(_("its answer"), blank=True)

    class Meta:
        verbose_name = _("webhook message")
        verbose_name_plural = _("webhook messages")
        indexes = [
            models.Index(fields=["endpoint", "-id"], name="kit_webhook_log"),
            models.Index(
                fields=["endpoint", "next_at"], condition=models.Q(state="waiting"), name="kit_webhook_due"
            ),
            models.Index(fields=["created_at"], name="kit_webhook_age"),
        ]

    def __str__(self) -> str:
        return self.label or self.event

    @property
    def waits(self) -> bool:
        return self.state == self.State.WAITING
