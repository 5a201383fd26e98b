"""Whatever enters the trail is heard: by those who follow every kind of record, and by other systems."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.db import transaction
from django.db.models import QuerySet

from calidez.kit.catalog import Entity, catalog
from calidez.kit.conformance import World, make
from calidez.kit.core import reactions
from calidez.kit.core.events import AuditEvent
from calidez.kit.core.reactions import Happening
from calidez.kit.desk.comments.services import comment
from calidez.kit.desk.panels import TOLD_ELSEWHERE, verb_in_words
from calidez.kit.faces.webhooks import outbox, rules
from calidez.kit.faces.webhooks.models import WebhookMessage
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.kit.tests.factories import endpoint
from calidez.standards.tests.factories import second_person

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]


@pytest.fixture
def heard(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Happening]]:
    came: list[Happening] = []
    monkeypatch.setattr(rules, "MOST_AT_ONCE", 10_000)
    endpoint(world.admin, world.root, name="Hears everything")
    outbox.endpoints_changed()
    WebhookMessage.objects.all().delete()
    monkeypatch.setattr(reactions, "_everywhere", [*reactions._everywhere, came.append])
    yield came
    outbox.endpoints_changed()


def test_every_event_of_the_trail_is_heard(entity: Entity, world: World, heard: list[Happening]) -> None:
    people = (world.admin, second_person(world))
    WebhookMessage.objects.all().delete()
    heard.clear()
    before = AuditEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
    made = make(entity, world, world.south, 90)
    comment(made, "Seen.", by=world.admin)
    for step in (entity.edition, *entity.steps, *entity.steps):
        for person in people:
            with suppress(RuleBroken, NotAllowed), transaction.atomic():
                if step is not None:
                    step(made, by=person, note="Because.")
    events = AuditEvent.objects.filter(id__gt=before)
    told = Counter(events.values_list("subject", "subject_uid", "verb"))
    assert told
    came = {(r._meta.label_lower, r.uid, happening.verb) for happening in heard for r in happening.records}
    assert set(told) - came == set()
    known = {kind.model._meta.label_lower: kind for kind in catalog}
    bodies = [json.loads(body) for body in _mine().values_list("body", flat=True)]
    sent = Counter((b["event"], b["record"]["uid"]) for b in bodies if b["event"] != outbox.TEST)
    assert sent == Counter(
        {(f"{kind}.{verb}", str(uid)): count for (kind, uid, verb), count in told.items() if kind in known}
    )
    shown = {(known[kind], verb) for kind, _uid, verb in told if kind in known and verb not in TOLD_ELSEWHERE}
    bare = [(kind.key, verb) for kind, verb in shown if verb_in_words(kind, verb) == verb]
    assert bare == [], "the history would show the program's own word"


def _mine() -> QuerySet[WebhookMessage]:
    return WebhookMessage.objects.filter(endpoint__name="Hears everything")
