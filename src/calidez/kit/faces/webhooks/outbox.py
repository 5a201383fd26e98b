"""What happened becomes messages, in the transaction in which it happened: both are kept, or neither."""

from __future__ import annotations

import datetime as dt
import json
import time
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from calidez.kit.catalog import catalog
from calidez.kit.core.access import Scope
from calidez.kit.core.events import AuditEvent
from calidez.kit.faces.webhooks import rules
from calidez.kit.faces.webhooks.models import WebhookEndpoint, WebhookMessage
from calidez.kit.faces.webhooks.work import deliver
from calidez.kit.platform.jobs import enqueue
from calidez.kit.platform.mail import absolute

TEST = "webhook.test"
# An installation without webhooks asks at most this often whether there are any.
_REMEMBERED_SECONDS = 10.0
_none_until = 0.0


def hear(record: Any, verb: str) -> None:
    """Follows every operation; where no endpoint is active it costs a look at the clock."""
    if time.monotonic() < _none_until:
        return
    endpoints = list(
        WebhookEndpoint.objects.filter(state=WebhookEndpoint.State.ACTIVE).select_related("unit")
    )
    if not endpoints:
        _remember_none()
        return
    entity = catalog.get(type(record))
    if entity is None or entity.log:
        return
    kind, path = record._meta.label_lower, entity.unit_path(record)
    wanted = [
        endpoint
        for endpoint in endpoints
        if rules.wants(rules.patterns(endpoint.events), kind, verb) and _reaches(endpoint, path)
    ]
    if not wanted:
        return
    event = AuditEvent.objects.filter(subject=kind, subject_uid=record.uid).order_by("-id").first()
    facts = {
        "record": {
            "uid": str(record.uid),
            "code": getattr(record, "code", "") or "",
            "kind": kind,
            "label": str(record),
            "link": absolute(entity.url(record)),
            "version": record.version,
        },
        "actor": {"uid": str(event.actor_uid), "name": event.actor} if event and event.actor_uid else None,
    }
    at = event.at if event else timezone.now()
    for endpoint in wanted:
        put(endpoint, f"{kind}.{verb}", str(record), facts, at)


def put(
    endpoint: WebhookEndpoint, event: str, label: str, facts: dict[str, Any], at: dt.datetime
) -> WebhookMessage:
    """Write one message and ask for its delivery."""
    uid, now = uuid.uuid4(), timezone.now()
    body = {"id": str(uid), "event": event, "occurred_at": at.astimezone(dt.UTC).isoformat(), **facts}
    with transaction.atomic():
        message = WebhookMessage.objects.create(
            uid=uid,
            endpoint=endpoint,
            event=event,
            label=label[:300],
            body=json.dumps(body, ensure_ascii=False),
            created_at=now,
            next_at=now,
            give_up_at=now + rules.TRIED_FOR,
        )
        enqueue(deliver, endpoint=endpoint.pk)
    return message


def endpoints_changed() -> None:
    """Here at once; other processes look again within ten seconds."""
    global _none_until
    _none_until = 0.0


def _remember_none() -> None:
    global _none_until
    _none_until = time.monotonic() + _REMEMBERED_SECONDS


def _reaches(endpoint: WebhookEndpoint, path: str | None) -> bool:
    """What belongs to no unit is heard of by those who hear of the whole organisation."""
    scope = Scope((endpoint.unit.path,))
    return scope.everywhere if path is None else scope.covers(path)
