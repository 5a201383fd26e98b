"""What happened becomes messages, in the transaction in which it happened: both are kept, or neither."""

from __future__ import annotations

import datetime as dt
import json
import time
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core.access import Scope
from calidez.kit.core.reactions import Happening
from calidez.kit.faces.webhooks import rules
from calidez.kit.faces.webhooks.models import WebhookEndpoint, WebhookMessage
from calidez.kit.faces.webhooks.work import deliver
from calidez.kit.platform.jobs import enqueue
from calidez.kit.platform.mail import absolute

TEST = "webhook.test"
# An installation without webhooks asks at most this often whether there are any.
_REMEMBERED_SECONDS = 10.0
_none_until = 0.0


def hear(happening: Happening) -> None:
    """Follows every event of the trail; where no endpoint is active it costs a look at the clock."""
    if time.monotonic() < _none_until:
        return
    endpoints = list(
        WebhookEndpoint.objects.filter(state=WebhookEndpoint.State.ACTIVE).select_related("unit")
    )
    if not endpoints:
        _remember_none()
        return
    entity = catalog.get(happening.records[0].__class__)
    if entity is None or entity.log:
        return
    kind = entity.model._meta.label_lower
    for endpoint in endpoints:
        if not rules.wants(rules.patterns(endpoint.events), kind, happening.verb):
            continue
        reached = [r for r in happening.records if _reaches(endpoint, entity.unit_path(r))]
        if reached:
            put(
                endpoint, f"{kind}.{happening.verb}", _told(entity, kind, reached, happening.by), happening.at
            )


def _told(entity: Entity, kind: str, records: Sequence[Any], by: Any) -> list[tuple[str, dict[str, Any]]]:
    """What each message says: one for each record, or a single one with their number where they are a flood."""
    actor = {"uid": str(by.uid), "name": str(by)} if by is not None else None
    if len(records) > rules.MOST_AT_ONCE:
        many = {"kind": kind, "count": len(records), "link": absolute(entity.list_url())}
        return [(f"{len(records)} × {kind}", {"record": None, "many": many, "actor": actor})]
    return [
        (
            str(record),
            {
                "record": {
                    "uid": str(record.uid),
                    "code": getattr(record, "code", "") or "",
                    "kind": kind,
                    "label": str(record),
                    "link": absolute(entity.url(record)),
                    "version": record.version,
                },
                "actor": actor,
            },
        )
        for record in records
    ]


def put(
    endpoint: WebhookEndpoint, event: str, told: Sequence[tuple[str, dict[str, Any]]], at: dt.datetime
) -> list[WebhookMessage]:
    """Write messages, each with its label and its facts, and ask for their delivery."""
    now = timezone.now()
    messages = []
    for label, facts in told:
        uid = uuid.uuid4()
        body = {"id": str(uid), "event": event, "occurred_at": at.astimezone(dt.UTC).isoformat(), **facts}
        messages.append(
            WebhookMessage(
                uid=uid,
                endpoint=endpoint,
                event=event,
                label=label[:300],
                body=json.dumps(body, ensure_ascii=False),
                created_at=now,
                next_at=now,
                give_up_at=now + rules.TRIED_FOR,
            )
        )
    with transaction.atomic():
        WebhookMessage.objects.bulk_create(messages)
        enqueue(deliver, endpoint=endpoint.pk)
    return messages


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
