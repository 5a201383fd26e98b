"""What measuring and loading find reaches the trail, other systems and other parts, though nobody pressed a button."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calidez import engine
from calidez.kit.catalog import catalog
from calidez.kit.core import audit, reactions
from calidez.kit.core.events import AuditEvent
from calidez.kit.desk.panels import History
from calidez.kit.faces.webhooks import outbox, rules
from calidez.kit.faces.webhooks.models import WebhookMessage
from calidez.kit.tests.factories import endpoint
from calidez.monitoring.loading.services.failing import note_failure
from calidez.monitoring.models import Import, Signal
from calidez.monitoring.services import acknowledge
from calidez.monitoring.tests import factories
from calidez.monitoring.tests.conftest import MONTHS, Network, facts, measure

pytestmark = pytest.mark.django_db
SUBJECT = "monitoring.signal"


@pytest.fixture
def ear(network: Network) -> Iterator[None]:
    """Somebody listens to everything."""
    outbox.endpoints_changed()
    endpoint(network.world.admin, network.root)
    WebhookMessage.objects.all().delete()
    yield
    outbox.endpoints_changed()


def bodies() -> list[dict[str, Any]]:
    return [json.loads(body) for body in WebhookMessage.objects.order_by("id").values_list("body", flat=True)]


def verbs_of(signal: Signal) -> list[str]:
    return [event.verb for event in reversed(audit.history(signal))]


def test_signals_reach_the_trail_and_other_systems(network: Network, ear: None, english: None) -> None:
    Signal.objects.all().delete()
    measure(network.version, facts())
    found = Signal.objects.order_by("pk")
    assert 0 < len(found) <= rules.MOST_AT_ONCE
    assert [verbs_of(signal)[-1] for signal in found] == ["create"] * len(found)
    heard = bodies()
    assert {body["event"] for body in heard} == {"monitoring.signal.create"}
    assert [body["record"]["uid"] for body in heard] == [str(signal.uid) for signal in found]
    assert {body["actor"] for body in heard} == {None}
    shown = History().build(catalog.of(Signal), found[0], network.world.admin).content.entries[0]
    assert (shown.actor, shown.verb) == ("Calidez", "appeared in the data")


def test_what_the_data_no_longer_show_is_told(network: Network, ear: None) -> None:
    seen, left = Signal.objects.filter(rule="beyond_limits").order_by("pk")[:2]
    acknowledge(seen, by=network.world.admin, note="A strike.")
    WebhookMessage.objects.all().delete()
    measure(network.version, facts(MONTHS - 1))
    seen.refresh_from_db()
    assert (seen.holds, verbs_of(seen)) == (False, ["create", "acknowledge", "end"])
    assert not Signal.objects.filter(pk=left.pk).exists()
    assert verbs_of(left) == ["create", "delete"]
    told = {(body["event"], body["record"]["uid"]) for body in bodies()}
    assert ("monitoring.signal.end", str(seen.uid)) in told
    assert ("monitoring.signal.delete", str(left.uid)) in told
    WebhookMessage.objects.all().delete()
    measure(network.version, facts())
    assert verbs_of(seen) == ["create", "acknowledge", "end", "return"]
    assert audit.history(seen, limit=1)[0].after["holds"] is True


def test_measuring_the_same_again_tells_nothing(network: Network, ear: None) -> None:
    before = AuditEvent.objects.count()
    measure(network.version, facts())
    assert (AuditEvent.objects.count(), bodies()) == (before, [])


def test_a_flood_is_one_message(network: Network, ear: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_AT_ONCE", 1)
    Signal.objects.all().delete()
    measure(network.version, facts())
    [body] = bodies()
    assert (body["event"], body["record"]) == ("monitoring.signal.create", None)
    assert body["many"]["count"] == Signal.objects.count()
    assert body["many"]["link"].endswith("/signals/")


def test_more_signals_cost_no_more_statements(network: Network) -> None:
    def statements(months: int) -> tuple[int, int]:
        Signal.objects.all().delete()
        with CaptureQueriesContext(connection) as captured:
            measure(network.version, facts(months))
        return len(captured), Signal.objects.count()

    (few, one), (many, more) = statements(MONTHS), statements(MONTHS + 12)
    assert (one, more) != (0, 0)
    assert many <= few + 1


def test_a_failed_load_is_heard(network: Network, ear: None, monkeypatch: pytest.MonkeyPatch) -> None:
    came: list[tuple[Any, str]] = []
    listening = [lambda item, verb: came.append((item.pk, verb))]
    monkeypatch.setitem(reactions._reactions, "monitoring.import", listening)
    item = factories.import_(network.world, network.root, 1)
    Import.objects.filter(pk=item.pk).update(state=Import.State.LOADING)
    note_failure(item, engine.EngineError("disk_full"), network.world.admin)
    item.refresh_from_db()
    assert (item.state, item.report["error"]["code"]) == (Import.State.FAILED, "disk_full")
    assert came == [(item.pk, "failed")]
    [body] = bodies()
    assert (body["event"], body["record"]["uid"]) == ("monitoring.import.failed", str(item.uid))
    assert body["actor"]["name"] == str(network.world.admin)
