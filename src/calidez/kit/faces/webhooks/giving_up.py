"""An endpoint that fails for days is turned off, and those who look after it are told."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.core.following import following
from calidez.kit.desk.notifications import When, kind, notify
from calidez.kit.faces.webhooks.models import WebhookEndpoint

TURNED_OFF = kind(
    "webhook_turned_off",
    label=gettext_lazy("Webhooks that were turned off"),
    why=gettext_lazy("You look after the webhooks of a unit."),
    mail=When.AT_ONCE,
)


def turn_off(endpoint: WebhookEndpoint) -> None:
    """Nobody did it, so nobody's permission is asked; those who look after it are told."""
    with transaction.atomic():
        if (
            WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk).state
            != WebhookEndpoint.State.ACTIVE
        ):
            return
        with following(endpoint, "turn_off", by=None) as it:
            it.state = WebhookEndpoint.State.OFF
        for person in get_user_model().objects.filter(is_active=True).iterator():
            if may_edit(endpoint, person):
                notify(
                    person,
                    TURNED_OFF,
                    text=lambda: (
                        _("The webhook “%(name)s” failed for days and was turned off.")
                        % {"name": endpoint.name}
                    ),
                    record=endpoint,
                )


def may_edit(endpoint: WebhookEndpoint, person: Any) -> bool:
    entity = catalog.of(WebhookEndpoint)
    return access.scope(person, entity.key, access.EDIT).covers(endpoint.unit.path)
