"""What people do with an endpoint."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.core.operations import operation, transition, unless
from calidez.kit.faces.webhooks import outbox, places, rules
from calidez.kit.faces.webhooks.models import WebhookEndpoint, WebhookMessage
from calidez.kit.faces.webhooks.work import allowed, deliver
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import enqueue

State = WebhookEndpoint.State


def check_endpoint(endpoint: WebhookEndpoint, *, by: Any) -> None:
    """Refuse an address where nothing would be sent, and events that never happen."""
    endpoint.address = endpoint.address.strip()
    try:
        places.check(places.read(endpoint.address), allowed())
    except places.Refused as refusal:
        raise RuleBroken(str(refusal), field="address") from None
    wanted = rules.patterns(endpoint.events)
    if not wanted:
        raise RuleBroken(_("Say at least one event; a star is all of them."), field="events")
    known = {name for entity in catalog.records() for name in (entity.key, f"{entity.part}.{entity.key}")}
    for pattern in wanted:
        kind_, dot, verb = pattern.rpartition(".")
        if pattern != rules.EVERYTHING and (not dot or not verb or kind_ not in known | {rules.EVERYTHING}):
            raise RuleBroken(
                _("“%(event)s” is no event. The kinds of record are: %(kinds)s.")
                % {"event": pattern, "kinds": ", ".join(sorted(entity.key for entity in catalog.records()))},
                field="events",
            )
    endpoint.events = "\n".join(wanted)


def endpoint_saved(endpoint: WebhookEndpoint, *, by: Any) -> None:
    outbox.endpoints_changed()
    # Another thread may have looked in the meantime and seen none yet.
    transaction.on_commit(outbox.endpoints_changed)


@transition(
    WebhookEndpoint,
    source=[State.ACTIVE],
    target=State.PAUSED,
    label=gettext_lazy("Pause"),
    verb=access.EDIT,
    icon="player-pause",
    help=gettext_lazy("It hears of nothing until it is active again; what waits already stays."),
)
def pause(endpoint: WebhookEndpoint, *, by: Any) -> None: ...


@transition(
    WebhookEndpoint,
    source=[State.PAUSED, State.OFF],
    target=State.ACTIVE,
    label=gettext_lazy("Activate"),
    verb=access.EDIT,
    primary=True,
    icon="player-play",
    after=lambda endpoint, *, by: _begin_again(endpoint, by),
)
def activate(endpoint: WebhookEndpoint, *, by: Any) -> None:
    endpoint.failing_since = endpoint.resting_until = None
    endpoint.unanswered = 0


@operation(
    WebhookEndpoint,
    label=gettext_lazy("Send a test"),
    verb=access.EDIT,
    source=[State.ACTIVE],
    icon="send",
    after=lambda endpoint, *, by: _put_test(endpoint, by),
)
def send_test(endpoint: WebhookEndpoint, *, by: Any) -> None:
    endpoint.resting_until = None


@operation(
    WebhookEndpoint,
    label=gettext_lazy("Show the secret"),
    verb=access.EDIT,
    blocked=unless(lambda endpoint: endpoint.secret_shown_at is None),
)
def show_secret(endpoint: WebhookEndpoint, *, by: Any) -> None:
    """Once: whoever comes later makes a new one."""
    endpoint.secret_shown_at = timezone.now()


@operation(WebhookEndpoint, label=gettext_lazy("Make a new secret"), verb=access.EDIT)
def new_secret(endpoint: WebhookEndpoint, *, by: Any) -> None:
    now = timezone.now()
    endpoint.generation += 1
    endpoint.secret_shown_at = now
    endpoint.old_secret_until = now + rules.OLD_SECRET_FOR


@operation(
    WebhookMessage,
    label=gettext_lazy("Send again"),
    verb=access.EDIT,
    primary=True,
    icon="refresh",
    after=lambda message, *, by: _deliver_now(message.endpoint),
)
def send_again(message: WebhookMessage, *, by: Any) -> None:
    """The very message, with the same id, so that a receiver who had it knows it again."""
    if message.endpoint.state != State.ACTIVE:
        raise RuleBroken(_("Activate the webhook first: nothing is sent to one that is paused or off."))
    now = timezone.now()
    message.state, message.attempts = WebhookMessage.State.WAITING, 0
    message.next_at, message.give_up_at = now, now + rules.TRIED_FOR


def _deliver_now(endpoint: WebhookEndpoint) -> None:
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(resting_until=None)
    enqueue(deliver, endpoint=endpoint.pk)


def _begin_again(endpoint: WebhookEndpoint, by: Any) -> None:
    endpoint_saved(endpoint, by=by)
    enqueue(deliver, endpoint=endpoint.pk)


def _put_test(endpoint: WebhookEndpoint, by: Any) -> None:
    facts = {"record": None, "actor": {"uid": str(by.uid), "name": str(by)}}
    outbox.put(endpoint, outbox.TEST, [(_("Test"), facts)], timezone.now())
