"""Delivering what is in the outbox: in order, again after a growing pause, given up after three days."""

from __future__ import annotations

import datetime as dt
import random
import time

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calidez.kit.faces.webhooks import giving_up, rules
from calidez.kit.faces.webhooks.models import WebhookEndpoint, WebhookMessage
from calidez.kit.faces.webhooks.places import Allowed, networks
from calidez.kit.faces.webhooks.secrets import valid_secrets
from calidez.kit.faces.webhooks.sending import Outcome, post
from calidez.kit.faces.webhooks.signing import headers
from calidez.kit.platform.jobs import enqueue, enqueue_at, job, report_progress

State = WebhookMessage.State
KEPT = dt.timedelta(days=30)
# One endpoint may not keep the worker from other work.
LONGEST_RUN = 30.0
_chance = random.Random()  # noqa: S311 - it spreads load, it hides nothing


@job(title=_("Delivering messages of a webhook"), one_per=("endpoint",), attempts=10)
def deliver(*, endpoint: int) -> None:
    """All that is due, the oldest first; a message may arrive twice, and carries the same id then."""
    found = WebhookEndpoint.objects.filter(pk=endpoint, state=WebhookEndpoint.State.ACTIVE).first()
    if found is None:
        return
    begun = time.monotonic()
    while time.monotonic() - begun < LONGEST_RUN and not _rests(found):
        message = _due(found).order_by("id").first()
        if message is None:
            break
        report_progress(0, 0, message.event)
        outcome = send(found, message)
        _note(found, message, outcome)
        found.refresh_from_db()
        if found.state != WebhookEndpoint.State.ACTIVE:
            return
    next_at = found.messages.filter(state=State.WAITING).aggregate(first=Min("next_at"))["first"]
    if next_at is not None:
        now = timezone.now()
        enqueue_at(max(now, next_at, found.resting_until or now), deliver, endpoint=endpoint)


@job(title=_("Looking after webhooks"), every="23 * * * *")
def look_after() -> None:
    """Take up what a worker that was killed too often left lying, and drop old messages."""
    now = timezone.now()
    WebhookMessage.objects.filter(created_at__lt=now - KEPT).delete()
    due = WebhookMessage.objects.filter(
        state=State.WAITING, next_at__lte=now, endpoint__state=WebhookEndpoint.State.ACTIVE
    )
    for endpoint in due.values_list("endpoint", flat=True).distinct():
        enqueue(deliver, endpoint=endpoint)


def send(endpoint: WebhookEndpoint, message: WebhookMessage) -> Outcome:
    body = message.body.encode()
    signed = headers(str(message.uid), body, valid_secrets(endpoint), now=time.time())
    whole = {"content-type": "application/json; charset=utf-8", "user-agent": "Calidez-Webhook", **signed}
    return post(endpoint.address, body, whole, allowed=allowed())


def allowed() -> Allowed:
    return Allowed(settings.WEBHOOK_PRIVATE, networks(settings.WEBHOOK_ALLOW))


def _due(endpoint: WebhookEndpoint) -> QuerySet[WebhookMessage]:
    return endpoint.messages.filter(state=State.WAITING, next_at__lte=timezone.now())


def _rests(endpoint: WebhookEndpoint) -> bool:
    return endpoint.resting_until is not None and endpoint.resting_until > timezone.now()


def _note(endpoint: WebhookEndpoint, message: WebhookMessage, outcome: Outcome) -> None:
    """How it went, for the log; and for the endpoint, whether it answers at all."""
    now = timezone.now()
    mine = WebhookEndpoint.objects.filter(pk=endpoint.pk)
    told = {
        "attempts": F("attempts") + 1,
        "tried_at": now,
        "status": outcome.status,
        "milliseconds": outcome.milliseconds,
        "error": outcome.error,
        "answer": outcome.answer,
    }
    with transaction.atomic():
        row = WebhookMessage.objects.filter(pk=message.pk)
        if outcome.accepted:
            row.update(state=State.DELIVERED, **told)
            mine.update(failing_since=None, unanswered=0, resting_until=None)
            return
        next_at = now + rules.pause(message.attempts + 1, _chance)
        given_up = next_at > message.give_up_at
        row.update(state=State.GIVEN_UP if given_up else State.WAITING, next_at=next_at, **told)
        mine.filter(failing_since=None).update(failing_since=now)
        if outcome.status is None:
            # Nobody is there: the others need not be tried one by one, each for its ten seconds.
            rest = rules.pause(endpoint.unanswered + 1, _chance)
            mine.update(unanswered=F("unanswered") + 1, resting_until=now + min(rest, dt.timedelta(hours=1)))
        else:
            mine.update(unanswered=0, resting_until=None)
        gone = outcome.status == 410
        failing = endpoint.failing_since is not None and now - endpoint.failing_since > rules.OFF_AFTER
        if gone or failing:
            giving_up.turn_off(endpoint)
