"""The declaration of webhooks, and what their page shows besides their fields."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core import access, cells
from calidez.kit.core.cells import Column
from calidez.kit.core.lifecycle import Move
from calidez.kit.desk.panels import Custom, Fields, History
from calidez.kit.faces.webhooks import services
from calidez.kit.faces.webhooks.giving_up import may_edit
from calidez.kit.faces.webhooks.models import WebhookEndpoint, WebhookMessage
from calidez.kit.platform.display import Empty, Header, Link, Place, Row, Table

NEWEST_MESSAGES = 20


@dataclass(frozen=True)
class SecretState:
    """Whether the secret can still be shown, and until when the one before it holds."""

    seen: dt.datetime | None
    old_until: dt.datetime | None
    show_url: str
    renew_url: str


def newest_messages(endpoint: WebhookEndpoint, user: Any, request: Any) -> Table | None:
    """For those who look after it: answers and names are not for everybody who may see the address."""
    if not may_edit(endpoint, user):
        return None
    entity = catalog.of(WebhookMessage)
    names = ("label", "event", "state", "created_at", "error")
    rows = (
        Row(entity.url(message), tuple(cells.cell_of(entity, message, name) for name in names), str(message))
        for message in endpoint.messages.defer("body", "answer").order_by("-id")[:NEWEST_MESSAGES]
    )
    return Table(
        tuple(Header(cells.column_label(entity, name)) for name in names),
        tuple(rows),
        empty=Empty(str(_("No messages yet. Send a test to see whether it arrives."))),
        more=Link(str(_("All messages")), f"{entity.list_url()}?endpoint={endpoint.uid}"),
    )


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
        Custom("messages", _("Newest messages"), "kit/panels/table.html", newest_messages),
        Custom("secret", _("Secret"), "kit/webhooks/secret_panel.html", secret, Place.RAIL),
    )
    verbs = {
        "show_secret": _("looked at the secret"),
        "new_secret": _("made a new secret"),
        "turn_off": _("turned it off after days of failures"),
    }
    help = _("Other systems that are told at once what happens here, by signed messages.")
    empty = _("No webhooks yet. Add one for each system that wants to hear what happens.")

    def proposed(self, user: Any) -> dict[str, Any]:
        return {"unit": getattr(user, "unit", None)}


@catalog.register
class WebhookMessages(Entity):
    """Every message of the last 30 days and how it went, for those who look after the webhook."""

    model = WebhookMessage  # type: ignore[assignment]  # a row of the log, not a record
    slug = "webhook-messages"
    section = "administration"
    icon = "mail"
    scope = "endpoint__unit"
    log = True
    creatable = False
    editable = False
    columns = ("label", "event", "endpoint", "state", "created_at", "attempts", "status", "error")
    filters = ("state", "endpoint", "created_at")
    search = ("label", "event")
    shown = (
        *("event", "endpoint", "created_at", "tried_at"),
        Column("next_at", _("Next attempt"), lambda message: message.next_at if message.waits else None),
        *("attempts", "status", "milliseconds", "error"),
    )
    panels = (
        Fields(filled=True),
        Custom(
            "answer",
            _("Its answer"),
            "kit/panels/technical.html",
            lambda message, user, request: message.answer or None,
        ),
    )
    closing = (History(),)
    steps = (services.send_again,)
    help = _("What other systems were told in the last 30 days, and whether it arrived.")
    empty = _("No messages yet. Send a test to see whether it arrives.")

    def granted(self, user: Any, verb: str) -> access.Scope:
        """Whoever may change a webhook may read what it sent, and nobody else."""
        if verb not in {access.VIEW, access.EXPORT, access.EDIT}:
            return access.Scope()
        return access.scope(user, catalog.of(WebhookEndpoint).key, access.EDIT)

    def renews(self, record: Any) -> bool:
        return bool(record.waits)
