"""The declaration of webhooks, and what their page shows besides their fields."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core.lifecycle import Move
from calidez.kit.desk.panels import Custom, Fields
from calidez.kit.faces.webhooks import services
from calidez.kit.faces.webhooks.giving_up import may_edit
from calidez.kit.faces.webhooks.models import WebhookEndpoint, WebhookMessage
from calidez.kit.platform.display import Badge, Button, Place, Tone

SHOWN_MESSAGES = 100
MESSAGE_TONES = {
    WebhookMessage.State.WAITING: Tone.NEUTRAL,
    WebhookMessage.State.DELIVERED: Tone.GOOD,
    WebhookMessage.State.GIVEN_UP: Tone.BAD,
}


@dataclass(frozen=True)
class MessageLine:
    """One message as the log shows it."""

    event: str
    label: str
    state: Badge
    written: dt.datetime
    tried: dt.datetime | None
    next: dt.datetime | None
    attempts: int
    status: int | None
    milliseconds: int | None
    error: str
    answer: str
    again: Button | None


@dataclass(frozen=True)
class SecretState:
    """Whether the secret can still be shown, and until when the one before it holds."""

    seen: dt.datetime | None
    old_until: dt.datetime | None
    show_url: str
    renew_url: str


def log(endpoint: WebhookEndpoint, user: Any, request: Any) -> tuple[MessageLine, ...] | None:
    """For those who look after it: answers and names are not for everybody who may see the address."""
    if not may_edit(endpoint, user):
        return None
    messages = endpoint.messages.defer("body").order_by("-id")[:SHOWN_MESSAGES]
    return tuple(_line(endpoint, message) for message in messages)


def secret(endpoint: WebhookEndpoint, user: Any, request: Any) -> SecretState | None:
    if not may_edit(endpoint, user):
        return None
    old = endpoint.old_secret_until
    return SecretState(
        endpoint.secret_shown_at,
        old if old is not None and old > timezone.now() else None,
        reverse("kit:webhook-secret", args=[endpoint.uid, "show"]),
        reverse("kit:webhook-secret", args=[endpoint.uid, "renew"]),
    )


@catalog.register
class WebhookEndpoints(Entity):
    model = WebhookEndpoint
    slug = "webhooks"
    section = "administration"
    icon = "send"
    columns = ("name", "address", "state", "unit", "failing_since")
    filters = ("state", "unit")
    search = ("name", "address")
    ordering = ("name",)
    fields = ("name", "address", "events", "unit")
    shown = ("address", "events", "unit", "failing_since")
    prepare = services.check_endpoint
    saved = services.endpoint_saved
    steps = (services.activate, services.send_test, services.pause)
    moves = (Move("turn_off", _("fails for days"), WebhookEndpoint.State.ACTIVE, WebhookEndpoint.State.OFF),)
    panels = (
        Fields(),
        Custom("messages", _("Messages of the last 30 days"), "kit/webhooks/log.html", log),
        Custom("secret", _("Secret"), "kit/webhooks/secret_panel.html", secret, Place.RAIL),
    )
    verbs = {
        "show_secret": _("looked at the secret"),
        "new_secret": _("made a new secret"),
        "send_again": _("sent a message again"),
        "turn_off": _("turned it off after days of failures"),
    }
    help = _("Other systems that are told at once what happens here, by signed messages.")
    empty = _("No webhooks yet. Add one for each system that wants to hear what happens.")

    def proposed(self, user: Any) -> dict[str, Any]:
        return {"unit": getattr(user, "unit", None)}


def _line(endpoint: WebhookEndpoint, message: WebhookMessage) -> MessageLine:
    state = WebhookMessage.State(message.state)
    waiting = state == WebhookMessage.State.WAITING
    again = Button(
        str(_("Send again")),
        reverse("kit:webhook-again", args=[endpoint.uid, message.uid]),
        "post",
        "refresh",
    )
    return MessageLine(
        event=message.event,
        label=message.label,
        state=Badge(str(state.label), MESSAGE_TONES[state]),
        written=message.created_at,
        tried=message.tried_at,
        next=message.next_at if waiting and message.attempts else None,
        attempts=message.attempts,
        status=message.status,
        milliseconds=message.milliseconds,
        error=message.error,
        answer=message.answer,
        again=again if endpoint.state == WebhookEndpoint.State.ACTIVE else None,
    )
